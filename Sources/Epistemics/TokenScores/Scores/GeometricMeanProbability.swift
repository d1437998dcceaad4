public import Evaluation
internal import RealModule

/// The geometric mean of the tokens' probabilities, negated: −exp((1/T) Σₜ ln pₜ), from −1 to 0.
///
/// The field defines the mean itself, a confidence; its first version took the tokens of greedy decoding. It is 1
/// over the ``Perplexity``, so that both rank answers alike.
///
/// - Complexity: O(tokens).
public struct GeometricMeanProbability: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "geometric-mean-probability"
  /// One line of help.
  public static let summary = "the geometric mean of the tokens' probabilities, negated"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Park, Laminchhane, Farooq, Sivakumar & Kumar", year: 2025,
    title:
      "Visualizing Uncertainty in Translation Tasks: An Evaluation of LLM Performance and Confidence Metrics",
    link: "https://arxiv.org/abs/2501.17187")
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
    return AnswerUncertainty(0 - .exp(logProbabilities.reduce(0, +) / Double(answer.tokenCount)))
  }
}
