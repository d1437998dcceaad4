public import Activations
internal import LinearAlgebra

extension TokenDistribution {
  /// Summarises the logits of a dump's tokens in one pass over the mapped file, on several threads.
  ///
  /// - Parameters:
  ///   - logits: An array of logits with the axes `token` and `vocabulary`.
  ///   - tokens: Which tokens, in the order wanted; all of them if not given.
  ///   - includingKurtosis: Whether to compute ``kurtosis``, which takes a quarter longer.
  /// - Returns: A distribution for each token.
  /// - Throws: ``EpistemicsError/activations(_:)`` with the place of a NaN, of +∞, or of a token whose logits are
  ///   all −∞.
  /// - Complexity: One exponential a logit. Half precision takes little longer than reading the file.
  public static func read(
    from logits: DumpArray, tokens: [Int]? = nil, includingKurtosis: Bool = false
  ) throws(EpistemicsError) -> [TokenDistribution] {
    let rows = tokens ?? Array(0..<(logits.count(of: .token) ?? 0))
    return try logits.mapRows(of: .token, at: rows, columns: .vocabulary) {
      (place, bytes, element) throws(EpistemicsError) in
      try distribution(
        of: bytes, element: element, includingKurtosis: includingKurtosis, token: rows[place],
        in: logits)
    }
  }

  private static func distribution(
    of bytes: RawSpan, element: Widening.Element, includingKurtosis: Bool, token: Int,
    in logits: DumpArray
  ) throws(EpistemicsError) -> TokenDistribution {
    do throws(LinearAlgebraError) {
      return try TokenDistribution(
        of: bytes, element: element, includingKurtosis: includingKurtosis)
    } catch {
      let problem =
        if case .nonFinite(_, let column) = error {
          "has a NaN or +infinity at token \(token) (counted through all answers), vocabulary entry "
            + "\(column); logits are finite, or -infinity for a token that cannot come. Export in float32"
        } else {
          "has no finite logit at token \(token) (counted through all answers)"
        }
      throw .activations(
        .invalidArray(role: logits.role.identifier, file: logits.fileDescription, problem: problem))
    }
  }
}
