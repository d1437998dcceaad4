internal import Evaluation

/// Answers as their tokens' log-probabilities, and what else is known of each token: answer after answer, each as
/// long as it is.
///
/// Any part may be missing; a score says what it needs by ``AnswerScore/ingredient``.
public struct TokenizedAnswers: Sendable, Equatable {
  /// The number of the sample that each answer is to, for messages.
  public let samples: [Int]
  /// The number of tokens of each answer.
  public let counts: [Int]
  /// ln of the probability of each token; −∞ for a token that could not come.
  public let logProbabilities: [Double]?
  /// The distribution that each token came from.
  public let distributions: [TokenDistribution]?
  /// The largest logits of that distribution.
  public let leadingLogits: [LeadingLogits]?

  private let starts: [Int]

  /// How far above 0 rounding may leave the logarithm of a probability of 1.
  static let logProbabilityTolerance = 1e-6

  /// Puts answers together.
  ///
  /// - Parameters:
  ///   - counts: The number of tokens of each answer.
  ///   - logProbabilities: One a token, none above 0; what rounding leaves above it, 10⁻⁶ at most, counts as 0.
  ///   - distributions: One a token.
  ///   - leadingLogits: One list a token.
  ///   - samples: The number of each answer's sample; 0, 1, … if not given.
  /// - Throws: ``EpistemicsError/noTokens(sample:)`` for an answer without tokens,
  ///   ``EpistemicsError/tokenCount(what:count:expected:)`` for counts that do not add up, or
  ///   ``EpistemicsError/invalidToken(_:problem:)`` for a NaN or a probability above 1.
  public init(
    counts: [Int], logProbabilities: [Double]? = nil, distributions: [TokenDistribution]? = nil,
    leadingLogits: [LeadingLogits]? = nil, samples: [Int]? = nil
  ) throws(EpistemicsError) {
    let samples = samples ?? Array(counts.indices)
    guard samples.count == counts.count else {
      throw .evaluation(
        .countMismatch(
          what: "samples", count: samples.count, expectedFrom: "answers", expected: counts.count))
    }
    starts = try Self.starts(counts: counts, samples: samples)
    let total = starts.last ?? 0
    for (what, count) in [
      ("log-probabilities", logProbabilities?.count), ("distributions", distributions?.count),
      ("lists of the largest logits", leadingLogits?.count),
    ] {
      guard let count, count != total else { continue }
      throw .tokenCount(what: what, count: count, expected: total)
    }
    self.samples = samples
    self.counts = counts
    self.distributions = distributions
    self.leadingLogits = leadingLogits
    guard var values = logProbabilities else {
      self.logProbabilities = nil
      return
    }
    for answer in counts.indices {
      for token in 0..<counts[answer] {
        let value = values[starts[answer] + token]
        guard value <= Self.logProbabilityTolerance else {
          throw .invalidToken(
            TokenPlace(sample: samples[answer], token: token),
            problem: value.isNaN
              ? "has a log-probability that is NaN; export in float32"
              : "has the log-probability \(value), so a probability above 1; a log-probability is 0 or "
                + "less (is it a logit, or a probability?)")
        }
        values[starts[answer] + token] = min(0, value)
      }
    }
    self.logProbabilities = values
  }

  /// Where each answer's tokens start, and after the last answer the number of all tokens.
  static func starts(counts: [Int], samples: [Int]) throws(EpistemicsError) -> [Int] {
    var starts = [0]
    for (count, sample) in zip(counts, samples) {
      guard count > 0 else { throw .noTokens(sample: sample) }
      starts.append(starts[starts.count - 1] + count)
    }
    return starts
  }

  /// The number of answers.
  public var count: Int { counts.count }

  /// One answer.
  ///
  /// - Parameter answer: Its place, from 0.
  public subscript(answer: Int) -> TokenizedAnswer {
    let tokens = starts[answer]..<starts[answer + 1]
    return TokenizedAnswer(
      sample: samples[answer], tokenCount: counts[answer],
      logProbabilities: logProbabilities?[tokens], distributions: distributions?[tokens],
      leadingLogits: leadingLogits?[tokens])
  }
}

/// The tokens of one answer, at least one.
public struct TokenizedAnswer: Sendable {
  /// The number of the sample that it is an answer to.
  public let sample: Int
  /// The number of tokens.
  public let tokenCount: Int
  /// ln of the probability of each token.
  public let logProbabilities: ArraySlice<Double>?
  /// The distribution that each token came from.
  public let distributions: ArraySlice<TokenDistribution>?
  /// The largest logits of that distribution.
  public let leadingLogits: ArraySlice<LeadingLogits>?

  /// The log-probabilities, for a score.
  func logProbabilities(for score: String) throws(EpistemicsError) -> ArraySlice<Double> {
    guard let logProbabilities else { throw missing(.logProbability, score) }
    return logProbabilities
  }

  /// The distributions, for a score.
  func distributions(
    for score: String, _ ingredient: TokenIngredient
  ) throws(EpistemicsError) -> ArraySlice<TokenDistribution> {
    guard let distributions else { throw missing(ingredient, score) }
    return distributions
  }

  /// The lists of the largest logits, for a score.
  func leadingLogits(for score: String) throws(EpistemicsError) -> ArraySlice<LeadingLogits> {
    guard let leadingLogits else { throw missing(.leadingLogits, score) }
    return leadingLogits
  }

  /// A quantity of each token, or its bounds where only the largest logits are known.
  func ranges(
    for score: String, _ ingredient: TokenIngredient,
    exact: (TokenDistribution) -> Double, bounds: (LeadingLogits) -> ClosedRange<Double>?
  ) throws(EpistemicsError) -> [ClosedRange<Double>] {
    if let distributions {
      return distributions.map { exact($0)...exact($0) }
    }
    guard let leadingLogits else { throw missing(ingredient, score) }
    let ranges = leadingLogits.compactMap(bounds)
    guard ranges.count == leadingLogits.count else {
      throw .missingIngredient(
        score: score, ingredient: ingredient,
        problem: "the lists of the largest logits of sample \(sample) are too short")
    }
    return ranges
  }

  private func missing(_ ingredient: TokenIngredient, _ score: String) -> EpistemicsError {
    .missingIngredient(score: score, ingredient: ingredient, problem: "these answers lack it")
  }
}
