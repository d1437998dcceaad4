/// The area under the ROC curve of telling right from wrong answers by their uncertainty.
///
/// The chance that a wrong answer is more uncertain than a right one, ties counting one half: ``AreaUnderROC``
/// of the confidence −u, to the bit. It is the same whichever of the two classes is called positive. 0.5 is
/// chance, 1 is perfect; undefined for one class, where some packages return 0 or 0.5.
///
/// Hanley & McNeil (1982), doi:10.1148/radiology.143.1.7063747.
public struct UncertaintyAreaUnderROC: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "area-under-roc-curve"
  /// One line of help.
  public static let summary = "chance that a wrong answer is more uncertain than a right one"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Hanley & McNeil", year: 1982,
    title: "The meaning and use of the area under a receiver operating characteristic curve",
    link: "doi:10.1148/radiology.143.1.7063747")
  /// What released packages compute.
  public static let variants = [
    MethodVariant(
      "lm-polygraph",
      summary: "answers without a quality left out, infinite uncertainties beyond all others",
      overrides: ["nonFinite": "infinite-beyond-others", "missing": "left-out"]),
    MethodVariant(
      "truth-torch-lm", summary: "one half for one class, NaN as certain",
      overrides: ["nonFinite": "undefined-least-uncertain", "oneClass": "half"]),
  ]
  /// The name in records.
  public static let metric = AreaUnderROC.identifier
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Right or wrong.
  public static let quality = QualityKind.binary
  /// DeLong's, by group.
  public static let interval = UncertaintyInterval.areaUnderROC

  /// What the area of a single class is.
  public enum OneClass: String, Sendable, Codable, CaseIterable {
    /// There is none.
    case undefined
    /// One half, as if the score were no better than chance.
    case half
  }

  /// What becomes of uncertainties that are NaN or infinite.
  public var nonFinite = NonFiniteScores.refused
  /// What becomes of answers whose quality is NaN.
  public var missing = MissingQuality.refused

  /// What the area of a single class is.
  public var oneClass = OneClass.undefined

  /// Creates the metric with its exact definition.
  public init() {}

  /// Answers that count, as ``missing`` says.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer.
  ///   - quality: One number an answer.
  /// - Returns: Those of the answers that are not left out.
  public func attempted(
    uncertainty: [Double], quality: [Double]
  ) -> (uncertainty: [Double], quality: [Double]) { missing.kept(uncertainty, quality) }

  /// One half.
  ///
  /// - Parameter quality: The quality of the answers.
  /// - Returns: The value.
  public func chance(of quality: PreparedQuality) -> Double? { 0.5 }

  /// Sorts the answers.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: The quality of the answers.
  /// - Returns: The order.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> ScoreOrder { ScoreOrder(try nonFinite.ordered(uncertainty)) }

  /// The area of weighted answers, from whole numbers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The area; undefined for one class, unless ``oneClass`` says otherwise.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    var (rightCount, wrongCount, doubledWins) = (0, 0, 0)
    arrangement.forEachRun(quality.labels, weights) { right, wrong in
      doubledWins += wrong * (2 * rightCount + right)
      rightCount += right
      wrongCount += wrong
    }
    guard rightCount > 0, wrongCount > 0 else {
      return oneClass == .half ? .finite(0.5) : .oneClass(right: rightCount, wrong: wrongCount)
    }
    return .finite(Double(doubledWins) / Double(2 * rightCount * wrongCount))
  }
}

extension MeasuredValue {
  /// Why a metric of two classes has no value.
  static func oneClass(right: Int, wrong: Int) -> MeasuredValue {
    .undefined("all \(right + wrong) answers are \(wrong == 0 ? "right" : "wrong")")
  }
}
