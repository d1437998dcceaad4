public import Evaluation
internal import LinearAlgebra

/// How a probe's answers to statements and to their opposites fit together, over many pairs of opposites.
///
/// None is meant to be read alone: a probe that collapsed to one answer, or gives no side any
/// probability, can have perfect values here. Hold them against their ``chance(of:)``, against the
/// accuracy and its majority rate, and against the contrast-consistent loss.
///
/// The definitions are those of the code released with polarity-aware CCS, arXiv:2511.21737.
public enum PolarityMetric: Sendable, CaseIterable {
  /// The mean agreement score, ``OppositeAnswers/agreementScore``.
  ///
  /// In [−1, 1); 0 is ideal, and below 0 the two suffixes order the statements differently.
  case polarConsistency
  /// The mean of ``OppositeAnswers/contradiction``, in [0, 2]; lower is better.
  case contradictionIndex
  /// The median size of the agreement score, in [0, 1]; lower is better.
  ///
  /// It says whether a mean agreement score near zero comes from scores near zero or from large ones
  /// that cancel.
  case absoluteAgreement
  /// The mean of ``OppositeAnswers/idealDistance``, in [0, 1]; lower is better.
  case idealDistance

  /// The metric's name in records.
  public var identifier: String {
    switch self {
    case .polarConsistency: ProbeMetric.polarConsistency
    case .contradictionIndex: ProbeMetric.contradictionIndex
    case .absoluteAgreement: ProbeMetric.absoluteAgreement
    case .idealDistance: ProbeMetric.idealDistance
    }
  }

  /// Which direction is better, where one is: polar consistency has its ideal inside its range.
  public var betterWhen: Preference? { self == .polarConsistency ? nil : .lower }

  /// How the values of many pairs become one.
  var summary: ProbeMetric.Summary { self == .absoluteAgreement ? .median : .mean }

  /// Whether it matters which statement of a pair is called A.
  public var seesOrientation: Bool { self == .idealDistance }

  /// The contribution of one pair of opposites.
  ///
  /// - Parameter answers: What the probe answers to the pair.
  /// - Returns: A number in the metric's range; for the absolute agreement the size of the score.
  public func value(of answers: OppositeAnswers) -> Double {
    switch self {
    case .polarConsistency: answers.agreementScore
    case .contradictionIndex: answers.contradiction
    case .absoluteAgreement: abs(answers.agreementScore)
    case .idealDistance: answers.idealDistance
    }
  }

  /// The metric over some pairs of opposites.
  ///
  /// - Parameter pairs: What the probe answers to each pair.
  /// - Returns: The mean of the pairs' values, for the absolute agreement their median; `nil` for no
  ///   pair.
  /// - Complexity: O(*m*) for *m* pairs.
  public func value(over pairs: [OppositeAnswers]) -> Double? { summary(of: pairs.map(value(of:))) }

  /// The metric where each statement is paired with some other one instead of with its opposite: what
  /// a probe would have whose answers have nothing to do with which statements are opposites.
  ///
  /// The 2m statements of the pairs stand in a ring, all A before all Ā. It is turned by every number of
  /// places from 1 to 2m − 1 but by *m*, which would pair the opposites again, so that any two statements
  /// that are not opposites meet, each once as A and once as Ā. Where that makes more than a quarter of
  /// a million pairs, evenly spaced turns stand for all. Whichever statement of a pair is called A, the
  /// result is the same, but for that choice of turns.
  ///
  /// A metric no better than this has found nothing that opposites have and others lack. That is so for
  /// every constant answer, however perfect its value looks.
  ///
  /// - Parameter pairs: What the probe answers to each pair.
  /// - Returns: The metric over all turns together; `nil` for fewer than two pairs.
  /// - Complexity: O(*m*²), at most a quarter of a million pairs.
  public func chance(of pairs: [OppositeAnswers]) -> Double? {
    guard pairs.count >= 2 else { return nil }
    let answers =
      pairs.map { ($0.positive, $0.negative) }
      + pairs.map { ($0.oppositePositive, $0.oppositeNegative) }
    let values = Self.turns(statementCount: answers.count).flatMap { turn in
      answers.indices.map { place in
        let (positive, negative) = answers[place]
        let (oppositePositive, oppositeNegative) = answers[(place + turn) % answers.count]
        return value(
          of: OppositeAnswers(
            positive: positive, negative: negative, oppositePositive: oppositePositive,
            oppositeNegative: oppositeNegative))
      }
    }
    return summary(of: values)
  }

  private static let largestPairCount = 1 << 18

  /// The turns of a ring of statements that pair no opposites, thinned out evenly if they are many.
  private static func turns(statementCount: Int) -> [Int] {
    let all = (1..<statementCount).filter { $0 != statementCount / 2 }
    let count = max(1, min(all.count, largestPairCount / statementCount))
    return (0..<count).map { all[$0 * all.count / count] }
  }

  private func summary(of values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    switch summary {
    case .mean: return values.reduce(0, +) / Double(values.count)
    case .median: return try? median(of: values)
    }
  }
}
