public import Evaluation
internal import RealModule

/// The smallest probability of a token, negated: −minₜ pₜ, from −1 to 0.
///
/// The field defines minₜ pₜ, a confidence. The same number is ``ChowQuantile`` at α = 0 in the space of
/// probabilities; both have names of their own.
///
/// - Complexity: O(tokens).
public struct MinimumTokenProbability: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "minimum-token-probability"
  /// One line of help.
  public static let summary = "the smallest probability of a token, negated"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Bouchard & Chauhan", year: 2025,
    title:
      "Uncertainty Quantification for Language Models: A Suite of Black-Box, White-Box, LLM Judge, and Ensemble Scorers",
    link: "https://arxiv.org/abs/2504.19254")
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
    return AnswerUncertainty(0 - .exp(logProbabilities.min() ?? 0))
  }
}
