internal import CArrayKernels

/// Functions of every element of a span, vectorised for the processor at hand.
///
/// The exponential reduces its argument to |r| ≤ ln 2 / 2 and uses a polynomial of degree 6, as Cephes'
/// `expf` does: within 2 ulp of the true value. The logistic function built on it is within 4 ulp from
/// −87 up, and within 4 units of the smallest subnormal below.
public enum Elementwise {
  /// Replaces every element x by its exponential.
  ///
  /// Infinite above 88.72, subnormal below −87.34, 0 below −103.97; NaN stays NaN.
  ///
  /// - Parameter values: Arguments, overwritten by results.
  public static func exponential(_ values: inout MutableSpan<Float>) {
    exponential(&values, form: .automatic)
  }

  /// Replaces every element x by the logistic function, 1 / (1 + exp(−x)).
  ///
  /// Computed from exp(−|x|), so that neither side loses digits: 1 far above, subnormal and then 0 far
  /// below. NaN stays NaN.
  ///
  /// - Parameter values: Arguments, overwritten by results.
  public static func sigmoid(_ values: inout MutableSpan<Float>) {
    sigmoid(&values, form: .automatic)
  }

  /// The exponential by a chosen form.
  package static func exponential(_ values: inout MutableSpan<Float>, form: KernelForm) {
    // The kernel reads and writes the span's elements, one after another, each before its own result.
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe array_kernels_exponential(start, start, buffer.count, form.isPortable)
    }
  }

  /// The logistic function by a chosen form.
  package static func sigmoid(_ values: inout MutableSpan<Float>, form: KernelForm) {
    // As above.
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe array_kernels_sigmoid(start, start, buffer.count, form.isPortable)
    }
  }
}
