internal import Activations
internal import LinearAlgebra

extension PolarityAwareCCS {
  /// Subtracts from each side its own mean.
  ///
  /// - Parameter pairs: Normalised pairs, at least one.
  /// - Returns: The length of what was subtracted over the root-mean-square length of what is left, of
  ///   the side where that is more; 0 if the side had no mean, infinite never.
  /// - Throws: ``ProbeError/activations(_:)`` for activations that are not finite.
  static func center(_ pairs: inout ContrastPairs) throws(ProbeError) -> Double {
    do throws(ActivationsError) {
      let before = pairs
      try Normalization().fit(pairs).apply(to: &pairs)
      return max(
        offset(from: before.positive, to: pairs.positive),
        offset(from: before.negative, to: pairs.negative))
    } catch {
      throw .activations(error)
    }
  }

  /// Gives each member of each pair the mean of its own subset to lose: A and Ā by themselves, and in each
  /// the two sides.
  ///
  /// - Parameters:
  ///   - pairs: Normalised pairs.
  ///   - opposites: Which of them are opposites of each other.
  /// - Returns: All first members, then all second ones, each centred.
  /// - Throws: ``ProbeError/activations(_:)`` for activations that are not finite.
  static func centeredSubsets(
    of pairs: ContrastPairs, _ opposites: OppositePairs
  ) throws(ProbeError) -> ContrastPairs {
    var members = pairs.selecting(opposites.first + opposites.second)
    members.categories = opposites.first.map { _ in 0 } + opposites.second.map { _ in 1 }
    do throws(ActivationsError) {
      try Normalization(scope: .perCategory).fit(members).apply(to: &members)
    } catch {
      throw .activations(error)
    }
    return members
  }

  private static func offset(from before: Matrix<Float>, to after: Matrix<Float>) -> Double {
    let spread = after.rowNorms().reduce(0) { $0 + $1 * $1 } / Double(after.rowCount)
    let meanSquare = before.rowNorms().reduce(0) { $0 + $1 * $1 } / Double(before.rowCount)
    // The mean of squares is the square of the mean and the spread about it.
    return spread > 0 ? (max(0, meanSquare - spread) / spread).squareRoot() : 0
  }
}
