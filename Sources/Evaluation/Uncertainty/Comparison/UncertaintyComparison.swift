/// Measures several uncertainties of the same answers by several metrics, with intervals and paired differences.
///
/// Groups of answers are resampled once for all scores and metrics. So the difference of two scores is that of the
/// same resamples: what both share, such as how hard the drawn questions are, cancels, and the interval of the
/// difference is narrower than those of the scores let expect. The intervals of values are those that
/// ``UncertaintyMetric/interval`` names for each metric, those of differences are quantiles of the resamples;
/// <doc:CoverageOfIntervals> says how well they keep their level.
///
/// A *p* value is two-sided, against a difference of 0, and is that of the interval: below 0.05 where the 0.95
/// interval leaves 0 out. It is not corrected for how many pairs and metrics are looked at.
public struct UncertaintyComparison: Sendable {
  /// The nominal coverage of the intervals.
  public var level: Double
  /// How many resamples are drawn.
  public var resampleCount: Int
  /// The seed of the resampling.
  public var seed: UInt64
  /// The score that all others are held against; every pair if `nil`.
  public var reference: String?

  /// Prepares a comparison.
  ///
  /// - Parameters:
  ///   - seed: The seed of the resampling.
  ///   - level: The nominal coverage of the intervals.
  ///   - resampleCount: How many resamples are drawn, at least 100.
  ///   - reference: The score that all others are held against; every pair if `nil`.
  public init(
    seed: UInt64, level: Double = 0.95, resampleCount: Int = 1000, reference: String? = nil
  ) {
    self.level = level
    self.resampleCount = resampleCount
    self.seed = seed
    self.reference = reference
  }

  /// Measures scores.
  ///
  /// - Parameters:
  ///   - scores: The scores, each with a name of its own.
  ///   - quality: The quality of the answers, higher is better.
  ///   - groups: Which answers belong together.
  ///   - metrics: The metrics; each must be able to take the quality, see ``PreparedQuality/isOf(_:)``.
  /// - Returns: A measurement for each score and metric and one for each difference. A score that is no
  ///   probability has an undefined calibration.
  /// - Throws: ``EvaluationError`` for no scores or answers, names that repeat or a reference that is none of them,
  ///   counts that disagree, numbers that are not finite, a quality that a metric does not take, fewer than 100
  ///   resamples or a level outside (0, 1).
  /// - Complexity: O((resamples + groups) · scores · metrics · *n*), metrics of pairs a factor of log *n* more.
  public func evaluate(
    _ scores: [UncertaintyScore], quality: [Double], groups: Grouping,
    metrics: [any UncertaintyMetric]
  ) throws(EvaluationError) -> UncertaintyEvaluation {
    try resample(scores, quality: quality, groups: groups, metrics: metrics)
      .evaluation(level: level, reference: reference)
  }

  /// Evaluates scores on every resample, from which intervals of any level and kind can be had.
  ///
  /// - Parameters:
  ///   - scores: The scores, each with a name of its own.
  ///   - quality: The quality of the answers, higher is better.
  ///   - groups: Which answers belong together.
  ///   - metrics: The metrics.
  /// - Returns: The metrics of the scores on the data and on the resamples.
  /// - Throws: As ``evaluate(_:quality:groups:metrics:)``.
  public func resample(
    _ scores: [UncertaintyScore], quality: [Double], groups: Grouping,
    metrics: [any UncertaintyMetric]
  ) throws(EvaluationError) -> ResampledScores {
    guard resampleCount >= 100 else {
      throw .parameterOutOfRange(
        name: "the number of resamples", value: "\(resampleCount)", allowed: "at least 100")
    }
    try Inputs.check(quality.count, "answers", groups, metric: "a comparison")
    let names = scores.map(\.name)
    guard !names.isEmpty, Set(names).count == names.count else {
      throw .parameterOutOfRange(
        name: "the list of scores", value: names.description,
        allowed: "at least one score, each with a name of its own")
    }
    for score in scores {
      try Inputs.check(score.values.count, "uncertainties", quality.count, "answers with a quality")
    }
    let prepared = try PreparedQuality(quality)
    var columns: [any MetricColumn] = []
    for metric in metrics { columns.append(try Self.column(metric, scores, prepared)) }
    var ties: [TieDiagnostics] = []
    for score in scores { ties.append(try TieDiagnostics(score.values)) }
    return ResampledScores(
      names: names, columns: columns, ties: ties, groups: groups,
      replicates: replicates(of: columns, scoreCount: scores.count, groups: groups))
  }

  private static func column<Metric: UncertaintyMetric>(
    _ metric: Metric, _ scores: [UncertaintyScore], _ quality: PreparedQuality
  ) throws(EvaluationError) -> any MetricColumn {
    try ScoreColumn(metric, scores: scores, quality: quality)
  }

  /// Every column's metric of every score on every resample; `nil` if there are too few groups.
  private func replicates(
    of columns: [any MetricColumn], scoreCount: Int, groups: Grouping
  ) -> GroupReplicates? {
    guard IntervalOutcome.refusal(for: groups) == nil else { return nil }
    let bootstrap = GroupBootstrap(groups: groups, seed: seed, resampleCount: resampleCount)
    return bootstrap.replicates(statisticCount: columns.count * scoreCount) { weights in
      columns.flatMap { $0.replicates(weights) }
    }
  }
}
