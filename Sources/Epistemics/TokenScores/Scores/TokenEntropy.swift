public import Evaluation

/// The entropy of the distributions that the answer's tokens came from, −Σᵥ pₜᵥ ln pₜᵥ in nats, averaged over the
/// answer, or of its most uncertain token: from 0 to ln V.
///
/// It needs the whole distribution. Where a dump has the largest logits only it is refused, or one of the bounds of
/// ``LeadingLogits/entropy`` is taken, if ``truncation`` says so; the entropy of ten renormalised logits is neither.
///
/// - Complexity: O(tokens), once the logits have been read.
public struct TokenEntropy: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "token-entropy"
  /// One line of help.
  public static let summary = "the entropy of the distribution that each token came from, averaged"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Fomicheva, Sun, Yankovskaya, Blain, Guzmán, Fishel, Aletras, Chaudhary & Specia",
    year: 2020,
    title: "Unsupervised Quality Estimation for Neural Machine Translation",
    link: "https://arxiv.org/abs/2005.10608")
  /// It reads the entropies of the tokens' distributions.
  public static let ingredient = TokenIngredient.entropy
  /// The entropy of the most uncertain token, and bounds from the largest logits.
  public static let variants =
    [
      MethodVariant(
        "maximum", summary: "the entropy of the most uncertain token",
        overrides: ["pooling": .string(TokenPooling.worst.rawValue)])
    ] + VocabularyTruncation.variants

  /// How the tokens' entropies become one.
  public var pooling = TokenPooling.mean
  /// What to do where only the largest logits are known.
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
      for: Self.identifier, Self.ingredient, exact: \.entropy, bounds: \.entropy)
    return try truncation.uncertainty(
      of: ranges, pooling: pooling, score: Self.identifier, ingredient: Self.ingredient,
      sample: answer.sample)
  }
}
