/// The mean of one value a sample, such as a loss.
public enum MeanLoss {
  /// The metric's name in results.
  public static let identifier = "loss"
  /// The name of the loss over training samples in results.
  public static let trainingIdentifier = "training-loss"
  /// Which end is the good one.
  public static let preference = Preference.lower

  /// Returns the mean of the values.
  ///
  /// - Parameter values: One finite value a sample.
  /// - Returns: Their mean.
  /// - Throws: ``EvaluationError`` for no samples or a value that is not finite.
  public static func value(of values: [Double]) throws(EvaluationError) -> Double {
    guard !values.isEmpty else { throw .noSamples(metric: identifier) }
    try Inputs.checkFinite(values, "the value")
    return values.reduce(0, +) / Double(values.count)
  }

  /// Measures the mean with its interval by group, ``GroupBootstrap``.
  ///
  /// - Parameters:
  ///   - values: One finite value a sample.
  ///   - metric: The metric's name in results.
  ///   - groups: Which samples belong together.
  ///   - level: The nominal coverage of the interval.
  ///   - seed: The seed of the resampling.
  /// - Returns: The mean.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree, a value that is not finite or
  ///   a level outside (0, 1).
  public static func measure(
    _ values: [Double], metric: String = identifier, groups: Grouping, level: Double = 0.95,
    seed: UInt64
  ) throws(EvaluationError) -> Measurement {
    try Inputs.check(values.count, "values", groups, metric: metric)
    let mean = try value(of: values)
    let outcome = try GroupBootstrap(groups: groups, seed: seed).outcomeOfMean(
      values, level: level)
    return Measurement(
      metric: metric, value: .finite(mean), interval: outcome.interval,
      sampleCount: values.count, groupCount: groups.count, flags: outcome.flags)
  }
}
