/// The Brier score after the best monotone calibration on the same answers.
///
/// Any score will do, for only its order counts: the probabilities are fitted to the answers by
/// ``IsotonicCalibration``, equal scores taken together, and judged on the answers they were fitted to. So the value
/// is optimistic, and lower for a score of many different values; for an honest one fit an ``IsotonicCalibration`` on
/// other answers and take ``BrierScore``. Lower is better.
///
/// As in the code released with Inv-Entropy, arXiv:2506.09684.
public struct IsotonicBrierScore: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "isotonic-brier-score"
  /// One line of help.
  public static let summary = "Brier score after isotonic calibration on the same answers"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Song et al.", year: 2025,
    title:
      "Inv-Entropy: A Fully Probabilistic Framework for Uncertainty Quantification in Language Models",
    link: "arXiv:2506.09684")
  /// The name in records.
  public static let metric = "isotonic-brier"
  /// Which end is the good one.
  public static let preference = Preference.lower
  /// Shares, such as 0 and 1.
  public static let quality = QualityKind.share
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// Creates the metric.
  public init() {}

  /// The score of weighted answers, calibrated anew for each weighting.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The mean loss, from 0 to 1.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let blocks = MonotoneBlocks(arrangement, of: quality.values, weights)
    return .finite(blocks.squaredError / Double(weights.total))
  }
}
