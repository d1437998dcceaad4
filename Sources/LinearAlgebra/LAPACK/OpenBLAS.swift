internal import CLAPACK

/// The BLAS and LAPACK that run underneath.
public enum OpenBLAS {
  /// How the library was built: version, options and core type.
  ///
  /// The corresponding OpenBLAS routine is `openblas_get_config`.
  public static var configuration: String {
    // The library returns a NUL-terminated string that lives as long as the process.
    guard let text = unsafe openblas_get_config() else { return "" }
    return unsafe String(cString: text)
  }

  /// The core type whose kernels run, which decides how sums round.
  ///
  /// The corresponding OpenBLAS routine is `openblas_get_corename`.
  public static var coreName: String {
    // As above.
    guard let text = unsafe openblas_get_corename() else { return "" }
    return unsafe String(cString: text)
  }

  /// The number of threads that OpenBLAS uses inside one call: always one.
  ///
  /// Plumbline's own threads work on blocks fixed by shape, so that a result has the same bytes at
  /// any thread count.
  public static var threadCount: Int {
    useOneThread()
    return Int(openblas_get_num_threads())
  }

  private static let once: Void = openblas_set_num_threads(1)

  /// Sets OpenBLAS to one thread, once; cheap to repeat.
  static func useOneThread() { once }
}
