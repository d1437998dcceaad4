/// One metric of several scores of the same answers, ready to be evaluated on resamples.
protocol MetricColumn: Sendable {
  /// The name in records.
  var name: String { get }
  /// Which end is the good one.
  var preference: Preference { get }
  /// How intervals are found.
  var interval: UncertaintyInterval { get }
  /// What a score that says nothing has.
  var chance: Double? { get }
  /// The metric of each score.
  var estimates: [MeasuredValue] { get }
  /// The metric of each score where answers count more or less often.
  func replicates(_ weights: SampleWeights) -> [Double?]
  /// The interval of an area under the ROC curve that needs no resamples.
  func areaOutcome(
    of score: Int, groups: Grouping, level: Double
  ) throws(EvaluationError) -> IntervalOutcome
}

/// The column of a metric.
struct ScoreColumn<Metric: UncertaintyMetric>: MetricColumn {
  private let prepared: PreparedUncertaintyMetric<Metric>
  /// The answers arranged by each score; `nil` for a score that the metric cannot be had of.
  private let arrangements: [Metric.Arrangement?]
  let estimates: [MeasuredValue]

  init(
    _ metric: Metric, scores: [UncertaintyScore], quality: PreparedQuality
  ) throws(EvaluationError) {
    let prepared = try PreparedUncertaintyMetric(metric, quality: quality)
    var arrangements: [Metric.Arrangement?] = []
    var estimates: [MeasuredValue] = []
    for score in scores {
      switch Self.arrangement(of: score, prepared) {
      case .success(let arrangement):
        arrangements.append(arrangement)
        estimates.append(
          metric.value(
            of: arrangement, against: quality, baseline: prepared.baseline,
            weights: SampleWeights(once: quality.count)))
      case .failure(.valueOutOfRange(let what, let position, let value, let allowed))
      where Metric.needsProbabilities:
        // A score of any scale stands beside others in one table; it has no calibration, and that is all.
        let error = EvaluationError.valueOutOfRange(
          what: what, position: position, value: value, allowed: allowed)
        arrangements.append(nil)
        estimates.append(.undefined(error.description))
      case .failure(let error): throw error
      }
    }
    self.prepared = prepared
    self.arrangements = arrangements
    self.estimates = estimates
  }

  private static func arrangement(
    of score: UncertaintyScore, _ prepared: PreparedUncertaintyMetric<Metric>
  ) -> Result<Metric.Arrangement, EvaluationError> {
    Result { () throws(EvaluationError) in try prepared.arrangement(of: score.values) }
  }

  var name: String { prepared.metric.recordName }
  var preference: Preference { Metric.preference }
  var interval: UncertaintyInterval { Metric.interval }
  var chance: Double? { prepared.metric.chance(of: prepared.quality) }

  func replicates(_ weights: SampleWeights) -> [Double?] {
    guard weights.total > 0 else { return [Double?](repeating: nil, count: arrangements.count) }
    let (metric, quality) = (prepared.metric, prepared.quality)
    let baseline = metric.baseline(of: quality, weights: weights, previous: prepared.baseline)
    return arrangements.map { (arrangement) in
      arrangement.flatMap {
        metric.value(of: $0, against: quality, baseline: baseline, weights: weights).finiteValue
      }
    }
  }

  func areaOutcome(
    of score: Int, groups: Grouping, level: Double
  ) throws(EvaluationError) -> IntervalOutcome {
    guard let order = arrangements[score] as? ScoreOrder else {
      return IntervalOutcome(interval: nil, flags: [.zeroVariance])
    }
    return try DeLongInterval.outcome(
      scores: order.runNumbers.map { Double(-$0) }, labels: prepared.quality.labels,
      groups: groups, level: level)
  }
}
