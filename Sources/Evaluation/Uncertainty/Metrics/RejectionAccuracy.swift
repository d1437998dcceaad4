/// The mean quality of the answers below 20 quantiles of the uncertainty, summed over the quantiles.
///
/// Σ dx · mean(a | u ≤ quantile_q(u)) over q = 0.1 … 1 in 20 even steps, dx = 0.9/19. The sum of the steps is
/// 20·dx = 0.947, so that is the area of answers that are all right, and not 1; the variant `normalized` divides
/// by it. Quantiles lie linearly between two uncertainties.
///
/// Farquhar et al. (2024), doi:10.1038/s41586-024-07421-0, after the released code.
public struct RejectionAccuracy: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "rejection-accuracy"
  /// One line of help.
  public static let summary =
    "mean quality below 20 quantiles of uncertainty, summed; at most 0.947"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Farquhar et al.", year: 2024,
    title: "Detecting hallucinations in large language models using semantic entropy",
    link: "doi:10.1038/s41586-024-07421-0")
  /// The reading with a maximum of 1.
  public static let variants = [
    MethodVariant(
      "normalized", summary: "the mean over the 20 quantiles, 1 for answers that are all right",
      overrides: ["isNormalized": true])
  ]
  /// The name in records.
  public static let metric = "rejection-accuracy"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)
  /// The sum of the steps, the area of answers that are all right.
  public static let maximum = Double(shares.count) * step

  /// Whether the area is divided by ``maximum``.
  public var isNormalized = false

  /// Creates the metric as released.
  public init() {}

  /// The quantiles, as NumPy's `linspace(0.1, 1, 20)` rounds them.
  private static let shares = (0..<20).map { $0 == 19 ? 1 : Double($0) * (0.9 / 19) + 0.1 }
  private static let step = shares[1] - shares[0]

  /// The answers in the order of their uncertainty, with the uncertainties that quantiles lie between.
  public struct Arrangement: Sendable {
    let order: ScoreOrder
    let uncertainty: [Double]
  }

  /// Sorts the answers.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: The quality of the answers.
  /// - Returns: The order and the uncertainties.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> Arrangement {
    Arrangement(
      order: ScoreOrder(try NonFiniteScores.refused.ordered(uncertainty)), uncertainty: uncertainty)
  }

  /// The area of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The area, in the unit of the quality.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: Arrangement, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    var next = 0
    var kept = 0
    var total = 0.0
    var area = 0.0
    // The last run that was passed: where it ended, its uncertainty and its mean quality.
    var previous = (uncertainty: 0.0, mean: 0.0)
    var start = 0
    for end in arrangement.order.ends {
      var weight = 0
      var sum = 0.0
      for place in start..<end {
        let sample = arrangement.order.samples[place]
        weight += weights.counts[sample]
        sum += Double(weights.counts[sample]) * quality.values[sample]
      }
      let uncertainty = arrangement.uncertainty[arrangement.order.samples[start]]
      start = end
      guard weight > 0 else { continue }
      let before = kept
      kept += weight
      total += sum
      let mean = total / Double(kept)
      while next < Self.shares.count {
        let position = Self.shares[next] * Double(weights.total - 1)
        let lower = Int(position)
        let upper = min(lower + 1, weights.total - 1)
        // Both order statistics are known once the run of the upper one is passed.
        guard upper < kept else { break }
        let low = lower < before ? previous.uncertainty : uncertainty
        let threshold = Self.between(low, uncertainty, position - Double(lower))
        area += Self.step * (threshold < uncertainty ? previous.mean : mean)
        next += 1
      }
      previous = (uncertainty, mean)
    }
    return .finite(isNormalized ? area / Self.maximum : area)
  }

  /// The number that lies the share `t` of the way between two, with NumPy's rounding.
  private static func between(_ low: Double, _ high: Double, _ t: Double) -> Double {
    t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t)
  }
}
