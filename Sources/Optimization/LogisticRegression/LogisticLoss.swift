internal import RealModule

/// The logistic loss of one sample, computed without overflow or cancellation.
public enum LogisticLoss {
  /// The logistic function σ(z) = 1 / (1 + e⁻ᶻ): the probability of label 1 at a logit.
  ///
  /// - Parameter logit: z, the log-odds of label 1.
  /// - Returns: A probability in [0, 1].
  public static func probability(ofLogit logit: Double) -> Double {
    valueAndMissingProbability(margin: -logit).missing
  }

  /// The negative log-likelihood ln(1 + e⁻ᵐ) of a margin.
  ///
  /// - Parameter margin: m, the logit of label 1 for samples of label 1, its negative for label 0.
  /// - Returns: The loss in nats, in [0, ∞); ln 2 at 0.
  public static func value(margin: Double) -> Double {
    valueAndMissingProbability(margin: margin).value
  }

  /// The loss of a margin, and the probability that the right label lacks: the loss's slope, less the
  /// sign.
  static func valueAndMissingProbability(margin: Double) -> (value: Double, missing: Double) {
    let tail = Double.exp(-abs(margin))
    return (
      max(-margin, 0) + Double.log(onePlus: tail), (margin >= 0 ? tail : 1) / (1 + tail)
    )
  }

  /// The loss of a logit, as ``value(margin:)`` of its margin.
  ///
  /// - Parameters:
  ///   - logit: The log-odds of label 1.
  ///   - label: 0 or 1.
  /// - Returns: The loss in nats.
  public static func value(logit: Double, label: Int) -> Double {
    value(margin: label == 1 ? logit : -logit)
  }
}
