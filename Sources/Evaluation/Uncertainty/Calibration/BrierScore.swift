/// The mean squared difference of the probability of being right and being right.
///
/// mean (p − a)². Lower is better; 0 is certainty that is always right, ¼ what a constant ½ has. A proper score:
/// no other probabilities than the true ones have a lower expectation.
///
/// Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
public struct BrierScore: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "brier-score"
  /// One line of help.
  public static let summary =
    "mean squared difference of the probability of being right and being right"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Brier", year: 1950,
    title: "Verification of forecasts expressed in terms of probability")
  /// The name in records.
  public static let metric = "brier"
  /// Which end is the good one.
  public static let preference = Preference.lower
  /// Shares, such as 0 and 1.
  public static let quality = QualityKind.share
  /// Yes.
  public static let needsProbabilities = true
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// How an uncertainty is read as a probability.
  public var confidence = ConfidenceReading.negated

  /// Creates the metric.
  public init() {}

  /// Squares the differences.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, which ``confidence`` reads as a probability.
  ///   - quality: The quality of the answers.
  /// - Returns: One loss an answer.
  /// - Throws: ``EvaluationError`` for uncertainties that are no probabilities.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> [Double] {
    zip(try confidence.probabilities(uncertainty), quality.values).map { ($0 - $1) * ($0 - $1) }
  }

  /// The score of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: One loss an answer.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The mean loss, from 0 to 1.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: [Double], against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let sum = zip(arrangement, weights.counts).reduce(0) { $0 + $1.0 * Double($1.1) }
    return .finite(sum / Double(weights.total))
  }
}
