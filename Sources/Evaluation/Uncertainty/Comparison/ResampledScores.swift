/// Several scores on the data and on every resample, by several metrics.
///
/// Made by ``UncertaintyComparison/resample(_:quality:groups:metrics:)``.
public struct ResampledScores: Sendable {
  private let names: [String]
  private let columns: [any MetricColumn]
  private let ties: [TieDiagnostics]
  private let groups: Grouping
  /// Each column's scores one after another; `nil` if there are too few groups.
  private let replicates: GroupReplicates?

  init(
    names: [String], columns: [any MetricColumn], ties: [TieDiagnostics], groups: Grouping,
    replicates: GroupReplicates?
  ) {
    self.names = names
    self.columns = columns
    self.ties = ties
    self.groups = groups
    self.replicates = replicates
  }

  /// Gives metrics and differences their intervals.
  ///
  /// - Parameters:
  ///   - level: The nominal coverage.
  ///   - ends: How the ends are found for all metrics. If `nil`, as ``UncertaintyMetric/interval`` says for values, and
  ///     by quantiles for differences, which are nearly symmetric and need no correction.
  ///   - reference: The score that all others are held against; every pair if `nil`.
  /// - Returns: A measurement for each score and metric and one for each difference.
  /// - Throws: ``EvaluationError/parameterOutOfRange(name:value:allowed:)`` for a level outside (0, 1) or a
  ///   reference that is none of the scores.
  public func evaluation(
    level: Double = 0.95, ends: BootstrapEnds? = nil, reference: String? = nil
  ) throws(EvaluationError) -> UncertaintyEvaluation {
    try IntervalOutcome.check(level: level)
    let pairs = try pairs(with: reference)
    var evaluation = UncertaintyEvaluation(entries: [], differences: [], ties: ties)
    for score in names.indices {
      for column in columns.indices {
        evaluation.entries.append(
          try entry(of: score, column: column, level: level, ends: ends))
      }
    }
    for column in columns.indices {
      for (first, second) in pairs {
        evaluation.differences.append(
          difference(of: first, from: second, column: column, level: level, ends: ends))
      }
    }
    return evaluation
  }

  private func pairs(with reference: String?) throws(EvaluationError) -> [(Int, Int)] {
    guard let reference else {
      return names.indices.flatMap { first in
        names.indices.dropFirst(first + 1).map { (first, $0) }
      }
    }
    guard let place = names.firstIndex(of: reference) else {
      throw .parameterOutOfRange(
        name: "the reference", value: "\"\(reference)\"",
        allowed: "one of \(names.joined(separator: ", "))")
    }
    return names.indices.filter { $0 != place }.map { ($0, place) }
  }

  private func entry(
    of score: Int, column: Int, level: Double, ends: BootstrapEnds?
  ) throws(EvaluationError) -> UncertaintyEvaluation.Entry {
    let metric = columns[column]
    let value = metric.estimates[score]
    var outcome = IntervalOutcome(interval: nil)
    if let estimate = value.finiteValue {
      outcome = try self.outcome(
        of: score, column: column, estimate: estimate, level: level, ends: ends)
    }
    return UncertaintyEvaluation.Entry(
      score: names[score], preference: metric.preference,
      measurement: Measurement(
        metric: metric.name, value: value, interval: outcome.interval, chance: metric.chance,
        sampleCount: groups.sampleCount, groupCount: groups.count,
        flags: outcome.flags + [ties[score].flag].compactMap { $0 }))
  }

  private func outcome(
    of score: Int, column: Int, estimate: Double, level: Double, ends: BootstrapEnds?
  ) throws(EvaluationError) -> IntervalOutcome {
    guard let replicates else {
      return IntervalOutcome.refusal(for: groups) ?? IntervalOutcome(interval: nil)
    }
    let bootstrapEnds: BootstrapEnds
    switch (ends, columns[column].interval) {
    case (.some(let ends), _), (nil, .bootstrap(let ends)): bootstrapEnds = ends
    case (nil, .areaUnderROC):
      return try columns[column].areaOutcome(of: score, groups: groups, level: level)
    case (nil, .none):
      let detail = "the bias of \(columns[column].name) is larger than its spread"
      return IntervalOutcome(interval: nil, flags: [Flag("no-interval", detail: detail)])
    }
    return replicates.outcome(
      of: column * names.count + score, estimate: estimate, level: level, ends: bootstrapEnds)
  }

  private func difference(
    of score: Int, from reference: Int, column: Int, level: Double, ends: BootstrapEnds?
  ) -> UncertaintyEvaluation.Difference {
    let metric = columns[column]
    let value: MeasuredValue
    var outcome = IntervalOutcome(interval: nil)
    var pValue: Double?
    switch (metric.estimates[score], metric.estimates[reference]) {
    case (.finite(let own), .finite(let other)):
      value = .finite(own - other)
      if let refusal = IntervalOutcome.refusal(for: groups) {
        outcome = refusal
      } else if let replicates {
        let ends = ends ?? .percentile
        let paired = replicates.difference(
          column * names.count + score, column * names.count + reference)
        outcome = paired.outcome(of: 0, estimate: own - other, level: level, ends: ends)
        if outcome.interval != nil {
          pValue = paired.pValueAgainstZero(of: 0, estimate: own - other, ends: ends)
        }
      }
    case (.finite, let missing), (let missing, _): value = missing
    }
    return UncertaintyEvaluation.Difference(
      score: names[score], reference: names[reference], preference: metric.preference,
      measurement: Measurement(
        metric: metric.name, value: value, interval: outcome.interval, pValue: pValue,
        sampleCount: groups.sampleCount, groupCount: groups.count, flags: outcome.flags))
  }
}
