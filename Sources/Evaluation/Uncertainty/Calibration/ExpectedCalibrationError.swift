/// The mean gap between confidence and accuracy over bins of equal width.
///
/// Σ (n_b/n)·|mean a − mean p| over the bins of p, the probability that an uncertainty is read as. 0 is calibrated,
/// 1 the worst. The estimate is biased upward: calibrated probabilities have an error above 0 in any sample, about
/// √(bins/n), and an interval of it misses 0. A score can be calibrated and say nothing, as the share of right
/// answers does for every answer.
///
/// Naeini, Cooper & Hauskrecht (2015), doi:10.1609/aaai.v29i1.9602; Roelofs et al. (2022), arXiv:2012.08668, for the
/// bias.
public struct ExpectedCalibrationError: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "expected-calibration-error"
  /// One line of help.
  public static let summary = "mean gap between confidence and accuracy over bins of equal width"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Naeini, Cooper & Hauskrecht", year: 2015,
    title: "Obtaining Well Calibrated Probabilities Using Bayesian Binning",
    link: "doi:10.1609/aaai.v29i1.9602")
  /// What released packages compute.
  public static let variants = [
    MethodVariant(
      "lm-polygraph", summary: "20 bins; probabilities outside 0…1 are dropped but counted",
      overrides: ["bins": ["count": 20, "closure": "right", "outOfRange": "dropped"]]),
    MethodVariant(
      "uqlm", summary: "10 bins with their upper edges",
      overrides: ["bins": ["count": 10, "closure": "right"]]),
    MethodVariant(
      "uqac", summary: "10 bins with their lower edges, probabilities moved into 0…1",
      overrides: ["bins": ["count": 10, "closure": "left", "outOfRange": "clipped"]]),
  ]
  /// The name in records.
  public static let metric = "ece"
  /// Which end is the good one.
  public static let preference = Preference.lower
  /// Shares, such as 0 and 1.
  public static let quality = QualityKind.share
  /// Yes.
  public static let needsProbabilities = true
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

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
  /// - Returns: The error, from 0 to 1.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: CalibrationBins.Assignment, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let total = bins.gaps(arrangement, quality, weights).reduce(0) { $0 + $1.gap }
    return .finite(total / Double(weights.total))
  }
}
