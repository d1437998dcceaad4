/// The share of samples that are right.
///
/// Between 0 and 1. A probe whose sign is not known from training data is scored by the *folded*
/// accuracy max(a, 1 − a), between 0.5 and 1: that takes one bit from the labels, so its chance level
/// is above 0.5 and has to be measured by ``LabelPermutation``, folding inside each permutation.
public enum Accuracy {
  /// The metric's name in results.
  public static let identifier = "accuracy"
  /// The name of max(a, 1 − a) in results.
  public static let foldedIdentifier = "folded-accuracy"
  /// Which end is the good one.
  public static let preference = Preference.higher

  /// Returns whether each sample is right: its score is above the threshold exactly if its label is true.
  ///
  /// - Parameters:
  ///   - scores: One finite score a sample, higher for `true`.
  ///   - labels: One label a sample.
  ///   - threshold: The largest score that counts as `false`.
  /// - Returns: One truth value a sample.
  /// - Throws: ``EvaluationError`` for counts that disagree or a score that is not finite.
  public static func correct(
    scores: [Double], labels: [Bool], threshold: Double = 0
  ) throws(EvaluationError) -> [Bool] {
    try Inputs.check(scores.count, "scores", labels.count, "labels")
    try Inputs.checkFinite(scores, "the score")
    return zip(scores, labels).map { ($0 > threshold) == $1 }
  }

  /// Returns the share of samples that are right.
  ///
  /// - Parameter correct: Whether each sample is right.
  /// - Returns: A number between 0 and 1.
  /// - Throws: ``EvaluationError/noSamples(metric:)``.
  public static func value(correct: [Bool]) throws(EvaluationError) -> Double {
    guard !correct.isEmpty else { throw .noSamples(metric: identifier) }
    return Double(correct.count { $0 }) / Double(correct.count)
  }

  /// Returns max(a, 1 − a).
  ///
  /// - Parameter value: An accuracy or an area under the curve, between 0 and 1.
  /// - Returns: A number between 0.5 and 1.
  public static func folded(_ value: Double) -> Double { max(value, 1 - value) }

  /// Measures the accuracy with its interval by group, ``WilsonInterval``.
  ///
  /// The interval of a folded accuracy is the folded interval of the plain one; ``Interval/folded``
  /// says why that keeps its coverage.
  ///
  /// - Parameters:
  ///   - correct: Whether each sample is right.
  ///   - groups: Which samples belong together.
  ///   - folded: Whether to measure max(a, 1 − a).
  ///   - level: The nominal coverage of the interval.
  /// - Returns: The accuracy; without chance level and *p* value, which ``LabelPermutation`` gives.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree or a level outside (0, 1).
  public static func measure(
    correct: [Bool], groups: Grouping, folded: Bool = false, level: Double = 0.95
  ) throws(EvaluationError) -> Measurement {
    let outcome = try WilsonInterval.outcome(correct: correct, groups: groups, level: level)
    let value = try value(correct: correct)
    return Measurement(
      metric: folded ? foldedIdentifier : identifier,
      value: .finite(folded ? Self.folded(value) : value),
      interval: folded ? outcome.folded.interval : outcome.interval,
      sampleCount: correct.count, groupCount: groups.count, flags: outcome.flags)
  }
}
