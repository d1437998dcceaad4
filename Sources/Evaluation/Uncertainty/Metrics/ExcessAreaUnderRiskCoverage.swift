/// How much more risk a score leaves than the best order of the answers would.
///
/// ``AreaUnderRiskCoverage`` less that of the oracle, which keeps the best answers first. 0 is perfect; lower is
/// better. Undefined if all qualities agree.
///
/// Geifman, Uziel & El-Yaniv (2019), arXiv:1805.08206, section 3.
public struct ExcessAreaUnderRiskCoverage: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "excess-area-under-risk-coverage-curve"
  /// One line of help.
  public static let summary = "area under the risk-coverage curve less that of the best order"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Geifman, Uziel & El-Yaniv", year: 2019,
    title: "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers",
    link: "arXiv:1805.08206", locator: "section 3")
  /// The name in records.
  public static let metric = "e-aurc"
  /// Which end is the good one.
  public static let preference = Preference.lower
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// What becomes of equal uncertainties.
  public var ties = TieRule.expected

  /// Creates the metric with its exact definition.
  public init() {}

  /// The mean of the oracle's prefix means, and the width of the quality.
  public struct Baseline: Sendable {
    let oracle: Double
    let width: Double
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

  /// Computes the oracle's area.
  ///
  /// - Parameters:
  ///   - quality: The quality of the answers.
  ///   - weights: How often each answer counts.
  ///   - previous: Not used.
  /// - Returns: The area.
  /// - Complexity: O(*n*).
  public func baseline(
    of quality: PreparedQuality, weights: SampleWeights, previous: Baseline?
  ) -> Baseline {
    let (least, greatest) = quality.extremes(weights)
    let means = PrefixMeans(quality.oracle, of: quality.normalized, weights: weights)
    return Baseline(oracle: means.sum / Double(weights.total), width: greatest - least)
  }

  /// The excess of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: The oracle's area.
  ///   - weights: How often each answer counts.
  /// - Returns: The excess, 0 or more but for rounding; undefined if all qualities agree.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Baseline,
    weights: SampleWeights
  ) -> MeasuredValue {
    guard baseline.width > 0 else {
      return .undefined("all \(weights.total) answers have the same quality, so risk has no scale")
    }
    let means = PrefixMeans(arrangement, of: quality.normalized, weights: weights)
    return .finite((baseline.oracle - means.sum / Double(weights.total)) / baseline.width)
  }
}
