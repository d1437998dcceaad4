public import Evaluation
internal import RealModule

/// The perplexity of the answer, exp(−(1/T) Σₜ ln pₜ): from 1 to ∞.
///
/// It ranks answers as ``MeanNegativeLogLikelihood`` and ``GeometricMeanProbability`` do.
///
/// - Complexity: O(tokens).
public struct Perplexity: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "perplexity"
  /// One line of help.
  public static let summary =
    "how many equally likely tokens the model chose each token from, in effect"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Jelinek, Mercer, Bahl & Baker", year: 1977,
    title: "Perplexity—a measure of the difficulty of speech recognition tasks",
    link: "https://doi.org/10.1121/1.2016299")
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
    return AnswerUncertainty(.exp(0 - logProbabilities.reduce(0, +) / Double(answer.tokenCount)))
  }
}
