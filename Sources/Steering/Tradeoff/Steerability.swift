internal import Evaluation

/// How steadily a vector moves single samples.
///
/// The least-squares slope of a sample's logit difference, correct against wrong answer, on the multiplier; and
/// the share of samples that move the wrong way. Tan et al. (2024), arXiv 2407.12404, section 3.
public struct Steerability: Sendable, Codable, Equatable {
  /// The slope of each sample, logits per unit of the multiplier.
  public let slopes: [Double]
  /// Their mean, with its standard error by group.
  public let mean: GroupedMean
  /// The share of samples with a slope below 0.
  public let antiSteerableShare: Double

  /// Measures samples.
  ///
  /// - Parameters:
  ///   - multipliers: At least two different ones, finite.
  ///   - logitDifferences: (multiplier, sample), finite.
  ///   - groups: The group of each sample; each its own if not given.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)``.
  public init(
    multipliers: [Double], logitDifferences: [[Double]], groups: [Int]? = nil
  ) throws(SteeringError) {
    try requireFinite(multipliers, "the multipliers", unit: "position")
    try requireWidth(logitDifferences.count, multipliers.count, "the rows of logit differences")
    let ones = [Double](repeating: 1, count: multipliers.count)
    guard Set(multipliers).count >= 2,
      let weights = coefficientWeights(of: multipliers, besides: [ones])
    else {
      throw .invalidCurve(
        what: "the multipliers", place: nil, reason: "a slope needs at least 2 different ones")
    }
    let sampleCount = logitDifferences[0].count
    var slopes = [Double](repeating: 0, count: sampleCount)
    for (place, row) in logitDifferences.enumerated() {
      try requireWidth(row.count, sampleCount, "a row of logit differences")
      try requireFinite(row, "the logit differences of multiplier \(place)", unit: "sample")
      for sample in slopes.indices { slopes[sample] += weights[place] * row[sample] }
    }
    let grouping = groups.map { Grouping($0) } ?? Grouping(ungrouped: sampleCount)
    mean = try GroupedMean(of: slopes, groups: grouping)
    self.slopes = slopes
    antiSteerableShare = Double(slopes.count { $0 < 0 }) / Double(sampleCount)
  }
}
