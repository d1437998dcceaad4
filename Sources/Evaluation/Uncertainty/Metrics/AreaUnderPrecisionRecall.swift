/// Which answers a detector is to find.
public enum PositiveClass: String, Sendable, Codable, CaseIterable {
  /// The right ones, by their confidence −u.
  case correct
  /// The wrong ones, by their uncertainty u.
  case error
}

/// The area under the precision–recall curve of finding right, or wrong, answers.
///
/// With the answers in the order of the score, the most positive first and equal scores taken together,
/// *step* is the average precision Σ (R_k − R_{k−1}) P_k, and *trapezoid* joins the points by straight lines from
/// (0, 1). Precision does not run straight between two points, and the trapezoid is optimistic where they are far
/// apart (Davis & Goadrich 2006, doi:10.1145/1143844.1143874). Unlike the area under the ROC curve it changes
/// with the class that is called positive and with the share of it, which is its value for a score of no worth.
/// 1 is perfect; undefined for one class.
///
/// Boyd, Eng & Page (2013), doi:10.1007/978-3-642-40994-3_29.
public struct AreaUnderPrecisionRecall: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "area-under-precision-recall-curve"
  /// One line of help.
  public static let summary = "average precision of finding right answers by confidence"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Boyd, Eng & Page", year: 2013,
    title: "Area under the precision-recall curve: point estimates and confidence intervals",
    link: "doi:10.1007/978-3-642-40994-3_29")
  /// What released packages compute.
  public static let variants = [
    MethodVariant(
      "lm-polygraph", summary: "average precision, right answers positive",
      overrides: ["interpolation": "step", "positive": "correct"]),
    MethodVariant(
      "truth-torch-lm", summary: "straight lines between the points",
      overrides: ["interpolation": "trapezoid"]),
    MethodVariant(
      "error-positive", summary: "average precision of finding wrong answers by uncertainty",
      overrides: ["positive": "error"]),
  ]
  /// The name in records.
  public static let metric = "auprc"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Right or wrong.
  public static let quality = QualityKind.binary
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// How points of the curve are joined.
  public enum Interpolation: String, Sendable, Codable, CaseIterable {
    /// By steps: the average precision.
    case step
    /// By straight lines.
    case trapezoid
  }

  /// How points of the curve are joined.
  public var interpolation = Interpolation.step
  /// Which answers are to be found.
  public var positive = PositiveClass.correct

  /// Creates the metric with its exact definition.
  public init() {}

  /// `auprc`, or `auprc-error` if wrong answers are to be found.
  public var recordName: String { positive == .correct ? Self.metric : "\(Self.metric)-error" }

  /// The share of the positive class, to which the area tends.
  ///
  /// - Parameter quality: The quality of the answers.
  /// - Returns: The value.
  public func chance(of quality: PreparedQuality) -> Double? {
    let share = quality.values.reduce(0, +) / Double(quality.count)
    return positive == .correct ? share : 1 - share
  }

  /// Sorts the answers, those that look most positive first.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: The quality of the answers.
  /// - Returns: The order.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> ScoreOrder {
    try positive.order(uncertainty)
  }

  /// The area of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers, those that look most positive first.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The area; undefined for one class.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    var (found, others) = (0, 0)
    var area = 0.0
    var precision = 1.0
    arrangement.forEachRun(quality.labels, weights) { right, wrong in
      let (gained, lost) = positive == .correct ? (right, wrong) : (wrong, right)
      found += gained
      others += lost
      let next = Double(found) / Double(found + others)
      area += Double(gained) * (interpolation == .step ? next : 0.5 * (precision + next))
      precision = next
    }
    guard found > 0, others > 0 else {
      return positive == .correct
        ? .oneClass(right: found, wrong: others) : .oneClass(right: others, wrong: found)
    }
    return .finite(area / Double(found))
  }
}

extension PositiveClass {
  /// The answers, those that look most positive first.
  func order(_ uncertainty: [Double]) throws(EvaluationError) -> ScoreOrder {
    let scores = try NonFiniteScores.refused.ordered(uncertainty)
    return ScoreOrder(self == .correct ? scores : scores.map { -$0 })
  }
}
