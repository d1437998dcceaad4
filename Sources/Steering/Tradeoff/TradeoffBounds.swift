internal import RealModule

/// By how much more aligned logits rise than misaligned ones, at least and at most.
///
/// A constant added to all logits changes neither.
struct LogitGap {
  /// min_A − max_M: m₊ − m₋ of the lower bound.
  let least: Double
  /// max_A − min_M: of the upper bound.
  let greatest: Double

  init(aligned: [Double], misaligned: [Double]) {
    least = aligned.reduce(.infinity, min) - misaligned.reduce(-.infinity, max)
    greatest = aligned.reduce(-.infinity, max) - misaligned.reduce(.infinity, min)
  }
}

/// What can be proved about one prompt at a coefficient from how its logits change.
///
/// They hold whatever the randomness of the other tokens, for logits that are linear in the coefficient as
/// well as for measured ones. They are drawn with the data: a mean curve is to be held against the mean of
/// the prompts' bounds.
public struct TradeoffBounds: Sendable, Codable, Equatable {
  /// B(r) is at least tanh(½ gap + arctanh B₀), gap = min_A Δz − max_M Δz; `nil` without sets.
  ///
  /// Theorem 1 of the trade-off paper has this form with Δ as a margin of either side; where Δ is the difference
  /// of good and bad logits, the ½ is due.
  public let behaviourLower: Double?
  /// B(r) is at most tanh(½ gap + arctanh B₀), gap = max_A Δz − min_M Δz; `nil` without sets.
  public let behaviourUpper: Double?
  /// P(r) is at most P₀/(P₀ + (1 − P₀) e^{m₁}), m₁ the mean of Δz_i − Δz_c over wrong tokens by their
  /// probability (Jensen); `nil` without a correct token.
  public let helpfulnessUpper: Double?
  /// min(P(r), P(−r)) is at most this; `nil` without a correct token or without the opposite coefficient.
  ///
  /// P₀/(P₀ + (1 − P₀)(1 + ½ m₂ r²)) for linear logits: theorem 2 of the trade-off paper with α = 1 and
  /// λσβ = √m₂, without its assumption of randomness. For measured logits the changes a and b at r and −r take the
  /// place of ±r x, and Σ w e^{(a+b)/2} (1 + (a − b)²/8) that of 1 + ½ m₂ r².
  public let symmetricHelpfulnessUpper: Double?

  /// The bounds of one prompt from logits that are linear in the coefficient.
  ///
  /// - Parameters:
  ///   - logits: The prompt's logits.
  ///   - coefficient: r, finite, of either sign.
  ///   - answers: Which tokens to follow.
  /// - Throws: ``SteeringError/tokenOutOfRange(set:token:vocabularySize:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)`` if a change overflows.
  /// - Complexity: O(*V*).
  public init(
    _ logits: LinearLogits, at coefficient: Double, answers: AnswerTokens
  ) throws(SteeringError) {
    let change = logits.slopes.map { coefficient * $0 }
    try self.init(
      base: logits.base, change: change, oppositeChange: change.map { -$0 }, answers: answers)
  }

  /// The bounds of one prompt from measured logits.
  ///
  /// - Parameters:
  ///   - base: The logits at r = 0.
  ///   - steered: The logits at r.
  ///   - opposite: The logits at −r, for the symmetrised bound.
  ///   - answers: Which tokens to follow.
  /// - Throws: ``SteeringError/tokenOutOfRange(set:token:vocabularySize:)``,
  ///   ``SteeringError/widthMismatch(what:expected:actual:)``.
  /// - Complexity: O(*V*).
  public init(
    base: TokenLogits, steered: TokenLogits, opposite: TokenLogits? = nil, answers: AnswerTokens
  ) throws(SteeringError) {
    func change(_ other: TokenLogits) throws(SteeringError) -> [Double] {
      try requireWidth(other.vocabularySize, base.vocabularySize, "the steered logits")
      return zip(other.logProbabilities, base.logProbabilities).map { $0 - $1 }
    }
    var oppositeChange: [Double]?
    if let opposite { oppositeChange = try change(opposite) }
    try self.init(
      base: base, change: try change(steered), oppositeChange: oppositeChange, answers: answers)
  }

  private init(
    base: TokenLogits, change: [Double], oppositeChange: [Double]?, answers: AnswerTokens
  ) throws(SteeringError) {
    try answers.check(vocabularySize: base.vocabularySize)
    try requireFinite(change, "the change of the logits", unit: "token")
    if answers.hasSets {
      let gap = LogitGap(
        aligned: answers.aligned.map { change[$0] },
        misaligned: answers.misaligned.map { change[$0] })
      let start = base.halfLogOdds(of: answers)
      behaviourLower = Double.tanh(0.5 * gap.least + start)
      behaviourUpper = Double.tanh(0.5 * gap.greatest + start)
    } else {
      (behaviourLower, behaviourUpper) = (nil, nil)
    }
    guard let correct = answers.correct else {
      (helpfulnessUpper, symmetricHelpfulnessUpper) = (nil, nil)
      return
    }
    let others = base.others(than: correct)
    let shares = base.shares(of: others)
    let logOdds = base.logOddsAgainst(correct)
    let relative = others.map { change[$0] - change[correct] }
    helpfulnessUpper = 1 / (1 + Double.exp(logOdds + weightedMean(relative, shares)))
    symmetricHelpfulnessUpper = oppositeChange.map { opposite in
      let growth = zip(others, relative).map { token, forward in
        let backward = opposite[token] - opposite[correct]
        let difference = forward - backward
        return 0.5 * (forward + backward)
          + Double.log(onePlus: 0.125 * difference * difference)
      }
      return 1
        / (1 + Double.exp(logOdds + logSumExp(zip(growth, shares).map { $0 + Double.log($1) })))
    }
  }

  private init(
    behaviourLower: Double?, behaviourUpper: Double?, helpfulnessUpper: Double?,
    symmetricHelpfulnessUpper: Double?
  ) {
    self.behaviourLower = behaviourLower
    self.behaviourUpper = behaviourUpper
    self.helpfulnessUpper = helpfulnessUpper
    self.symmetricHelpfulnessUpper = symmetricHelpfulnessUpper
  }

  /// The bounds of the mean over prompts: the mean of the prompts' bounds.
  ///
  /// - Parameter bounds: One a prompt.
  /// - Returns: `nil` in each bound that a prompt lacks, or without prompts.
  public static func mean(of bounds: [TradeoffBounds]) -> TradeoffBounds {
    func mean(_ value: (TradeoffBounds) -> Double?) -> Double? {
      let values = bounds.compactMap(value)
      guard !values.isEmpty, values.count == bounds.count else { return nil }
      return values.reduce(0, +) / Double(values.count)
    }
    return TradeoffBounds(
      behaviourLower: mean(\.behaviourLower), behaviourUpper: mean(\.behaviourUpper),
      helpfulnessUpper: mean(\.helpfulnessUpper),
      symmetricHelpfulnessUpper: mean(\.symmetricHelpfulnessUpper))
  }
}
