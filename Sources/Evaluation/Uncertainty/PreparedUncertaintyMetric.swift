internal import LinearAlgebra

/// A metric and the answers it is about, with all that does not depend on the score computed once.
///
/// The way to hold many scores against the same answers, such as those of all layers.
public struct PreparedUncertaintyMetric<Metric: UncertaintyMetric>: Sendable {
  /// The metric.
  public let metric: Metric
  /// The quality of the answers.
  public let quality: PreparedQuality
  /// What scores share where every answer counts once.
  let baseline: Metric.Baseline
  private let weights: SampleWeights

  /// Prepares a metric.
  ///
  /// - Parameters:
  ///   - metric: The metric.
  ///   - quality: The quality of the answers.
  /// - Throws: ``EvaluationError`` for a quality or a setting that the metric does not take.
  public init(_ metric: Metric, quality: PreparedQuality) throws(EvaluationError) {
    try metric.check(count: quality.count)
    try quality.check(Metric.quality, metric: metric.recordName)
    self.metric = metric
    self.quality = quality
    weights = SampleWeights(once: quality.count)
    baseline = metric.baseline(of: quality, weights: weights, previous: nil)
  }

  /// Arranges the answers by one score.
  func arrangement(of uncertainty: [Double]) throws(EvaluationError) -> Metric.Arrangement {
    try Inputs.check(uncertainty.count, "uncertainties", quality.count, "answers with a quality")
    return try metric.arrangement(of: uncertainty, quality: quality)
  }

  /// The metric of one score.
  ///
  /// - Parameter uncertainty: One number an answer, higher is worse.
  /// - Returns: The value; undefined, with the reason, for answers that have none.
  /// - Throws: ``EvaluationError`` for counts that disagree or uncertainties that the metric does not take.
  /// - Complexity: O(*n* log *n*).
  public func value(uncertainty: [Double]) throws(EvaluationError) -> MeasuredValue {
    metric.value(
      of: try arrangement(of: uncertainty), against: quality, baseline: baseline, weights: weights)
  }

  /// The metric of many scores of the same answers, on all threads.
  ///
  /// - Parameter uncertainties: The scores, each with one number an answer.
  /// - Returns: One value a score, in the same order.
  /// - Throws: As ``value(uncertainty:)``.
  public func values(
    uncertainties: [[Double]]
  ) throws(EvaluationError) -> [MeasuredValue] {
    try Parallel.map(uncertainties.count) { (place) throws(EvaluationError) in
      try value(uncertainty: uncertainties[place])
    }
  }

  /// The metric of one score where answers count more or less often.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - weights: How often each answer counts; at least one does.
  /// - Returns: The value of the list in which each answer stands as often as it counts.
  /// - Throws: As ``value(uncertainty:)``; ``EvaluationError/noSamples(metric:)`` if no answer counts.
  public func value(
    uncertainty: [Double], weights: SampleWeights
  ) throws(EvaluationError) -> MeasuredValue {
    try Inputs.check(weights.counts.count, "weights", quality.count, "answers with a quality")
    guard weights.total > 0 else { throw .noSamples(metric: metric.recordName) }
    return metric.value(
      of: try arrangement(of: uncertainty), against: quality,
      baseline: metric.baseline(of: quality, weights: weights, previous: baseline),
      weights: weights)
  }
}
