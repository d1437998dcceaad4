/// Kendall's τ_b of the uncertainty and the loss of quality.
///
/// (concordant − discordant) / √((pairs − ties of u)(pairs − ties of a)), where a pair is concordant if the better
/// answer is the less uncertain one. 1 is the same order, 0 is chance, −1 the reverse order; ties of one side alone
/// keep it from the ends. Undefined if all qualities, or all uncertainties, agree.
///
/// Kendall (1945), doi:10.1093/biomet/33.3.239.
public struct KendallTauB: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "kendall-tau-b"
  /// One line of help.
  public static let summary = "rank correlation of uncertainty with the loss of quality, by pairs"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Kendall", year: 1945, title: "The treatment of ties in ranking problems",
    link: "doi:10.1093/biomet/33.3.239")
  /// The name in records.
  public static let metric = "kendall-tau-b"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// Creates the metric.
  public init() {}

  /// 0.
  ///
  /// - Parameter quality: The quality of the answers.
  /// - Returns: The value.
  public func chance(of quality: PreparedQuality) -> Double? { 0 }

  /// The correlation of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The correlation; undefined if one side is constant.
  /// - Complexity: O(*n* log *m*) for *m* levels of quality.
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let pairs = PairCounts(arrangement, quality, weights)
    guard pairs.comparable > 0 else {
      return .undefined("all \(weights.total) answers have the same quality")
    }
    guard pairs.sameScore < pairs.all else {
      return .undefined("all \(weights.total) answers have the same uncertainty")
    }
    let scale =
      Double(pairs.comparable).squareRoot() * Double(pairs.all - pairs.sameScore).squareRoot()
    return .finite(max(-1, min(1, Double(pairs.concordant - pairs.discordant) / scale)))
  }
}
