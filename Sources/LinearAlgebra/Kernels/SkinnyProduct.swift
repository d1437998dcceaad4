internal import CArrayKernels

/// The two products of training linear probes: many samples, few weight vectors.
///
/// A general product spends its time packing when one side is this thin. Both run on the calling thread,
/// allocate nothing, and sum in an order that does not depend on how the samples are cut into blocks, so
/// that a caller may cut them by threads, or may take both products of 16 rows at a time while those are
/// in the cache, and gets the same bytes.
public enum SkinnyProduct {
  /// Computes scores[r, t] ← Σₖ samples[r, k] · weights[t, k].
  ///
  /// - Parameters:
  ///   - samples: n × d.
  ///   - weights: tries × d.
  ///   - scores: n rows of one score for each try, without gaps; overwritten.
  /// - Precondition: Widths agree, and there are n · tries scores.
  /// - Complexity: O(*n* · *d* · tries).
  public static func scores(
    of samples: MatrixView<Float>, weights: MatrixView<Float>,
    into scores: inout MutableSpan<Float>
  ) {
    self.scores(of: samples, weights: weights, into: &scores, form: .automatic)
  }

  /// Computes gradient[t, k] ← gradient[t, k] + Σᵣ residuals[r, t] · samples[r, k].
  ///
  /// The sum runs over the rows one by one, from what the gradient held.
  ///
  /// - Parameters:
  ///   - samples: n × d.
  ///   - residuals: n rows of one residual for each try, without gaps.
  ///   - gradient: One row of d for each try, without gaps.
  /// - Precondition: There are n · tries residuals for tries · d elements of the gradient.
  /// - Complexity: O(*n* · *d* · tries).
  public static func accumulateGradient(
    of samples: MatrixView<Float>, residuals: Span<Float>,
    into gradient: inout MutableSpan<Float>
  ) {
    accumulateGradient(of: samples, residuals: residuals, into: &gradient, form: .automatic)
  }

  /// The scores by a chosen form.
  package static func scores(
    of samples: MatrixView<Float>, weights: MatrixView<Float>,
    into scores: inout MutableSpan<Float>, form: KernelForm
  ) {
    let (rowCount, width, tryCount) = (samples.rowCount, samples.columnCount, weights.rowCount)
    let (sampleStride, weightStride) = (samples.rowStride, weights.rowStride)
    precondition(
      weights.columnCount == width, "weights have width \(weights.columnCount), samples \(width)")
    precondition(
      scores.count == rowCount * tryCount,
      "\(scores.count) scores for \(rowCount) samples and \(tryCount) tries")
    if width == 0 {
      for place in scores.indices { scores[place] = 0 }
    }
    // Views hold the rows that they promise, and the destination's size was checked.
    unsafe samples.elements.withUnsafeBufferPointer { x in
      unsafe weights.elements.withUnsafeBufferPointer { w in
        unsafe scores.withUnsafeMutableBufferPointer { s in
          guard let x = x.baseAddress, let w = w.baseAddress, let s = s.baseAddress else { return }
          unsafe array_kernels_skinny_scores(
            x, sampleStride, rowCount, width, w, weightStride, tryCount, s, tryCount,
            form.isPortable)
        }
      }
    }
  }

  /// The gradient by a chosen form.
  package static func accumulateGradient(
    of samples: MatrixView<Float>, residuals: Span<Float>,
    into gradient: inout MutableSpan<Float>, form: KernelForm
  ) {
    let (rowCount, width, sampleStride) = (
      samples.rowCount, samples.columnCount, samples.rowStride
    )
    guard rowCount > 0, width > 0 else { return }
    let tryCount = residuals.count / rowCount
    precondition(
      residuals.count == rowCount * tryCount, "\(residuals.count) residuals, \(rowCount) samples")
    precondition(
      gradient.count == tryCount * width,
      "\(gradient.count) gradient elements for \(tryCount) tries of width \(width)")
    // As above.
    unsafe samples.elements.withUnsafeBufferPointer { x in
      unsafe residuals.withUnsafeBufferPointer { z in
        unsafe gradient.withUnsafeMutableBufferPointer { g in
          guard let x = x.baseAddress, let z = z.baseAddress, let g = g.baseAddress else { return }
          unsafe array_kernels_skinny_gradient(
            x, sampleStride, rowCount, width, z, tryCount, tryCount, g, width, form.isPortable)
        }
      }
    }
  }
}
