internal import CArrayKernels
internal import RealModule

/// What some tokens add to a softmax over logits, and to the divergences from reference logits.
///
/// Sums are relative to the largest logit, so that they cannot overflow, and those of several chunks of tokens
/// merge.
public struct SoftmaxSums: Sendable, Equatable {
  /// m, the largest logit.
  public var largest: Double
  /// Σ exp(z − m).
  public var total: Double
  /// Σ exp(z − m) (z − z₀), with the reference logits z₀.
  public var gain: Double

  /// Sums over no token.
  public init() {
    largest = -.infinity
    total = 0
    gain = 0
  }

  init(largest: Double, total: Double, gain: Double) {
    self.largest = largest
    self.total = total
    self.gain = gain
  }

  /// log Σ exp z.
  public var logarithm: Double { largest + .log(total) }
  /// The mean of z − z₀ under the softmax of z.
  public var meanGain: Double { gain / total }

  /// Adds the sums over other tokens.
  ///
  /// - Parameter other: Sums over tokens that these do not hold.
  public mutating func merge(_ other: SoftmaxSums) {
    let highest = max(largest, other.largest)
    guard highest > -.infinity else { return }
    let factors = (Double.exp(largest - highest), Double.exp(other.largest - highest))
    total = factors.0 * total + factors.1 * other.total
    gain = factors.0 * gain + factors.1 * other.gain
    largest = highest
  }
}

/// Logits that move along a line, a chunk of tokens at a time: z = scale · (base + coefficient · slope) + offset.
public struct MovingLogits: ~Escapable {
  private let base: Span<Float>
  private let slope: Span<Float>
  private let offset: Span<Float>
  private let cap: Float

  /// Logits of a chunk of tokens.
  ///
  /// - Parameters:
  ///   - base: One element a token.
  ///   - slope: As many.
  ///   - offset: As many, or none, which counts as zeros.
  ///   - cap: c of c · tanh(z/c), taken last; 0 for none.
  @_lifetime(copy base, copy slope, copy offset)
  public init(base: Span<Float>, slope: Span<Float>, offset: Span<Float>, cap: Float) {
    precondition(
      slope.count == base.count && (offset.isEmpty || offset.count == base.count),
      "\(base.count) tokens with \(slope.count) slopes and \(offset.count) offsets")
    self.base = base
    self.slope = slope
    self.offset = offset
    self.cap = cap
  }

  /// The sums at a coefficient, and the logits themselves.
  ///
  /// - Parameters:
  ///   - coefficient: How far along the slope.
  ///   - scale: Multiplies base and slope.
  ///   - reference: Reference logits z₀, one a token.
  ///   - weights: Of each token, for `loss`.
  ///   - logits: Overwritten with z.
  /// - Returns: The sums, and Σ weights · (z − z₀).
  /// - Complexity: One exponential a token; two with a cap.
  public func sums(
    coefficient: Float, scale: Float, reference: Span<Float>, weights: Span<Float>,
    logits: inout MutableSpan<Float>
  ) -> (sums: SoftmaxSums, loss: Double) {
    sums(
      coefficient: coefficient, scale: scale, reference: reference, weights: weights,
      logits: &logits, form: .automatic)
  }

  /// The same by a chosen form.
  package func sums(
    coefficient: Float, scale: Float, reference: Span<Float>, weights: Span<Float>,
    logits: inout MutableSpan<Float>, form: KernelForm
  ) -> (sums: SoftmaxSums, loss: Double) {
    let count = base.count
    precondition(
      reference.count == count && weights.count == count && logits.count >= count,
      "\(count) tokens with \(reference.count) references, \(weights.count) weights and room for "
        + "\(logits.count)")
    var result = array_kernels_softmax_sums()
    // Every span was checked to hold an element a token, and none is kept beyond the call.
    unsafe base.withUnsafeBufferPointer { base in
      unsafe slope.withUnsafeBufferPointer { slope in
        unsafe offset.withUnsafeBufferPointer { offset in
          unsafe reference.withUnsafeBufferPointer { reference in
            unsafe weights.withUnsafeBufferPointer { weights in
              unsafe logits.withUnsafeMutableBufferPointer { logits in
                guard let scratch = logits.baseAddress, count > 0 else { return }
                var softmax = unsafe array_kernels_softmax(
                  base: base.baseAddress, slope: slope.baseAddress,
                  offset: offset.isEmpty ? nil : offset.baseAddress,
                  reference: reference.baseAddress, weights: weights.baseAddress,
                  coefficient: coefficient, scale: scale, cap: cap)
                unsafe array_kernels_softmax_sums(
                  &softmax, count, scratch, &result, form.isPortable)
              }
            }
          }
        }
      }
    }
    let sums = SoftmaxSums(
      largest: count > 0 ? Double(result.largest) : -.infinity, total: result.total,
      gain: result.gain)
    return (sums, result.loss)
  }
}
