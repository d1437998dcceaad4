public import Evaluation
internal import RealModule

/// Self-certainty, negated: the mean over tokens of −KL(U ‖ pₜ) = ln V + (1/V) Σᵥ ln pₜᵥ, from −∞ to 0.
///
/// U is the uniform distribution, V the number of tokens that can come: those whose logit is −∞ are left out, or
/// nothing else would count. The field defines KL(U ‖ p), a confidence.
///
/// - Complexity: O(tokens), once the logits have been read.
public struct SelfCertainty: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "self-certainty"
  /// One line of help.
  public static let summary =
    "how far the tokens' distributions are from equal probabilities, negated"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Kang, Zhao & Song", year: 2025,
    title: "Scalable Best-of-N Selection for Large Language Models via Self-Certainty",
    link: "https://arxiv.org/abs/2502.18581")
  /// It reads the mean log-probability over the vocabulary.
  public static let ingredient = TokenIngredient.meanLogProbability

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
    let distributions = try answer.distributions(for: Self.identifier, Self.ingredient)
    return AnswerUncertainty(
      TokenPooling.mean.pooled(
        distributions.map { .log(Double($0.possibleCount)) + $0.meanLogProbability }))
  }
}
