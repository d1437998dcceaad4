public import Evaluation
internal import RealModule

/// The mean of the tokens' probabilities, negated: −(1/T) Σₜ pₜ, from −1 to 0.
///
/// The field defines the mean itself, a confidence. A single impossible token costs it 1/T, where it costs the
/// geometric mean everything.
///
/// - Complexity: O(tokens).
public struct ArithmeticMeanProbability: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "arithmetic-mean-probability"
  /// One line of help.
  public static let summary = "the mean of the tokens' probabilities, negated"
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
    let sum = logProbabilities.reduce(0) { $0 + .exp($1) }
    return AnswerUncertainty(0 - sum / Double(answer.tokenCount))
  }
}
