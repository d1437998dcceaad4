/// Which form of a kernel runs.
///
/// Only tests ask for one: they hold the portable form against the processor's.
package enum KernelForm: Sendable {
  /// The fastest that this processor runs.
  case automatic
  /// The one in portable C.
  case portable
  /// Of kernels that have an AVX-512 form, the AVX2 one; of others, the fastest.
  case narrow

  var isPortable: Int32 { self == .portable ? 1 : 0 }
}
