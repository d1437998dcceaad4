/// The median of one value a sample: of an even number of values, the mean of the middle two.
public enum Median {
  /// Returns the median of the values.
  ///
  /// - Parameter values: One finite value a sample.
  /// - Returns: Their median.
  /// - Throws: ``EvaluationError`` for no samples or a value that is not finite.
  /// - Complexity: O(*n* log *n*).
  public static func value(of values: [Double]) throws(EvaluationError) -> Double {
    guard !values.isEmpty else { throw .noSamples(metric: "a median") }
    try Inputs.checkFinite(values, "the value")
    return middle(of: values.sorted())
  }

  /// Measures the median with its interval by group, ``GroupBootstrap``.
  ///
  /// - Parameters:
  ///   - values: One finite value a sample.
  ///   - metric: The metric's name in results.
  ///   - groups: Which samples belong together.
  ///   - level: The nominal coverage of the interval.
  ///   - seed: The seed of the resampling.
  /// - Returns: The median.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree, a value that is not finite or
  ///   a level outside (0, 1).
  public static func measure(
    _ values: [Double], metric: String, groups: Grouping, level: Double = 0.95, seed: UInt64
  ) throws(EvaluationError) -> Measurement {
    try Inputs.check(values.count, "values", groups, metric: metric)
    let median = try value(of: values)
    let outcome = try GroupBootstrap(groups: groups, seed: seed).outcome(
      estimate: median, level: level
    ) { samples in samples.isEmpty ? nil : middle(of: samples.map { values[$0] }.sorted()) }
    return Measurement(
      metric: metric, value: .finite(median), interval: outcome.interval,
      sampleCount: values.count, groupCount: groups.count, flags: outcome.flags)
  }

  private static func middle(of sorted: [Double]) -> Double {
    let upper = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2
  }
}
