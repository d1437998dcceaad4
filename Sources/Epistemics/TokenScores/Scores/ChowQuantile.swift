public import Evaluation
internal import RealModule

/// A quantile of the tokens' log-probabilities, negated: from 0 to ∞; of their probabilities, from −1 to 0.
///
/// Quantiles are interpolated linearly at position α (T − 1) of the sorted tokens, as NumPy does. The field defines
/// the quantile itself, a confidence: α = 0 is the least likely token, α = 1 the likeliest. Between tokens the two
/// spaces interpolate differently, so that they may rank answers differently, too.
///
/// At α = 0 in the space of probabilities it is ``MinimumTokenProbability``.
///
/// - Complexity: O(T log T).
public struct ChowQuantile: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "chow-quantile"
  /// One line of help.
  public static let summary = "a quantile of the tokens' log-probabilities, negated"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Gupta, Narasimhan, Jitkrittum, Rawat, Menon & Kumar", year: 2024,
    title: "Language Model Cascades: Token-Level Uncertainty and Beyond",
    link: "https://arxiv.org/abs/2404.10136")
  /// It reads the tokens' log-probabilities.
  public static let ingredient = TokenIngredient.logProbability
  /// A quantile that is often asked for.
  public static let variants = [
    MethodVariant(
      "median", summary: "the median of the log-probabilities", overrides: ["alpha": 0.5])
  ]

  /// The share α of tokens that are less likely than the quantile, from 0 to 1.
  public var alpha = 0.0
  /// What is interpolated.
  public var space = Space.logProbability

  /// Creates the score with its published defaults.
  public init() {}

  /// Refuses an α outside 0 to 1.
  ///
  /// - Throws: ``EpistemicsError/evaluation(_:)``.
  public func checkSettings() throws(EpistemicsError) {
    guard (0...1).contains(alpha) else {
      throw .evaluation(
        .invalidSetting(
          method: Self.identifier, name: "alpha", value: "\(alpha)", expected: "from 0 to 1"))
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
    var values = Array(try answer.logProbabilities(for: Self.identifier))
    if space == .probability { values = values.map(Double.exp) }
    values.sort()
    // Between −∞ and any number lies −∞; and two equal ends leave nothing to interpolate.
    let lower = values[Int(alpha * Double(values.count - 1))]
    return AnswerUncertainty(
      0 - (lower == -.infinity ? lower : Quantile.value(at: alpha, ofSorted: values)))
  }

  /// What a quantile is taken of.
  public enum Space: String, Sendable, Codable, CaseIterable {
    /// ln p, as the field defines it.
    case logProbability = "log-probability"
    /// p.
    case probability
  }
}
