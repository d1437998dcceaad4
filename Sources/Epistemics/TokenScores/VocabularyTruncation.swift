internal import Evaluation

/// What a score does where a dump has the largest logits only, and the distribution over the whole vocabulary is not
/// settled by them.
public enum VocabularyTruncation: String, Sendable, Codable, CaseIterable {
  /// Refuse: a few logits are not the vocabulary.
  case refuse
  /// The least uncertainty that fits what is known.
  case lowerBound = "lower-bound"
  /// The greatest.
  case upperBound = "upper-bound"

  /// How wide bounds may be and still count as one number: the rounding of float32 logits.
  static let exactWidth = LeadingLogits.tolerance

  /// The variants of a score that take a bound.
  static let variants = [
    MethodVariant(
      "lower-bound", summary: "the least value that the largest logits allow",
      overrides: ["truncation": .string(lowerBound.rawValue)]),
    MethodVariant(
      "upper-bound", summary: "the greatest value that the largest logits allow",
      overrides: ["truncation": .string(upperBound.rawValue)]),
  ]

  /// The uncertainty of an answer from the bounds of its tokens'.
  func uncertainty(
    of ranges: [ClosedRange<Double>], pooling: TokenPooling, score: String,
    ingredient: TokenIngredient, sample: Int
  ) throws(EpistemicsError) -> AnswerUncertainty {
    let lower = pooling.pooled(ranges.map(\.lowerBound))
    let upper = pooling.pooled(ranges.map(\.upperBound))
    if upper - lower <= Self.exactWidth { return AnswerUncertainty(lower + (upper - lower) / 2) }
    switch self {
    case .refuse:
      throw .missingIngredient(
        score: score, ingredient: ingredient,
        problem: "the largest logits of sample \(sample) leave it between \(lower) and \(upper); "
          + "set \(score).truncation to lower-bound or upper-bound to take a bound for it")
    case .lowerBound: return AnswerUncertainty(.finite(lower), bounds: lower...upper)
    case .upperBound:
      guard upper.isFinite else {
        throw .missingIngredient(
          score: score, ingredient: ingredient,
          problem:
            "the largest logits of sample \(sample) give it no upper bound without the size of the "
            + "vocabulary; add the unembedding to the dump, or say it")
      }
      return AnswerUncertainty(.finite(upper), bounds: lower...upper)
    }
  }
}
