/// The mean risk of the answers that are kept, over all numbers of answers that may be kept.
///
/// The risk is 1 − a for the quality scaled to 0…1; the area is the mean over k of the mean risk of the k least
/// uncertain answers. Lower is better. It is 1 minus the area of ``PredictionRejectionRatio`` with nothing held
/// back. A perfect score does not have 0, for the wrong answers are somewhere; see
/// ``ExcessAreaUnderRiskCoverage``. Ties count as the mean over their orders. Undefined if all qualities agree.
///
/// Geifman & El-Yaniv (2017), arXiv:1705.08500.
public struct AreaUnderRiskCoverage: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "area-under-risk-coverage-curve"
  /// One line of help.
  public static let summary = "mean risk of the answers kept, over all numbers that may be kept"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Geifman & El-Yaniv", year: 2017,
    title: "Selective Classification for Deep Neural Networks", link: "arXiv:1705.08500")
  /// What released packages compute.
  public static let variants = [
    MethodVariant(
      "lm-polygraph", summary: "ties in the order of the data, one half if all qualities agree",
      overrides: ["ties": "stable", "constant": "half"]),
    MethodVariant(
      "lm-polygraph-sums",
      summary: "sums of risks instead of their means, which grow with the number of answers",
      overrides: ["ties": "stable", "constant": "half", "averages": "sums"]),
  ]
  /// The name in records.
  public static let metric = "aurc"
  /// Which end is the good one.
  public static let preference = Preference.lower
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// What is averaged over the numbers of answers kept.
  public enum Averages: String, Sendable, Codable, CaseIterable {
    /// The mean risk of the answers kept.
    case means
    /// The sum of their risks.
    case sums
  }

  /// What becomes of qualities that all agree, and so have no scale.
  public enum Constant: String, Sendable, Codable, CaseIterable {
    /// There is no area.
    case undefined
    /// All risks are one half; those of nearly equal qualities are drawn together, too, as by NumPy's `isclose`.
    case half
  }

  /// What becomes of equal uncertainties.
  public var ties = TieRule.expected
  /// What is averaged.
  public var averages = Averages.means
  /// What becomes of qualities that all agree.
  public var constant = Constant.undefined

  /// Creates the metric with its exact definition.
  public init() {}

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
  /// - Returns: The area; undefined if all qualities agree, unless ``constant`` says otherwise.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let scale = QualityScale(quality, weights, joinsNearlyEqual: constant == .half)
    guard !scale.isConstant || constant == .half else {
      return .undefined("all \(weights.total) answers have the same quality, so risk has no scale")
    }
    let means = PrefixMeans(arrangement, of: quality.normalized, weights: weights)
    let count = Double(weights.total)
    switch averages {
    case .means: return .finite(1 - scale.normalized(means.sum / count))
    case .sums:
      // A sum of k risks is k less the sum of k qualities, and Σ k is n(n + 1)/2.
      let whole = 0.5 * (count + 1)
      return .finite(whole * (1 - scale.normalized(means.cumulativeSum / (whole * count))))
    }
  }
}
