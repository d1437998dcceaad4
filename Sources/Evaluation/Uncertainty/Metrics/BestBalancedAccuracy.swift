/// The best balanced accuracy that a threshold on the uncertainty reaches.
///
/// max over the ROC curve of 1 − (FPR + 1 − TPR)/2, where every set of equal uncertainties is on one side of the
/// threshold. It is the same whichever class is called positive. The threshold is chosen on the very answers it is
/// judged on, so the value is optimistic, never below 0.5, and above it by chance alone: hold it against a
/// permutation, not against 0.5. Undefined for one class.
///
/// Sriramanan et al. (2024), "LLM-Check", NeurIPS 37. The maximum less ½, doubled, is Youden's index (1950),
/// doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3.
public struct BestBalancedAccuracy: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "best-balanced-accuracy"
  /// One line of help.
  public static let summary = "balanced accuracy at the best threshold, chosen on the same answers"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Sriramanan et al.", year: 2024,
    title: "LLM-Check: Investigating Detection of Hallucinations in Large Language Models")
  /// The name in records.
  public static let metric = "best-balanced-accuracy"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Right or wrong.
  public static let quality = QualityKind.binary
  /// The resampling of groups, with the correction of bias that the best of several thresholds needs most.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// Creates the metric.
  public init() {}

  /// The best balanced accuracy of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: A number from 0.5 to 1; undefined for one class.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    var (rightTotal, wrongTotal) = (0, 0)
    for (answer, count) in weights.counts.enumerated() {
      if quality.labels[answer] { rightTotal += count } else { wrongTotal += count }
    }
    guard rightTotal > 0, wrongTotal > 0 else {
      return .oneClass(right: rightTotal, wrong: wrongTotal)
    }
    var (right, wrong, best) = (0, 0, 0)
    arrangement.forEachRun(quality.labels, weights) { moreRight, moreWrong in
      right += moreRight
      wrong += moreWrong
      // The difference of the two rates over their common denominator, a whole number.
      best = max(best, right * wrongTotal - wrong * rightTotal)
    }
    return .finite(0.5 + 0.5 * Double(best) / Double(rightTotal * wrongTotal))
  }
}
