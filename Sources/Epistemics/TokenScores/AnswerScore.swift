public import Evaluation

/// Says from the tokens of an answer how little it is to be trusted.
///
/// A conforming type holds settings only. **Higher is always more uncertain**: what the field defines as a
/// confidence is negated, and its documentation says so. To add a score, write one file and add it to
/// ``AnswerScoreCatalog/all``.
public protocol AnswerScore: CatalogEntry, Equatable {
  /// What the score reads of every token, which says what a dump must have.
  static var ingredient: TokenIngredient { get }

  /// Refuses settings that mean nothing.
  ///
  /// - Throws: ``EpistemicsError/evaluation(_:)``.
  func checkSettings() throws(EpistemicsError)

  /// The uncertainty of an answer, which depends on no other answer and not on the order of its tokens.
  ///
  /// - Parameter answer: The tokens, at least one.
  /// - Returns: The uncertainty: infinite or undefined with its reason, never NaN.
  /// - Throws: ``EpistemicsError/missingIngredient(score:ingredient:problem:)``.
  func uncertainty(of answer: TokenizedAnswer) throws(EpistemicsError) -> AnswerUncertainty
}

extension AnswerScore {
  /// Any settings are fine.
  public func checkSettings() throws(EpistemicsError) {}

  /// The uncertainty of every answer.
  ///
  /// - Parameter answers: The answers.
  /// - Returns: One uncertainty an answer, and what a reader must know.
  /// - Throws: ``EpistemicsError`` for settings that mean nothing, or answers that lack the ``ingredient``.
  /// - Complexity: O(tokens), but for quantiles, which sort each answer's.
  public func uncertainties(
    of answers: TokenizedAnswers
  ) throws(EpistemicsError) -> AnswerUncertainties {
    try checkSettings()
    var found: [AnswerUncertainty] = []
    found.reserveCapacity(answers.count)
    for answer in 0..<answers.count { found.append(try uncertainty(of: answers[answer])) }
    return AnswerUncertainties(
      score: Self.identifier, samples: answers.samples, answers: found)
  }
}
