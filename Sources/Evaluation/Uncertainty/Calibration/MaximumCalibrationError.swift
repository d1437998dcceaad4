/// The greatest gap between confidence and accuracy among bins of equal width.
///
/// max |mean a − mean p| over the bins that hold answers. 0 is calibrated, 1 the worst. It is the gap of whichever
/// bin has the fewest answers more often than not, so it is a warning rather than an estimate.
///
/// Naeini, Cooper & Hauskrecht (2015), doi:10.1609/aaai.v29i1.9602.
public struct MaximumCalibrationError: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "maximum-calibration-error"
  /// One line of help.
  public static let summary =
    "greatest gap between confidence and accuracy among bins of equal width"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Naeini, Cooper & Hauskrecht", year: 2015,
    title: "Obtaining Well Calibrated Probabilities Using Bayesian Binning",
    link: "doi:10.1609/aaai.v29i1.9602")
  /// The name in records.
  public static let metric = "mce"
  /// Which end is the good one.
  public static let preference = Preference.lower
  /// Shares, such as 0 and 1.
  public static let quality = QualityKind.share
  /// Yes.
  public static let needsProbabilities = true
  /// None: the greatest of several gaps is biased upward by more than its own spread.
  public static let interval = UncertaintyInterval.none

  /// The bins.
  public var bins = CalibrationBins()

  /// Creates the metric with ten bins.
  public init() {}

  /// Refuses a number of bins that is none.
  ///
  /// - Parameter count: How many answers there are.
  /// - Throws: ``EvaluationError/parameterOutOfRange(name:value:allowed:)``.
  public func check(count: Int) throws(EvaluationError) { try bins.check() }

  /// Puts the answers into bins.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, which ``CalibrationBins/confidence`` reads as a probability.
  ///   - quality: The quality of the answers.
  /// - Returns: The bin of each answer.
  /// - Throws: ``EvaluationError`` for uncertainties that are no probabilities.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> CalibrationBins.Assignment { try bins.assignment(of: uncertainty) }

  /// The error of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The bin of each answer.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The gap, from 0 to 1; undefined if every answer was dropped.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: CalibrationBins.Assignment, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let gaps = bins.gaps(arrangement, quality, weights).filter { $0.weight > 0 }
    guard let greatest = gaps.map({ $0.gap / Double($0.weight) }).max() else {
      return .undefined("all \(weights.total) probabilities lie outside 0…1")
    }
    return .finite(greatest)
  }
}
