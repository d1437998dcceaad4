public import Evaluation

/// The mean negative log-likelihood of the answer's tokens, −(1/T) Σₜ ln pₜ, in nats: from 0 to ∞.
///
/// With the sign changed it is the Chow-Average of cascades, a confidence. It ranks answers as ``Perplexity`` and
/// ``GeometricMeanProbability`` do, which are e to its power and e to its negative's.
///
/// - Complexity: O(tokens).
public struct MeanNegativeLogLikelihood: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "mean-negative-log-likelihood"
  /// One line of help.
  public static let summary = "−ln of the probability of a token, averaged over the answer"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Gupta, Narasimhan, Jitkrittum, Rawat, Menon & Kumar", year: 2024,
    title: "Language Model Cascades: Token-Level Uncertainty and Beyond",
    link: "https://arxiv.org/abs/2404.10136")
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
    return AnswerUncertainty(0 - logProbabilities.reduce(0, +) / Double(answer.tokenCount))
  }
}
