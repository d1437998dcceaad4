internal import RealModule

/// Which distribution a Kullback–Leibler divergence is taken from.
public enum DivergenceDirection: String, Sendable, Codable, CaseIterable {
  /// KL(p₀ ‖ p_r): the expectation is over unsteered predictions.
  case baseToSteered = "base-to-steered"
  /// KL(p_r ‖ p₀): the expectation is over steered predictions.
  case steeredToBase = "steered-to-base"
}

/// The logits of one prompt as a straight line in the coefficient: z(r) = z₀ + r · g.
///
/// Exact where steering is added after the final norm, or where there is none; with a final norm g is the
/// derivative at 0, and what follows holds near 0 only.
public struct LinearLogits: Sendable, Equatable {
  /// The unsteered logits, at r = 0.
  public let base: TokenLogits
  /// g: by how much each logit rises per unit of the coefficient.
  public let slopes: [Double]

  /// Logits that are linear in the coefficient.
  ///
  /// - Parameters:
  ///   - logits: z₀, or their log-probabilities; one a token, finite.
  ///   - slopes: g; one a token, finite. A constant added to all changes nothing.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)``.
  public init(logits: [Double], slopes: [Double]) throws(SteeringError) {
    base = try TokenLogits(logits)
    try requireWidth(slopes.count, logits.count, "the logit slopes")
    try requireFinite(slopes, "the logit slopes", unit: "token")
    self.slopes = slopes
  }

  /// The logits at a coefficient.
  ///
  /// - Parameter coefficient: r, finite.
  /// - Returns: Log-probabilities.
  /// - Throws: ``SteeringError/invalidCurve(what:place:reason:)`` if a logit overflows.
  public func steered(by coefficient: Double) throws(SteeringError) -> TokenLogits {
    try TokenLogits(
      zip(base.logProbabilities, slopes).map { $0 + coefficient * $1 })
  }

  /// Mean and variance of the slopes under the unsteered probabilities: ḡ and Var_p g.
  var slopeMoments: (mean: Double, variance: Double) {
    let probabilities = base.logProbabilities.map { Double.exp($0) }
    let mean = weightedMean(slopes, probabilities)
    return (mean, weightedMean(slopes.map { ($0 - mean) * ($0 - mean) }, probabilities))
  }

  /// The divergence between the unsteered and the steered prediction, exactly.
  ///
  /// With x = r(g − ḡ) and K = log E_p e^x, KL(p₀ ‖ p_r) = K and KL(p_r ‖ p₀) = E_{p_r} x − K; both are
  /// ½ r² Var_p g + O(r³).
  ///
  /// - Parameters:
  ///   - coefficient: r, finite.
  ///   - direction: Which divergence.
  /// - Returns: At least 0, in nats; +∞ if a logit overflows.
  /// - Complexity: O(*V*).
  public func divergence(
    at coefficient: Double, direction: DivergenceDirection = .baseToSteered
  ) -> Double {
    let mean = slopeMoments.mean
    let steps = slopes.map { coefficient * ($0 - mean) }
    let largest = steps.reduce(0) { max($0, $1.magnitude) }
    guard largest.isFinite else { return .infinity }
    let cumulant: Double
    if largest < 1 {
      // E_p x = 0, so that x can be taken off inside the sum, and small coefficients keep their digits.
      let excess = zip(base.logProbabilities, steps).reduce(0) { sum, pair in
        sum + Double.exp(pair.0) * (Double.expMinusOne(pair.1) - pair.1)
      }
      cumulant = Double.log(onePlus: excess)
    } else {
      cumulant = logSumExp(zip(base.logProbabilities, steps).map { $0 + $1 })
    }
    switch direction {
    case .baseToSteered: return max(0, cumulant)
    case .steeredToBase:
      let steered = zip(base.logProbabilities, steps).map { Double.exp($0 + $1 - cumulant) }
      return max(0, weightedMean(steps, steered) - cumulant)
    }
  }

  /// By how much the cross-entropy of a token rises: log E_p e^{rg} − r g_y.
  ///
  /// For predictions that are calibrated its linear term averages out over tokens, and the mean is
  /// ½ r² Var + o(r²): Taimeskhanov et al. (2026), arXiv 2602.02712, theorem 3.8.
  ///
  /// - Parameters:
  ///   - token: The token that really came next, y.
  ///   - coefficient: r, finite.
  /// - Returns: In nats; negative where steering makes the token more likely.
  /// - Throws: ``SteeringError/tokenOutOfRange(set:token:vocabularySize:)``.
  public func crossEntropyChange(
    of token: Int, at coefficient: Double
  ) throws(SteeringError) -> Double {
    try AnswerTokens(correct: token).check(vocabularySize: base.vocabularySize)
    return divergence(at: coefficient) - coefficient * (slopes[token] - slopeMoments.mean)
  }
}

/// Σ w x / Σ w.
func weightedMean(_ values: [Double], _ weights: [Double]) -> Double {
  zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
}
