public import LinearAlgebra

extension DivergenceBounds {
  /// Compares the distributions at many tokens by their final states.
  ///
  /// The unembedding is read once, in chunks of the vocabulary; Δz is taken as W (h* − h), so that states that are nearly
  /// equal keep their digits.
  ///
  /// - Parameters:
  ///   - idealStates: h*, (tokens, width), behind the final norm.
  ///   - states: h, of the same shape.
  ///   - unembedding: W.
  ///   - norms: The norms of W; the last two bounds are left out without them.
  /// - Returns: One value a token.
  /// - Throws: ``EpistemicsError/mismatch(what:expected:actual:)``,
  ///   ``EpistemicsError/notFinite(what:row:column:)`` or ``EpistemicsError/activations(_:)``.
  /// - Complexity: O(tokens · *V* · *d*), and memory for two chunks of logits of all tokens.
  public static func measure(
    idealStates: Matrix<Float>, states: Matrix<Float>, unembedding: Unembedding,
    norms: UnembeddingNorms? = nil
  ) throws(EpistemicsError) -> [DivergenceBounds] {
    try requireEqual(states.rowCount, idealStates.rowCount, "the states, as the ideal ones,")
    for (matrix, what) in [(idealStates, "the ideal states"), (states, "the states")] {
      try requireEqual(
        matrix.columnCount, unembedding.width, "the width of \(what), as of the unembedding,")
      try requireFinite(matrix, what)
    }
    let ideal = Matrix<Double>(idealStates)
    var steps = ideal
    steps.subtractElements(of: Matrix<Double>(states))
    var sums = [DivergenceSums](repeating: DivergenceSums(), count: states.rowCount)
    try unembedding.forEachChunk(of: 512) { chunk throws(EpistemicsError) in
      let logits = product(of: ideal.view, and: chunk.view, rightTransposed: true)
      let differences = product(of: steps.view, and: chunk.view, rightTransposed: true)
      Parallel.forEach(in: &sums) { token, own in
        own.add(ideal: logits.view.row(token), differences: differences.view.row(token))
      }
    }
    return sums.enumerated().map { token, own in
      DivergenceBounds(own, distance: euclideanNorm(steps.view.row(token)), norms: norms)
    }
  }
}
