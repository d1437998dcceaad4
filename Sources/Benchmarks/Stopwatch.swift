#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Wall and processor time from one moment on.
struct Stopwatch {
  private let start = ContinuousClock.now
  // POSIX fixes CLOCKS_PER_SEC at one million.
  private let processorStart = clock()

  /// Seconds on the wall.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Seconds of all this process's threads.
  var cpuSeconds: Double { Double(clock() - processorStart) / 1_000_000 }
}
