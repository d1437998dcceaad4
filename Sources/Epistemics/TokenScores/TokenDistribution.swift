public import Evaluation
public import LinearAlgebra
internal import RealModule

/// What scores need of the distribution that a token came from: the softmax p of its logits over the whole
/// vocabulary.
///
/// A logit of −∞ is a token that cannot come. It counts as a token of probability 0, except in
/// ``meanLogProbability``, where it would leave nothing else to see.
public struct TokenDistribution: Sendable, Equatable {
  /// Z = ln Σ exp(logit), so that a logit less Z is a log-probability.
  public let normalizer: Double
  /// ln of the largest probability.
  public let largestLogProbability: Double
  /// ln of the largest probability but one; −∞ if no other token can come.
  public let secondLogProbability: Double
  /// −Σ p ln p, in nats: from 0 to ln of the number of tokens that can come.
  public let entropy: Double
  /// The mean of ln p over the tokens that can come.
  public let meanLogProbability: Double
  /// How many tokens can come.
  public let possibleCount: Int
  /// Pearson's kurtosis of the probabilities over the whole vocabulary, m₄/m₂² with *n* as divisor; undefined if
  /// they are all the same, and `nil` if it was not asked for.
  public let kurtosis: MeasuredValue?

  /// Summarises sums over logits; `nil` if every logit is −∞.
  ///
  /// - Parameters:
  ///   - sums: The sums.
  ///   - kurtosis: The kurtosis of the probabilities, where it is known.
  init?(_ sums: LogitSums, kurtosis: MeasuredValue?) {
    guard sums.finiteCount > 0 else { return nil }
    let logTotal = Double.log(sums.total)
    normalizer = sums.logarithm
    largestLogProbability = min(0, -logTotal)
    secondLogProbability = min(0, sums.second - sums.largest - logTotal)
    entropy = max(0, logTotal - sums.weighted / sums.total)
    meanLogProbability = sums.finiteSum / Double(sums.finiteCount) - sums.logarithm
    possibleCount = sums.finiteCount
    self.kurtosis = kurtosis
  }

  /// Summarises logits in float64.
  ///
  /// - Parameters:
  ///   - logits: One a token of the vocabulary, at least one of them finite.
  ///   - includingKurtosis: Whether to compute ``kurtosis``.
  /// - Throws: `LinearAlgebraError/nonFinite(row:column:)` with the first NaN or +∞ as its column, or
  ///   `LinearAlgebraError/empty(dimension:)` if no token can come.
  /// - Complexity: O(*V*).
  public init(
    of logits: Span<Double>, includingKurtosis: Bool = true
  ) throws(LinearAlgebraError) {
    let sums = try LogitSums(of: logits)
    let kurtosis = includingKurtosis ? Self.kurtosis(of: logits, sums) : nil
    guard let distribution = TokenDistribution(sums, kurtosis: kurtosis) else {
      throw .empty(dimension: "token with a finite logit")
    }
    self = distribution
  }

  /// Summarises stored logits in one pass.
  ///
  /// - Parameters:
  ///   - bytes: The logits of one token side by side, in the machine's byte order.
  ///   - element: What the bytes hold. Half precision and float32 are summed in float32, to about 2 · 10⁻⁶;
  ///     anything else in float64.
  ///   - includingKurtosis: Whether to compute ``kurtosis``, which takes a quarter longer.
  /// - Throws: As ``init(of:includingKurtosis:)``.
  /// - Complexity: O(*V*), one exponential a logit.
  public init(
    of bytes: RawSpan, element: Widening.Element, includingKurtosis: Bool = false
  ) throws(LinearAlgebraError) {
    guard [.float16, .bfloat16, .float32].contains(element) else {
      let logits = Self.widened(bytes, element)
      self = try TokenDistribution(of: logits.span, includingKurtosis: includingKurtosis)
      return
    }
    let sums = try LogitSums(of: bytes, element: element, includingPowers: includingKurtosis)
    var kurtosis: MeasuredValue?
    if includingKurtosis {
      kurtosis = Self.kurtosis(sums, count: bytes.byteCount / element.byteCount)
      if kurtosis == nil {
        let logits = Self.widened(bytes, element)
        kurtosis = Self.kurtosis(of: logits.span, try LogitSums(of: logits.span))
      }
    }
    guard let distribution = TokenDistribution(sums, kurtosis: kurtosis) else {
      throw .empty(dimension: "token with a finite logit")
    }
    self = distribution
  }

  private static func widened(_ bytes: RawSpan, _ element: Widening.Element) -> [Double] {
    var logits = [Double](repeating: 0, count: bytes.byteCount / element.byteCount)
    var target = logits.mutableSpan
    Widening.convert(bytes, of: element, into: &target)
    return logits
  }

  /// The kurtosis from power sums, where they are far enough from those of equal probabilities that what is left
  /// of them has no less than four digits.
  ///
  /// With the probabilities' mean 1/V and S_k = Σ pᵏ, it is
  /// (V³ S₄ − 4 V² S₃ + 6 V S₂ − 3) / (V S₂ − 1)².
  private static func kurtosis(_ sums: LogitSums, count: Int) -> MeasuredValue? {
    guard let powers = sums.powers, sums.finiteCount > 0 else { return nil }
    let scale = Double(count) / sums.total
    let second = scale * powers.squares / sums.total
    guard second >= 2 else { return nil }
    let third = scale * scale * powers.cubes / sums.total
    let fourth = scale * scale * scale * powers.fourths / sums.total
    return .finite(
      (fourth - 4 * third + 6 * second - 3) / ((second - 1) * (second - 1)))
  }

  /// The kurtosis from deviations; undefined if the probabilities vary by less than 10⁻¹² of their mean.
  private static func kurtosis(of logits: Span<Double>, _ sums: LogitSums) -> MeasuredValue {
    let count = Double(logits.count)
    var (squares, fourths) = (0.0, 0.0)
    for place in logits.indices {
      // Relative to the mean, so that nothing underflows in a large vocabulary.
      let deviation = .exp(logits[place] - sums.largest) / sums.total * count - 1
      squares += deviation * deviation
      fourths += deviation * deviation * (deviation * deviation)
    }
    // Not so of a vocabulary without a token that can come, whose deviations are NaN.
    guard squares > 1e-24 * count else {
      return .undefined("the probabilities of a token's distribution are all the same")
    }
    return .finite(fourths / squares * (count / squares))
  }
}
