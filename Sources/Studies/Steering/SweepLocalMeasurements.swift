internal import Evaluation
internal import LinearAlgebra
internal import Steering

/// What a little of a vector does, and how steadily it acts on single prompts.
enum SweepLocalMeasurements {
  static let linearTerm = "helpfulness-slope"
  static let curvature = "helpfulness-curvature"
  static let behaviourSlope = "behaviour-slope"
  static let slopeVariance = "divergence-curvature"
  static let efficiency = "efficiency-per-divergence"
  static let steerability = "steerability"
  static let antiSteerable = "anti-steerable-share"

  /// The measurements of a sweep; those of the expansion only where that is known.
  static func all(
    of curves: SweepCurves, expansions: [LocalExpansion]?
  ) throws -> [Measurement] {
    var measurements = try steerability(of: curves)
    guard let expansions else { return measurements }
    let summary = try ExpansionSummary(of: expansions, groups: curves.groups)
    for (metric, mean) in [
      (behaviourSlope, summary.behaviourSlope), (linearTerm, summary.helpfulnessSlope),
      (curvature, summary.helpfulnessCurvature), (slopeVariance, summary.slopeVariance),
    ] {
      guard let mean else { continue }
      measurements.append(Measurement(metric: metric, mean))
    }
    measurements.append(
      Measurement(
        metric: efficiency, value: summary.efficiencyPerDivergence,
        sampleCount: expansions.count, groupCount: Grouping(curves.groups).count))
    return measurements
  }

  /// By how much the log-odds of aligned against misaligned answers rise per unit of the coefficient, and the share of
  /// prompts where they fall.
  private static func steerability(of curves: SweepCurves) throws -> [Measurement] {
    let differences = curves.coefficients.indices.map { place in
      curves.behaviour.map { prompt in
        curves.outcomes.aligned[place, prompt] - curves.outcomes.misaligned[place, prompt]
      }
    }
    guard differences.joined().allSatisfy(\.isFinite), curves.coefficients.count > 1 else {
      return []
    }
    let groups = curves.behaviour.map { curves.groups[$0] }
    let steady = try Steerability(
      multipliers: curves.coefficients, logitDifferences: differences, groups: groups)
    var share = try Accuracy.measure(
      correct: steady.slopes.map { $0 < 0 }, groups: Grouping(groups))
    share.metric = antiSteerable
    return [Measurement(metric: Self.steerability, steady.mean), share]
  }
}

extension Measurement {
  /// A mean over prompts with the test that it is 0, and its interval by Student's *t*.
  fileprivate init(metric: String, _ mean: GroupedMean, level: Double = 0.95) {
    self.init(
      metric: metric, value: .finite(mean.mean), interval: mean.interval(level: level), chance: 0,
      pValue: mean.pValue, sampleCount: mean.promptCount, groupCount: mean.groupCount)
  }
}
