internal import RealModule

/// What steering one prompt does near r = 0, exactly to second order.
///
/// For logits z₀ + r · g and p = softmax(z₀).
public struct LocalExpansion: Sendable, Codable, Equatable {
  /// ḡ = E_p g, logits per unit of the coefficient.
  public let meanSlope: Double
  /// Var_p g, at least 0: the divergence, in either direction, is ½ r² Var + O(r³).
  public let slopeVariance: Double
  /// Of the correct token's probability, if there is a correct token.
  public let helpfulness: HelpfulnessExpansion?
  /// Of the behaviour, if there are sets.
  public let behaviour: BehaviourExpansion?

  /// How the probability of the correct token c changes.
  public struct HelpfulnessExpansion: Sendable, Codable, Equatable {
    /// P = p_c, from 0 to 1.
    public let probability: Double
    /// dP/dr = p_c (g_c − ḡ): it is not 0 for one prompt, and averages out only if prompts let it.
    public let slope: Double
    /// d²P/dr² = p_c [(g_c − ḡ)² − Var].
    public let curvature: Double
    /// d(−log p_c)/dr = ḡ − g_c; the second derivative of the cross-entropy is Var.
    public let crossEntropySlope: Double
    /// m₁ = Σ_{i≠c} w_i (g_i − g_c) with w_i = p_i/(1 − p_c), which the one-sided bound uses.
    public let meanRelativeSlope: Double
    /// m₂ = Σ_{i≠c} w_i (g_i − g_c)², whose root stands for λσβ in the symmetrised bound.
    public let meanSquaredRelativeSlope: Double
  }

  /// How the behaviour changes.
  public struct BehaviourExpansion: Sendable, Codable, Equatable {
    /// B₀, from −1 to 1.
    public let value: Double
    /// dB/dr = ½ (1 − B₀²)(E_A g − E_M g), means under p within each set.
    public let slope: Double
    /// E_A g − E_M g: the slope of the log-odds of aligned against misaligned mass at r = 0.
    public let logOddsSlope: Double
    /// min_A g − max_M g: no prompt's log-odds can rise more slowly, r ≥ 0.
    public let leastGapSlope: Double
    /// max_A g − min_M g: nor faster.
    public let greatestGapSlope: Double
  }

  /// The expansion of one prompt.
  ///
  /// - Parameters:
  ///   - logits: The prompt's logits as a line in the coefficient.
  ///   - answers: Which tokens to follow; none for the divergence alone.
  /// - Throws: ``SteeringError/tokenOutOfRange(set:token:vocabularySize:)``.
  /// - Complexity: O(*V*).
  public init(of logits: LinearLogits, answers: AnswerTokens?) throws(SteeringError) {
    try answers?.check(vocabularySize: logits.base.vocabularySize)
    let moments = logits.slopeMoments
    meanSlope = moments.mean
    slopeVariance = moments.variance
    helpfulness = answers?.correct.map { correct in
      let probability = logits.base.probability(of: correct)
      let excess = logits.slopes[correct] - moments.mean
      let others = logits.base.others(than: correct)
      let relative = others.map { logits.slopes[$0] - logits.slopes[correct] }
      let shares = logits.base.shares(of: others)
      return HelpfulnessExpansion(
        probability: probability, slope: probability * excess,
        curvature: probability * (excess * excess - moments.variance),
        crossEntropySlope: -excess, meanRelativeSlope: weightedMean(relative, shares),
        meanSquaredRelativeSlope: weightedMean(relative.map { $0 * $0 }, shares))
    }
    behaviour = answers.flatMap {
      $0.hasSets ? Self.behaviour(of: logits, answers: $0) : nil
    }
  }

  private static func behaviour(
    of logits: LinearLogits, answers: AnswerTokens
  ) -> BehaviourExpansion {
    let aligned = answers.aligned.map { logits.slopes[$0] }
    let misaligned = answers.misaligned.map { logits.slopes[$0] }
    let gap =
      weightedMean(aligned, logits.base.shares(of: answers.aligned))
      - weightedMean(misaligned, logits.base.shares(of: answers.misaligned))
    // 1 − tanh² x is 1/cosh² x, which keeps its digits where B rounds to ±1.
    let inverse = 1 / Double.cosh(logits.base.halfLogOdds(of: answers))
    let gaps = LogitGap(aligned: aligned, misaligned: misaligned)
    return BehaviourExpansion(
      value: logits.base.behaviour(of: answers), slope: 0.5 * inverse * inverse * gap,
      logOddsSlope: gap, leastGapSlope: gaps.least, greatestGapSlope: gaps.greatest)
  }
}
