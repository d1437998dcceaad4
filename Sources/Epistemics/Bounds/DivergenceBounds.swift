/// How far a distribution of the next token is from that under an ideal prompt, and what bounds it.
///
/// With logits z* under the ideal prompt and z under the actual one, P* = softmax z* and P = softmax z,
/// Δz = z* − z and r = max Δz − min Δz,
///
/// KL(P*‖P) ≤ min(r, r²/8), and r ≤ 2 maxᵢ ‖wᵢ‖ ‖h* − h‖ ≤ 2 ‖W‖₂ ‖h* − h‖ where z = W h:
///
/// r²/8 is Hoeffding's lemma for the log-partition function, r the range of log P* − log P, and the last bound, the
/// published one, is very loose. All values are in nats, and 0 if P* = P.
///
/// Bakman et al. (2025), arXiv:2510.02671, lemma 1; Hoeffding (1963), doi:10.1080/01621459.1963.10500830, lemma 1.
public struct DivergenceBounds: Sendable, Codable, Equatable {
  /// −Σ P* ln P = ``aleatoricUncertainty`` + ``divergence``: the cross-entropy of the ideal distribution and the actual
  /// one.
  public let totalUncertainty: Double
  /// H(P*), the entropy of the ideal distribution, from 0 to ln V.
  public let aleatoricUncertainty: Double
  /// KL(P*‖P), the epistemic part, at least 0.
  public let divergence: Double
  /// r = max Δz − min Δz, a bound of ``divergence``.
  public let logitRange: Double
  /// 2 maxᵢ ‖wᵢ‖ ‖h* − h‖, a bound of ``logitRange``; `nil` without an unembedding.
  public let rowNormBound: Double?
  /// 2 ‖W‖₂ ‖h* − h‖, a bound of ``rowNormBound``; `nil` without an unembedding.
  public let spectralBound: Double?

  /// r²/8, a bound of ``divergence`` that is below ``logitRange`` for r < 8.
  public var hoeffdingBound: Double { logitRange * logitRange / 8 }
  /// min(r, r²/8), the tightest bound here.
  public var smallestBound: Double { min(logitRange, hoeffdingBound) }

  init(
    _ sums: DivergenceSums, distance: Double = 0, norms: UnembeddingNorms? = nil
  ) {
    aleatoricUncertainty = sums.entropy
    divergence = sums.divergence
    totalUncertainty = sums.entropy + sums.divergence
    logitRange = sums.range
    rowNormBound = norms.map { 2 * $0.largestRowNorm * distance }
    spectralBound = norms.map { 2 * $0.spectralNorm * distance }
  }

  /// Compares two distributions by their logits.
  ///
  /// - Parameters:
  ///   - idealLogits: z*, one logit a token; a constant added to all changes nothing.
  ///   - logits: z, of the same vocabulary.
  /// - Throws: ``EpistemicsError/notEnough(what:count:minimum:)`` for less than 2 tokens,
  ///   ``EpistemicsError/mismatch(what:expected:actual:)`` or
  ///   ``EpistemicsError/notFinite(what:row:column:)``.
  /// - Complexity: O(*V*).
  public init(idealLogits: [Double], logits: [Double]) throws(EpistemicsError) {
    guard idealLogits.count >= 2 else {
      throw .notEnough(what: "tokens of the vocabulary", count: idealLogits.count, minimum: 2)
    }
    try requireEqual(logits.count, idealLogits.count, "the logits, as the ideal ones,")
    for (values, what) in [(idealLogits, "the ideal logits"), (logits, "the logits")] {
      if let token = values.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(what: what, row: 0, column: token)
      }
    }
    let differences = zip(idealLogits, logits).map { $0 - $1 }
    var sums = DivergenceSums()
    sums.add(ideal: idealLogits.span, differences: differences.span)
    self.init(sums)
  }
}
