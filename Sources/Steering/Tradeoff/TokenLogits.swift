internal import RealModule

/// The logits of one prompt at one coefficient, as log-probabilities.
///
/// All arithmetic is in float64 and subtracts the largest logit first.
public struct TokenLogits: Sendable, Equatable {
  /// log softmax of the logits, one a token; none is above 0.
  public let logProbabilities: [Double]

  /// How many tokens there are.
  public var vocabularySize: Int { logProbabilities.count }

  /// Log-probabilities from logits.
  ///
  /// - Parameter logits: Logits or log-probabilities: a constant added to all changes nothing.
  /// - Throws: ``SteeringError/invalidCurve(what:place:reason:)`` for fewer than two tokens or a logit that
  ///   is NaN or infinite.
  /// - Complexity: O(*V*).
  public init(_ logits: [Double]) throws(SteeringError) {
    guard logits.count >= 2 else {
      throw .invalidCurve(
        what: "the logits", place: nil,
        reason: "there are \(logits.count) tokens, and a choice needs at least 2")
    }
    try requireFinite(logits, "the logits", unit: "token")
    let normalizer = logSumExp(logits)
    guard normalizer.isFinite else {
      throw .invalidCurve(what: "the logits", place: nil, reason: "their sum overflows")
    }
    logProbabilities = logits.map { $0 - normalizer }
  }

  /// The probability of a token.
  ///
  /// - Parameter token: The token.
  /// - Returns: From 0 to 1.
  /// - Precondition: The vocabulary has the token.
  public func probability(of token: Int) -> Double { Double.exp(logProbabilities[token]) }

  /// arctanh B = ½ log(P_A / P_M): half the log-odds of aligned against misaligned mass.
  ///
  /// - Parameter answers: Two sets of tokens.
  /// - Returns: Any finite number, even where B itself rounds to ±1.
  /// - Precondition: There are sets, and the vocabulary has their tokens.
  public func halfLogOdds(of answers: AnswerTokens) -> Double {
    0.5 * (logMass(answers.aligned) - logMass(answers.misaligned))
  }

  /// The behaviour B = (P_A − P_M)/(P_A + P_M).
  ///
  /// - Parameter answers: Two sets of tokens.
  /// - Returns: From −1, misaligned, to 1, aligned.
  /// - Precondition: There are sets, and the vocabulary has their tokens.
  public func behaviour(of answers: AnswerTokens) -> Double {
    Double.tanh(halfLogOdds(of: answers))
  }

  /// log((1 − P)/P) of a token, without the cancellation of 1 − P.
  ///
  /// - Parameter token: The token.
  /// - Returns: Any finite number.
  /// - Precondition: The vocabulary has the token.
  public func logOddsAgainst(_ token: Int) -> Double {
    logSumExp(others(than: token).map { logProbabilities[$0] }) - logProbabilities[token]
  }

  /// Every token but one.
  func others(than token: Int) -> [Int] { logProbabilities.indices.filter { $0 != token } }

  /// The probabilities of some tokens among themselves; they sum to 1.
  func shares(of tokens: [Int]) -> [Double] {
    let logarithms = tokens.map { logProbabilities[$0] }
    let mass = logSumExp(logarithms)
    return logarithms.map { Double.exp($0 - mass) }
  }

  private func logMass(_ tokens: [Int]) -> Double {
    logSumExp(tokens.map { logProbabilities[$0] })
  }

  /// KL(this ‖ other) = Σ p log(p/q), in nats.
  ///
  /// - Parameter other: Logits of the same vocabulary.
  /// - Returns: At least 0.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``.
  /// - Complexity: O(*V*).
  public func divergence(from other: TokenLogits) throws(SteeringError) -> Double {
    try requireWidth(other.vocabularySize, vocabularySize, "the other logits")
    // Σ p (log(p/q) − 1 + q/p) has no negative term, so that rounding cannot make it negative.
    var sum = 0.0
    for (own, others) in zip(logProbabilities, other.logProbabilities) {
      let step = others - own
      let mass = Double.exp(own)
      // The first form keeps the digits of small steps; the second has no infinity of large ones.
      sum +=
        step < 1
        ? mass * (Double.expMinusOne(step) - step) : Double.exp(others) - mass - mass * step
    }
    return max(0, sum)
  }
}

/// log Σ e^x, of at least one finite number.
func logSumExp(_ values: [Double]) -> Double {
  let largest = values.reduce(-.infinity, max)
  return largest + Double.log(values.reduce(0) { $0 + Double.exp($1 - largest) })
}

/// Throws at the first value that is NaN or infinite.
func requireFinite(_ values: [Double], _ what: String, unit: String) throws(SteeringError) {
  if let place = values.firstIndex(where: { !$0.isFinite }) {
    throw .invalidCurve(
      what: what, place: "\(unit) \(place)", reason: "the value is \(values[place])")
  }
}

/// Throws if a count is not what it must be.
func requireWidth(_ actual: Int, _ expected: Int, _ what: String) throws(SteeringError) {
  guard actual == expected else {
    throw .widthMismatch(what: what, expected: expected, actual: actual)
  }
}
