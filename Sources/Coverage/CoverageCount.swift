import Plumbline

/// One kind of interval of one number, over all draws.
struct CoverageCount {
  private(set) var coveredCount = 0
  private(set) var intervalCount = 0

  mutating func note(_ interval: Interval?, truth: Double) {
    guard let interval else { return }
    intervalCount += 1
    if interval.contains(truth) { coveredCount += 1 }
  }

  /// The share of all draws whose interval held the planted value; a draw without an interval holds nothing.
  func coverage(of drawCount: Int) -> Double { Double(coveredCount) / Double(drawCount) }
}

/// What one draw gave: for each number the intervals of each kind.
struct DrawnIntervals: Sendable {
  /// The kinds of intervals, in the order of the table's columns; `nil` is the metric's own.
  static let kinds: [BootstrapEnds?] = [nil, .biasCorrectedAccelerated, .percentile]

  let estimates: [Double?]
  let intervals: [[Interval?]]

  init(_ answers: PlantedAnswers, _ design: PlantedAnswers.Design, seed: UInt64)
    throws(EvaluationError)
  {
    let resampled = try UncertaintyComparison(seed: seed).resample(
      answers.scores, quality: answers.quality, groups: answers.groups, metrics: design.metrics)
    var estimates: [Double?] = []
    var intervals: [[Interval?]] = []
    for kind in Self.kinds {
      let measurements = Self.measurements(try resampled.evaluation(ends: kind))
      estimates = measurements.map { $0.value.finiteValue }
      intervals.append(measurements.map(\.interval))
    }
    self.estimates = estimates
    self.intervals = intervals
  }

  /// The metrics of the two scores, then the differences.
  static func measurements(_ evaluation: UncertaintyEvaluation) -> [Measurement] {
    evaluation.entries.map(\.measurement) + evaluation.differences.map(\.measurement)
  }
}
