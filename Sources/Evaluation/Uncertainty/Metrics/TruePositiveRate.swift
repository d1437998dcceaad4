/// The share of one class that is found while fewer than a given share of the other is taken for it.
///
/// The true positive rate at the last point of the ROC curve whose false positive rate is below the limit, points
/// being the places between different scores. Unlike most metrics here it looks at one end of the ranking only.
/// 1 is perfect, and the limit is about chance. Undefined for one class.
///
/// Released code leaves out points on straight pieces of the curve, as scikit-learn's `roc_curve` does unless told
/// otherwise, which can lose the last point below the limit where scores tie; the variant `llm-check` does so, too.
///
/// Sriramanan et al. (2024), "LLM-Check", NeurIPS 37.
public struct TruePositiveRate: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "true-positive-rate"
  /// One line of help.
  public static let summary =
    "share of right answers found while few wrong ones are taken for right"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Sriramanan et al.", year: 2024,
    title: "LLM-Check: Investigating Detection of Hallucinations in Large Language Models")
  /// What released code computes.
  public static let variants = [
    MethodVariant(
      "llm-check", summary: "without the points that scikit-learn drops from the curve",
      overrides: ["dropsIntermediatePoints": true])
  ]
  /// The name in records.
  public static let metric = "tpr-at-low-fpr"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Right or wrong.
  public static let quality = QualityKind.binary
  /// The resampling of groups, by quantiles: the rate jumps from point to point.
  public static let interval = UncertaintyInterval.bootstrap(.percentile)

  /// The false positive rate that must not be reached; above 0 and at most 1.
  public var limit = 0.05
  /// Which answers are to be found.
  public var positive = PositiveClass.correct
  /// Whether points on straight pieces with even steps are left out.
  public var dropsIntermediatePoints = false

  /// Creates the metric with its exact definition.
  public init() {}

  /// Refuses a limit that is no rate.
  ///
  /// - Parameter count: How many answers there are.
  /// - Throws: ``EvaluationError/parameterOutOfRange(name:value:allowed:)``.
  public func check(count: Int) throws(EvaluationError) {
    guard limit > 0, limit <= 1 else {
      throw .parameterOutOfRange(
        name: "limit", value: "\(limit)", allowed: "above 0 and at most 1, such as 0.05")
    }
  }

  /// `tpr-at-low-fpr`, or `tpr-at-low-fpr-error` if wrong answers are to be found.
  public var recordName: String { positive == .correct ? Self.metric : "\(Self.metric)-error" }

  /// Sorts the answers, those that look most positive first.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: The quality of the answers.
  /// - Returns: The order.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> ScoreOrder { try positive.order(uncertainty) }

  /// The rate of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers, those that look most positive first.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The rate; undefined for one class.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    var steps: [(found: Int, mistaken: Int)] = []
    var (found, mistaken) = (0, 0)
    arrangement.forEachRun(quality.labels, weights) { right, wrong in
      steps.append(positive == .correct ? (right, wrong) : (wrong, right))
      found += steps[steps.count - 1].found
      mistaken += steps[steps.count - 1].mistaken
    }
    guard found > 0, mistaken > 0 else {
      return positive == .correct
        ? .oneClass(right: found, wrong: mistaken) : .oneClass(right: mistaken, wrong: found)
    }
    var (foundHere, mistakenHere, last) = (0, 0, 0)
    for (place, step) in steps.enumerated() {
      foundHere += step.found
      mistakenHere += step.mistaken
      let isDropped =
        dropsIntermediatePoints && place + 1 < steps.count && place > 0
        && steps[place + 1] == step
      guard Double(mistakenHere) / Double(mistaken) < limit else { break }
      if !isDropped { last = foundHere }
    }
    return .finite(Double(last) / Double(found))
  }
}
