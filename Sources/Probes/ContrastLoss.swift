/// How the confidence part of the contrast-consistent loss is formed.
public enum ConfidenceTerm: String, Sendable, Codable, CaseIterable {
  /// min(p⁻, p⁺)²: punishes only the answer "both are false". Burns et al. (2023), eq. 2.
  case minimum
  /// min(p⁺, p⁻, 1 − p⁺, 1 − p⁻)²: also forgives "both are true". Laurito et al. (2024).
  case symmetricMinimum = "symmetric-minimum"
}

/// The contrast-consistent loss of one pair, and its slopes in the two logits.
///
/// With p⁺ and p⁻ the probabilities given to the positive and the negative side,
///
///     loss = (p⁻ − (1 − p⁺))² + min(p⁻, p⁺)²
///
/// The first term, consistency, wants the two to add up to one; the second, confidence, wants the
/// smaller near zero. Range [0, 2]; a probe that says .4 to everything has .2, which is the best a
/// constant can do and so the baseline. Burns et al. (2023), eq. 1–3.
package struct ContrastLoss: Sendable {
  let confidenceTerm: ConfidenceTerm
  /// What labels add, for methods that learn from them.
  let labelTerm: LabelTerm?

  package init(confidenceTerm: ConfidenceTerm, labelTerm: LabelTerm? = nil) {
    self.confidenceTerm = confidenceTerm
    self.labelTerm = labelTerm
  }

  /// The loss of the pairs alone.
  var withoutLabels: ContrastLoss { ContrastLoss(confidenceTerm: confidenceTerm) }

  /// The loss of a constant probe at its best, p = .4: the minimum of 5p² − 4p + 1.
  package static let constantBaseline = 0.2

  /// The loss of one pair, without the label term, in double precision.
  package func value(positive: Double, negative: Double) -> Double {
    let inconsistency = negative - (1 - positive)
    let confidence =
      switch confidenceTerm {
      case .minimum: min(negative, positive)
      case .symmetricMinimum: min(min(positive, negative), min(1 - positive, 1 - negative))
      }
    return inconsistency * inconsistency + confidence * confidence
  }

  /// The slopes of the loss in the two logits of one pair, without the label term.
  ///
  /// Where several arguments of the minimum tie, its slope is shared equally among them, which is
  /// PyTorch's rule for two.
  @inline(always)
  package func logitSlopes<Scalar: BinaryFloatingPoint>(positive: Scalar, negative: Scalar)
    -> (positive: Scalar, negative: Scalar)
  {
    let consistency = 2 * (positive + negative - 1)
    var positiveSlope = consistency
    var negativeSlope = consistency
    switch confidenceTerm {
    case .minimum:
      let confidence = 2 * min(positive, negative)
      let share: Scalar = positive < negative ? 1 : (positive > negative ? 0 : 0.5)
      positiveSlope += confidence * share
      negativeSlope += confidence * (1 - share)
    case .symmetricMinimum:
      let least = min(min(positive, negative), min(1 - positive, 1 - negative))
      let positiveTies: Scalar = positive == least ? 1 : 0
      let negativeTies: Scalar = negative == least ? 1 : 0
      let positiveComplementTies: Scalar = 1 - positive == least ? 1 : 0
      let negativeComplementTies: Scalar = 1 - negative == least ? 1 : 0
      let tieCount =
        positiveTies + negativeTies + positiveComplementTies + negativeComplementTies
      let confidence = 2 * least / tieCount
      positiveSlope += confidence * (positiveTies - positiveComplementTies)
      negativeSlope += confidence * (negativeTies - negativeComplementTies)
    }
    return (
      positiveSlope * (positive * (1 - positive)), negativeSlope * (negative * (1 - negative))
    )
  }
}
