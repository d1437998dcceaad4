internal import CArrayKernels

/// The elementwise part of a step of an optimiser that keeps running moments of the gradient.
///
/// With g the gradient, m and v its moments and w the parameters,
///
///     m ← m + (g − m) · meanWeight
///     v ← v · varianceKeep + g² · varianceWeight
///     w ← w · keep − size · (m / (√v / varianceCorrection + epsilon))
///
/// Every operation rounds once, in this order and to the same bytes on any processor.
package struct AdaptiveStep: Sendable {
  private let coefficients: array_kernels_adaptive_step

  package init(
    keep: Float, size: Float, meanWeight: Float, varianceKeep: Float, varianceWeight: Float,
    varianceCorrection: Float, epsilon: Float
  ) {
    coefficients = array_kernels_adaptive_step(
      keep: keep, size: size, mean_weight: meanWeight, variance_keep: varianceKeep,
      variance_weight: varianceWeight, variance_correction: varianceCorrection, epsilon: epsilon)
  }

  /// Updates moments and parameters in place.
  ///
  /// - Precondition: All four have the same number of elements.
  package func apply(
    _ gradients: Span<Float>, parameters: inout MutableSpan<Float>,
    means: inout MutableSpan<Float>, variances: inout MutableSpan<Float>,
    form: KernelForm = .automatic
  ) {
    let count = gradients.count
    precondition(
      parameters.count == count && means.count == count && variances.count == count,
      "a gradient and its moments have their parameter's shape")
    // All four were checked to hold `count` elements, and spans for writing do not overlap.
    unsafe withUnsafePointer(to: coefficients) { step in
      unsafe gradients.withUnsafeBufferPointer { g in
        unsafe parameters.withUnsafeMutableBufferPointer { w in
          unsafe means.withUnsafeMutableBufferPointer { m in
            unsafe variances.withUnsafeMutableBufferPointer { v in
              guard let g = g.baseAddress, let w = w.baseAddress, let m = m.baseAddress,
                let v = v.baseAddress
              else { return }
              unsafe array_kernels_adaptive_step(step, count, g, w, m, v, form.isPortable)
            }
          }
        }
      }
    }
  }
}
