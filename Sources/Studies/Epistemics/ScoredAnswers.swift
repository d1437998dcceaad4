internal import Activations
public import Epistemics
internal import Evaluation

/// What scores answers: a score of their tokens, or feature gaps.
public enum AnswerScorer: Sendable {
  /// A score that needs only the answers' tokens.
  case tokens(any AnswerScore)
  /// Feature gaps, fitted where they are used.
  case featureGaps(FeatureGaps)
  /// Feature gaps that were fitted before.
  case fitted(SavedFeatureGaps)
}

/// One uncertainty an answer, by one score.
struct ScoredAnswers: Sendable {
  /// The score's name in results; for a feature alone that of the method, a colon and the feature.
  let name: String
  /// Higher is less to be trusted; one an answer.
  let values: [MeasuredValue]
  /// What to know.
  let flags: [Flag]

  /// The numbers, an infinite one being the largest there is; `nil` with the reason if an answer has none.
  var numbers: (values: [Double]?, reason: String?) {
    var numbers: [Double] = []
    for value in values {
      switch value {
      case .finite(let number): numbers.append(number)
      case .infinite: numbers.append(.greatestFiniteMagnitude)
      case .undefined(let reason): return (nil, reason)
      }
    }
    return (numbers, nil)
  }

  /// Scores of answers' tokens; what all of them need is read once.
  ///
  /// - Parameters:
  ///   - scores: The scores, with their names in results.
  ///   - dump: The dump.
  ///   - samples: The answers.
  /// - Returns: One score after the other.
  /// - Throws: `EpistemicsError`.
  static func ofTokens(
    _ scores: [(name: String, score: any AnswerScore)], in dump: ActivationDump, samples: [Int]
  ) throws -> [ScoredAnswers] {
    guard !scores.isEmpty else { return [] }
    let answers = try TokenizedAnswers.read(
      from: dump, samples: samples,
      ingredients: Set(scores.map { type(of: $0.score).ingredient }))
    return try scores.map { name, score in
      let found = try score.uncertainties(of: answers)
      return ScoredAnswers(name: name, values: found.values, flags: found.flags)
    }
  }

  /// Whether it is a single feature of feature gaps.
  var isOneFeature: Bool { name.contains(":") }

  /// The regression of feature gaps, and, if asked for, each feature alone.
  static func ofGaps(
    _ scores: FeatureGapScores, named name: String, flags: [Flag], eachFeature: Bool
  ) -> [ScoredAnswers] {
    let all = flags + scores.flags.filter { !flags.contains($0) }
    let whole = ScoredAnswers(
      name: name, values: scores.uncertainty.map { .finite($0) }, flags: all)
    guard eachFeature, scores.features.count > 1 else { return [whole] }
    return [whole]
      + scores.features.enumerated().map { place, feature in
        ScoredAnswers(
          name: "\(name):\(feature)",
          values: scores.signedScores(feature: place).map { .finite(-$0) }, flags: all)
      }
  }
}
