/// The mean of the shares of right samples in the two classes.
///
/// Between 0 and 1; 0.5 for a constant prediction, whatever the class sizes. Undefined for one class.
/// The same as scikit-learn's `balanced_accuracy_score` with `adjusted=False`.
public enum BalancedAccuracy {
  /// The metric's name in results.
  public static let identifier = "balanced-accuracy"
  /// Which end is the good one.
  public static let preference = Preference.higher

  /// Returns the mean of the two classes' shares of right samples.
  ///
  /// - Parameters:
  ///   - correct: Whether each sample is right.
  ///   - labels: One label a sample.
  /// - Returns: A number between 0 and 1.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree or labels that all agree.
  public static func value(
    correct: [Bool], labels: [Bool]
  ) throws(EvaluationError) -> Double {
    guard !labels.isEmpty else { throw .noSamples(metric: identifier) }
    try Inputs.check(correct.count, "predictions", labels.count, "labels")
    guard let mean = mean(correct, labels, samples: labels.indices) else {
      throw .oneClass(metric: identifier, label: labels[0], count: labels.count)
    }
    return mean
  }

  /// Measures the balanced accuracy with its interval by group, ``GroupBootstrap``.
  ///
  /// - Parameters:
  ///   - correct: Whether each sample is right.
  ///   - labels: One label a sample.
  ///   - groups: Which samples belong together.
  ///   - level: The nominal coverage of the interval.
  ///   - seed: The seed of the resampling.
  /// - Returns: The balanced accuracy; undefined where all labels agree.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree or a level outside (0, 1).
  public static func measure(
    correct: [Bool], labels: [Bool], groups: Grouping, level: Double = 0.95, seed: UInt64
  ) throws(EvaluationError) -> Measurement {
    try Inputs.check(correct.count, "predictions", groups, metric: identifier)
    let value: Double
    do {
      value = try Self.value(correct: correct, labels: labels)
    } catch .oneClass(let metric, let label, let count) {
      return Measurement(
        metric: metric, value: .undefined("all \(count) labels are \(label)"),
        sampleCount: count, groupCount: groups.count)
    }
    let outcome = try GroupBootstrap(groups: groups, seed: seed).outcome(
      estimate: value, level: level
    ) { (samples) in mean(correct, labels, samples: samples) }
    return Measurement(
      metric: identifier, value: .finite(value), interval: outcome.interval,
      sampleCount: correct.count, groupCount: groups.count, flags: outcome.flags)
  }

  /// The mean over some of the samples; `nil` if they hold one class.
  private static func mean(
    _ correct: [Bool], _ labels: [Bool], samples: some Sequence<Int>
  ) -> Double? {
    var counts = [0, 0]
    var right = [0, 0]
    for sample in samples {
      counts[labels[sample] ? 1 : 0] += 1
      if correct[sample] { right[labels[sample] ? 1 : 0] += 1 }
    }
    guard counts[0] > 0, counts[1] > 0 else { return nil }
    return 0.5 * (Double(right[0]) / Double(counts[0]) + Double(right[1]) / Double(counts[1]))
  }
}
