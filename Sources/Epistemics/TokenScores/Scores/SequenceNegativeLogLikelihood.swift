public import Evaluation

/// The negative log-likelihood of the whole answer, −Σₜ ln pₜ, in nats: from 0 to ∞.
///
/// Of the greedy answer it is **G-NLL**. lm-polygraph calls the same number maximum sequence probability, and
/// with the sign changed it is the Chow-Sum of cascades, Σₜ ln pₜ, a confidence. Longer answers are more
/// uncertain by it; ``MeanNegativeLogLikelihood`` is what takes their length away.
///
/// - Complexity: O(tokens).
public struct SequenceNegativeLogLikelihood: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "sequence-negative-log-likelihood"
  /// One line of help.
  public static let summary =
    "−ln of the probability of the whole answer, not normalised by its length"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Aichberger, Schweighofer & Hochreiter", year: 2024,
    title: "Rethinking Uncertainty Estimation in Natural Language Generation",
    link: "https://arxiv.org/abs/2412.15176")
  /// It reads the tokens' log-probabilities.
  public static let ingredient = TokenIngredient.logProbability

  /// Creates the score with its published defaults.
  public init() {}

  /// The uncertainty, as ``AnswerScore/uncertainty(of:)`` says.
  ///
  /// - Parameter answer: The tokens, at least one.
  /// - Returns: The uncertainty.
  /// - Throws: ``EpistemicsError/missingIngredient(score:ingredient:problem:)``.
  public func uncertainty(
    of answer: TokenizedAnswer
  ) throws(EpistemicsError) -> AnswerUncertainty {
    let logProbabilities = try answer.logProbabilities(for: Self.identifier)
    return AnswerUncertainty(0 - logProbabilities.reduce(0, +))
  }
}
