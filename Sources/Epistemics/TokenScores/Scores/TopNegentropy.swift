public import Evaluation
internal import RealModule

/// The negentropy of the *k* likeliest tokens, 1 − H_k / ln *k*, negated: from −1 to 0.
///
/// H_k is the entropy of their probabilities, renormalised to add up to 1. The field defines the negentropy itself, a confidence, as a mean over tokens or as the smallest. Renormalised
/// probabilities do not depend on the rest of the vocabulary, so that the largest logits give it **exactly**; it is
/// another quantity than the entropy, whose bounds ``TokenEntropy`` takes from the same list. Tokens with fewer than
/// *k* alternatives that can come are left out.
///
/// - Complexity: O(tokens · *k*).
public struct TopNegentropy: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "top-k-negentropy"
  /// One line of help.
  public static let summary = "how far the k likeliest tokens are from equal probabilities, negated"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Bouchard & Chauhan", year: 2025,
    title:
      "Uncertainty Quantification for Language Models: A Suite of Black-Box, White-Box, LLM Judge, and Ensemble Scorers",
    link: "https://arxiv.org/abs/2504.19254")
  /// It reads the largest logits.
  public static let ingredient = TokenIngredient.leadingLogits
  /// The negentropy of the most uncertain token.
  public static let variants = [
    MethodVariant(
      "minimum", summary: "the negentropy of the most uncertain token",
      overrides: ["pooling": .string(TokenPooling.worst.rawValue)])
  ]

  /// How many of the likeliest tokens count, at least 2.
  public var k = 15
  /// How the tokens' negentropies become one.
  public var pooling = TokenPooling.mean

  /// Creates the score with its published defaults.
  public init() {}

  /// Refuses a *k* below 2, of which there is no entropy.
  ///
  /// - Throws: ``EpistemicsError/evaluation(_:)``.
  public func checkSettings() throws(EpistemicsError) {
    guard k >= 2 else {
      throw .evaluation(
        .invalidSetting(
          method: Self.identifier, name: "k", value: "\(k)", expected: "a whole number from 2"))
    }
  }

  /// The uncertainty, as ``AnswerScore/uncertainty(of:)`` says.
  ///
  /// - Parameter answer: The tokens, at least one.
  /// - Returns: The uncertainty.
  /// - Throws: ``EpistemicsError/missingIngredient(score:ingredient:problem:)``.
  public func uncertainty(
    of answer: TokenizedAnswer
  ) throws(EpistemicsError) -> AnswerUncertainty {
    let lists = try answer.leadingLogits(for: Self.identifier)
    let shortest = lists.map(\.logits.count).min() ?? 0
    guard shortest >= k else {
      throw .missingIngredient(
        score: Self.identifier, ingredient: Self.ingredient,
        problem:
          "there are \(shortest) of them for a k of \(k); set \(Self.identifier).k to \(shortest) or "
          + "less, or export more")
    }
    let negentropies = lists.compactMap { negentropy(of: $0.logits.prefix(k)) }
    guard !negentropies.isEmpty else {
      return AnswerUncertainty(
        .undefined("no token of the answer has \(k) alternatives that can come"))
    }
    return AnswerUncertainty(pooling.pooled(negentropies.map { 0 - $0 }))
  }

  /// The negentropy of some logits, the largest first; `nil` if one of them is −∞.
  private func negentropy(of logits: ArraySlice<Double>) -> Double? {
    guard let first = logits.first, logits.allSatisfy({ $0 > -.infinity }) else { return nil }
    let weights = logits.map { Double.exp($0 - first) }
    let total = weights.reduce(0, +)
    let entropy =
      .log(total) - zip(weights, logits).reduce(0) { $0 + $1.0 * ($1.1 - first) } / total
    return 1 - entropy / .log(Double(logits.count))
  }
}
