/// The area under the curve of mean quality against the share of answers that is kept.
///
/// A_k is the mean quality of the k least uncertain answers; the points A_1 … A_n lie evenly on [0, 1] and are
/// joined by straight lines. A perfect score has the area of the quality itself in order, chance has the mean
/// quality; neither is 1 or 0.5, so areas of different answers do not compare. Ties count as the mean over their
/// orders. Undefined for one answer.
///
/// Nadeem, Zucker & Hanczar (2009), "Accuracy-rejection curves (ARCs) for comparing classification methods with a
/// reject option", PMLR 8:65–81; as in Lin, Trivedi & Sun (2024), arXiv:2305.19187.
public struct AreaUnderAccuracyRejection: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "area-under-accuracy-rejection-curve"
  /// One line of help.
  public static let summary = "mean quality of the answers kept, over all shares that may be kept"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Lin, Trivedi & Sun", year: 2024,
    title:
      "Generating with Confidence: Uncertainty Quantification for Black-box Large Language Models",
    link: "arXiv:2305.19187", locator: "section 5.1")
  /// What released packages compute.
  public static let variants = [
    MethodVariant("uq-nlg", summary: "ties in the order of the data", overrides: ["ties": "stable"])
  ]
  /// The name in records.
  public static let metric = "auarc"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// What becomes of equal uncertainties.
  public var ties = TieRule.expected

  /// Creates the metric with its exact definition.
  public init() {}

  /// The mean quality.
  ///
  /// - Parameter quality: The quality of the answers.
  /// - Returns: The value.
  public func chance(of quality: PreparedQuality) -> Double? {
    quality.values.reduce(0, +) / Double(quality.count)
  }

  /// Sorts the answers.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: The quality of the answers.
  /// - Returns: The order.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> ScoreOrder {
    ScoreOrder(try NonFiniteScores.refused.ordered(uncertainty), ties: ties)
  }

  /// The area of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The area, in the unit of the quality; undefined for one answer.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    guard weights.total > 1 else { return .undefined("a curve needs at least 2 answers") }
    let means = PrefixMeans(arrangement, of: quality.values, weights: weights)
    let ends = 0.5 * (means.leading + means.mean)
    return .finite((means.sum - ends) / Double(weights.total - 1))
  }
}
