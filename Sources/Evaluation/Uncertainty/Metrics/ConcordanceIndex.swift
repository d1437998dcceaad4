/// The chance that of two answers of different quality the better one is the less uncertain, ties counting one half.
///
/// The area under the ROC curve for quality of any number of levels; of binary quality it is that area. 0.5 is
/// chance, 1 is perfect. Undefined if all qualities agree.
///
/// Harrell et al. (1982), doi:10.1001/jama.1982.03320430047030.
public struct ConcordanceIndex: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "concordance-index"
  /// One line of help.
  public static let summary = "chance that the better of two answers is the less uncertain one"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Harrell et al.", year: 1982, title: "Evaluating the Yield of Medical Tests",
    link: "doi:10.1001/jama.1982.03320430047030")
  /// The name in records.
  public static let metric = "c-index"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// Creates the metric.
  public init() {}

  /// One half.
  ///
  /// - Parameter quality: The quality of the answers.
  /// - Returns: The value.
  public func chance(of quality: PreparedQuality) -> Double? { 0.5 }

  /// The index of weighted answers, from whole numbers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The index; undefined if all qualities agree.
  /// - Complexity: O(*n* log *m*) for *m* levels of quality.
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let pairs = PairCounts(arrangement, quality, weights)
    guard pairs.comparable > 0 else {
      return .undefined("all \(weights.total) answers have the same quality")
    }
    return .finite(
      Double(2 * pairs.concordant + pairs.tiedScores) / Double(2 * pairs.comparable))
  }
}
