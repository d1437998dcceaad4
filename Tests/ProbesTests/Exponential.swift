#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The C library's exponential: RealModule cannot be imported beside Swift Testing's macros.
func exponential(_ value: Double) -> Double { exp(value) }

/// The C library's natural logarithm.
func logarithm(_ value: Double) -> Double { log(value) }
