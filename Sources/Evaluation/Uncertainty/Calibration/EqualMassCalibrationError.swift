/// The mean gap between confidence and accuracy over bins of equally many answers.
///
/// The answers are sorted by confidence and cut into parts as NumPy's `array_split` does: the first n mod k parts get
/// one more. Σ (n_b/n)·|mean a − mean p| over the parts. It depends less on where scores crowd than
/// ``ExpectedCalibrationError``, and has the same bias. Where a cut goes through answers of equal confidence, each
/// part gets its share of their quality, so that their order does not count.
///
/// Nixon et al. (2019), "Measuring Calibration in Deep Learning", arXiv:1904.01685.
public struct EqualMassCalibrationError: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "equal-mass-calibration-error"
  /// One line of help.
  public static let summary = "mean gap between confidence and accuracy over bins of equal size"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Nixon et al.", year: 2019, title: "Measuring Calibration in Deep Learning",
    link: "arXiv:1904.01685")
  /// The name in records.
  public static let metric = "equal-mass-ece"
  /// Which end is the good one.
  public static let preference = Preference.lower
  /// Shares, such as 0 and 1.
  public static let quality = QualityKind.share
  /// Yes.
  public static let needsProbabilities = true
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// How many bins.
  public var bins = 10
  /// What becomes of equal confidences.
  public var ties = TieRule.expected
  /// How an uncertainty is read as a probability.
  public var confidence = ConfidenceReading.negated

  /// Creates the metric with ten bins.
  public init() {}

  /// Answers in the order of their confidence.
  public struct Arrangement: Sendable {
    let order: ScoreOrder
    let probabilities: [Double]
  }

  /// Refuses a number of bins that is none.
  ///
  /// - Parameter count: How many answers there are.
  /// - Throws: ``EvaluationError/parameterOutOfRange(name:value:allowed:)``.
  public func check(count: Int) throws(EvaluationError) {
    guard bins > 0 else {
      throw .parameterOutOfRange(name: "bins", value: "\(bins)", allowed: "at least 1")
    }
  }

  /// Sorts the answers by confidence.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, which ``confidence`` reads as a probability.
  ///   - quality: The quality of the answers.
  /// - Returns: The order, the least confident first.
  /// - Throws: ``EvaluationError`` for uncertainties that are no probabilities.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> Arrangement {
    let probabilities = try confidence.probabilities(uncertainty)
    return Arrangement(order: ScoreOrder(probabilities, ties: ties), probabilities: probabilities)
  }

  /// The error of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers in the order of their confidence.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The error, from 0 to 1.
  /// - Complexity: O(*n* + bins).
  public func value(
    of arrangement: Arrangement, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let (size, longer) = weights.total.quotientAndRemainder(dividingBy: bins)
    var bin = 0
    // How many answers the open bin still takes, and its quality less its probability so far.
    var room = size + (longer > 0 ? 1 : 0)
    var (gap, total) = (0.0, 0.0)
    let samples = arrangement.order.samples
    var start = 0
    for end in arrangement.order.ends {
      var weight = 0
      var sum = 0.0
      for place in start..<end {
        weight += weights.counts[samples[place]]
        sum += Double(weights.counts[samples[place]]) * quality.values[samples[place]]
      }
      let probability = arrangement.probabilities[samples[start]]
      start = end
      guard weight > 0 else { continue }
      let each = sum / Double(weight) - probability
      while weight > 0 {
        let taken = min(weight, room)
        gap += Double(taken) * each
        weight -= taken
        room -= taken
        if room == 0 {
          total += abs(gap)
          gap = 0
          bin += 1
          room = size + (bin < longer ? 1 : 0)
        }
      }
    }
    return .finite(total / Double(weights.total))
  }
}
