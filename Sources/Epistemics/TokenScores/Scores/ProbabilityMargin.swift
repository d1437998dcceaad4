public import Evaluation
internal import RealModule

/// The margin between the two likeliest tokens, negated and averaged over the answer:
/// −(1/T) Σₜ (pₜ₍₁₎ − pₜ₍₂₎), from −1 to 0.
///
/// The field defines the margin itself, a confidence. It needs the two largest probabilities of each distribution, not
/// the answer's own. The largest logits give them where they settle the normaliser, which they do for every token
/// more likely than ½ (``LeadingLogits``); elsewhere ``truncation`` says what to do.
///
/// - Complexity: O(tokens), once the logits have been read.
public struct ProbabilityMargin: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "probability-margin"
  /// One line of help.
  public static let summary = "the probability of the likeliest token less the next one's, negated"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Bouchard & Chauhan", year: 2025,
    title:
      "Uncertainty Quantification for Language Models: A Suite of Black-Box, White-Box, LLM Judge, and Ensemble Scorers",
    link: "https://arxiv.org/abs/2504.19254")
  /// It reads the two largest probabilities of the tokens' distributions.
  public static let ingredient = TokenIngredient.leadingProbabilities
  /// Bounds from the largest logits.
  public static let variants = VocabularyTruncation.variants

  /// What to do where only the largest logits are known, and do not settle the margin.
  public var truncation = VocabularyTruncation.refuse

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
    let ranges = try answer.ranges(
      for: Self.identifier, Self.ingredient,
      exact: { .exp($0.secondLogProbability) - .exp($0.largestLogProbability) },
      bounds: { leading in leading.margin.map { 0 - $0.upperBound...0 - $0.lowerBound } })
    return try truncation.uncertainty(
      of: ranges, pooling: .mean, score: Self.identifier, ingredient: Self.ingredient,
      sample: answer.sample)
  }
}
