public import Activations

/// What a score reads of every token of an answer.
public enum TokenIngredient: String, Sendable, CaseIterable {
  /// The token's log-probability.
  case logProbability = "log-probability"
  /// The two largest probabilities of the distribution that the token came from, or bounds of them.
  case leadingProbabilities = "leading-probabilities"
  /// The entropy of that distribution, or bounds of it.
  case entropy
  /// The mean log-probability over the whole vocabulary.
  case meanLogProbability = "mean-log-probability"
  /// The kurtosis of the probabilities over the whole vocabulary.
  case kurtosis
  /// The largest logits.
  case leadingLogits = "leading-logits"

  /// The sets of a dump's arrays that it can be had from; any one of them will do.
  public var sources: [Set<ArrayRole>] {
    let whole: Set<ArrayRole> = [.tokenCounts, .logits]
    let top: Set<ArrayRole> = [.tokenCounts, .topLogitValues]
    return switch self {
    case .logProbability:
      [[.tokenCounts, .logProbabilities], [.tokenCounts, .logits, .tokenIds]]
    case .leadingProbabilities, .entropy: [whole, top]
    case .meanLogProbability, .kurtosis: [whole]
    case .leadingLogits: [top]
    }
  }

  /// The ingredient in words.
  var meaning: String { rawValue.replacing("-", with: " ") }

  /// The sources in words: `tokenCounts and logits, or …`.
  var sourcesInWords: String {
    sources.map { $0.sorted().map(\.identifier).joined(separator: " and ") }
      .joined(separator: ", or ")
  }
}
