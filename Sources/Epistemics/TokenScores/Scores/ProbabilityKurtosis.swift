public import Evaluation

/// The kurtosis of the probabilities over the vocabulary, averaged over the answer and negated (AMK).
///
/// Of the V probabilities of a token's distribution it is m₄/m₂², with m_k = (1/V) Σᵥ (pᵥ − 1/V)ᵏ: from 1 to about V.
/// The field defines it as a confidence: a single peak has a large kurtosis. Its paper, whose second version was
/// withdrawn, does not say which convention it takes: Pearson's is the default, and Fisher's is 3 less. Equal
/// probabilities have no kurtosis.
///
/// - Complexity: O(tokens), once the logits have been read.
public struct ProbabilityKurtosis: AnswerScore {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "probability-kurtosis"
  /// One line of help.
  public static let summary = "how much the tokens' distributions are a single peak, negated"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Park, Laminchhane, Farooq, Sivakumar & Kumar", year: 2025,
    title:
      "Visualizing Uncertainty in Translation Tasks: An Evaluation of LLM Performance and Confidence Metrics",
    link: "https://arxiv.org/abs/2501.17187")
  /// It reads the kurtosis of the tokens' probabilities.
  public static let ingredient = TokenIngredient.kurtosis
  /// The other convention.
  public static let variants = [
    MethodVariant(
      "fisher", summary: "the kurtosis less 3, the normal distribution's",
      overrides: ["convention": .string(Convention.fisher.rawValue)])
  ]

  /// Which kurtosis.
  public var convention = Convention.pearson
  /// What becomes of a token whose probabilities are all the same.
  public var onZeroVariance = ZeroVariance.undefined

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
    var uncertainties: [Double] = []
    for distribution in distributions {
      switch distribution.kurtosis {
      case .finite(let kurtosis): uncertainties.append((convention == .fisher ? 3 : 0) - kurtosis)
      case .some(let value):
        guard onZeroVariance == .zero else { return AnswerUncertainty(value) }
        uncertainties.append(0)
      case nil:
        throw .missingIngredient(
          score: Self.identifier, ingredient: Self.ingredient,
          problem: "it was not read with the logits")
      }
    }
    return AnswerUncertainty(TokenPooling.mean.pooled(uncertainties))
  }

  /// The conventions of kurtosis.
  public enum Convention: String, Sendable, Codable, CaseIterable {
    /// m₄/m₂².
    case pearson
    /// m₄/m₂² − 3.
    case fisher
  }

  /// What becomes of a token without kurtosis.
  public enum ZeroVariance: String, Sendable, Codable, CaseIterable {
    /// The answer has none either.
    case undefined
    /// It counts as 0.
    case zero
  }
}
