/// Area under the receiver operating characteristic curve.
///
/// The chance that a positive sample scores above a negative one, ties counting one half. 0.5 is chance,
/// 1 is perfect; undefined for one class. The same as SciPy's `mannwhitneyu` statistic over the number
/// of pairs and as scikit-learn's `roc_auc_score`. The *folded* area is max(A, 1 − A).
///
/// Hanley & McNeil (1982), doi:10.1148/radiology.143.1.7063747.
public enum AreaUnderROC {
  /// The metric's name in results.
  public static let identifier = "auroc"
  /// The name of max(A, 1 − A) in results.
  public static let foldedIdentifier = "folded-auroc"
  /// Which end is the good one.
  public static let preference = Preference.higher

  /// Returns the area under the curve.
  ///
  /// Computed from whole numbers: the order of the samples changes nothing, and swapping the labels
  /// gives 1 − A to the last bit but one.
  ///
  /// - Parameters:
  ///   - scores: One finite score a sample, higher for `true`.
  ///   - labels: One label a sample.
  /// - Returns: A number between 0 and 1.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree, a score that is not finite or
  ///   labels that all agree.
  /// - Complexity: O(*n* log *n*).
  public static func value(
    scores: [Double], labels: [Bool]
  ) throws(EvaluationError) -> Double {
    guard !scores.isEmpty else { throw .noSamples(metric: identifier) }
    try Inputs.check(scores.count, "scores", labels.count, "labels")
    guard let area = try RankedScores(scores).area(labels: labels) else {
      throw .oneClass(metric: identifier, label: labels[0], count: labels.count)
    }
    return area
  }

  /// Measures the area with its interval by group, ``DeLongInterval``.
  ///
  /// The interval of a folded area is the folded interval of the plain one; ``Interval/folded`` says
  /// why that keeps its coverage.
  ///
  /// - Parameters:
  ///   - scores: One finite score a sample, higher for `true`.
  ///   - labels: One label a sample.
  ///   - groups: Which samples belong together.
  ///   - folded: Whether to measure max(A, 1 − A).
  ///   - level: The nominal coverage of the interval.
  /// - Returns: The area; undefined where all labels agree. Without chance level and *p* value, which
  ///   ``LabelPermutation`` gives.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree, a score that is not finite or
  ///   a level outside (0, 1).
  public static func measure(
    scores: [Double], labels: [Bool], groups: Grouping, folded: Bool = false,
    level: Double = 0.95
  ) throws(EvaluationError) -> Measurement {
    try Inputs.check(scores.count, "scores", groups, metric: identifier)
    let metric = folded ? foldedIdentifier : identifier
    let value: Double
    do {
      value = try Self.value(scores: scores, labels: labels)
    } catch .oneClass(_, let label, let count) {
      return Measurement(
        metric: metric, value: .undefined("all \(count) labels are \(label)"),
        sampleCount: count, groupCount: groups.count)
    }
    let outcome = try DeLongInterval.outcome(
      scores: scores, labels: labels, groups: groups, level: level)
    return Measurement(
      metric: metric, value: .finite(folded ? Accuracy.folded(value) : value),
      interval: folded ? outcome.folded.interval : outcome.interval,
      sampleCount: scores.count, groupCount: groups.count, flags: outcome.flags)
  }
}
