internal import RealModule

/// What labels add to the contrast-consistent loss of a pair: λ times a binary cross-entropy.
///
///     λ · −[t · log b + (1 − t) · log(1 − b)],   b = (p⁺ + 1 − p⁻)/2
///
/// The belief *b* is the probability that the positive side is the true one, and *t* its target, 0 or 1.
/// A cross-entropy on q = 1 − b with the label as its target is this one with the other target.
/// Logarithms are cut off at −100 and the slope's denominator at 1e-12, as in PyTorch, so that an answer
/// that is certain and wrong has a finite loss.
package struct LabelTerm: Sendable, Equatable {
  /// λ, above 0.
  package let weight: Double
  /// The target of each training pair's belief, 0 or 1.
  package let targets: [Float]

  package init(weight: Double, targets: [Float]) {
    self.weight = weight
    self.targets = targets
  }

  /// The term of one pair, in double precision.
  package func value(positive: Double, negative: Double, pair: Int) -> Double {
    let belief = (positive + (1 - negative)) / 2
    let target = Double(targets[pair])
    let logarithms = (max(Double.log(belief), -100), max(Double.log(1 - belief), -100))
    return -weight * (target * logarithms.0 + (1 - target) * logarithms.1)
  }

  /// The slopes of the term in the two logits of one pair.
  @inline(always)
  package func logitSlopes<Scalar: BinaryFloatingPoint>(
    positive: Scalar, negative: Scalar, pair: Int
  ) -> (positive: Scalar, negative: Scalar) {
    let belief = (positive + (1 - negative)) / 2
    let slope =
      Scalar(weight) * (belief - Scalar(targets[pair])) / max(belief * (1 - belief), 1e-12) / 2
    return (slope * (positive * (1 - positive)), -slope * (negative * (1 - negative)))
  }

  /// The term for the same pairs in another order.
  func selecting(_ pairs: [Int]) -> LabelTerm {
    LabelTerm(weight: weight, targets: pairs.map { targets[$0] })
  }
}
