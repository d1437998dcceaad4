/// The share of ordered pairs of answers of which the more confident one is worse.
///
/// The number of pairs in the wrong order over n², after lm-polygraph. Lower is better. Ties of either kind count as
/// right, so a score that says nothing has 0; and the worst possible value is below ½ and depends on the
/// qualities. ``ConcordanceIndex`` has neither flaw. Undefined if all qualities agree.
///
/// Vashurin et al. (2025), arXiv:2406.15627.
public struct ReversedPairsProportion: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "reversed-pairs-proportion"
  /// One line of help.
  public static let summary = "share of pairs of which the more confident answer is worse"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Vashurin et al.", year: 2025,
    title:
      "Benchmarking Uncertainty Quantification Methods for Large Language Models with LM-Polygraph",
    link: "arXiv:2406.15627")
  /// The name in records.
  public static let metric = "rpp"
  /// Which end is the good one.
  public static let preference = Preference.lower
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// Creates the metric.
  public init() {}

  /// The share of weighted answers, from whole numbers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The share; undefined if all qualities agree.
  /// - Complexity: O(*n* log *m*) for *m* levels of quality.
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let pairs = PairCounts(arrangement, quality, weights)
    guard pairs.comparable > 0 else {
      return .undefined("all \(weights.total) answers have the same quality")
    }
    let count = Double(weights.total)
    return .finite(Double(pairs.discordant) / (count * count))
  }
}
