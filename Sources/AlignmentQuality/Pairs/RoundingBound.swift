internal import LinearAlgebra

/// How far rounding can move a squared distance that was taken from a product of rows.
///
/// With s the squared lengths of centred rows, the bound of a pair is E = share · (s_i + s_j) + floor, and
/// holds whatever the order in which the product is summed: γ_d (s_i + s_j) for the product, at most
/// 4 u (s_i + s_j) each for the centring with its cast and for the combination of the three terms, and what
/// may underflow. The float64 evaluation by differences, which it is held against, rounds too. The usual
/// estimate with √d in place of d is what to expect, and is no bound.
///
/// Higham (2002), *Accuracy and Stability of Numerical Algorithms*, section 3.1, for γ_d.
package struct RoundingBound: Sendable, Equatable {
  /// The part of s_i + s_j.
  package let share: Double
  /// What underflow adds.
  package let floor: Double
  /// By what part two float64 distances may differ and yet have equal square roots.
  package static let tie = 8 * Double.ulpOfOne

  /// The bound for rows of a width, of coordinates of at most 1.
  ///
  /// `nil` where there is none: where width · u reaches 1.
  package init?<Tile: TileScalar>(width: Int, of type: Tile.Type) {
    guard let product = Self.accumulated(width, unit: Double(Tile.ulpOfOne) / 2),
      let direct = Self.accumulated(width + 4, unit: Double.ulpOfOne / 2)
    else { return nil }
    // s_i + s_j is at least half of the squared distance.
    share = product + 16 * Double(Tile.ulpOfOne) / 2 + 2 * direct + 4 * Self.tie
    floor = 8 * Double(width) * Double(Tile.leastNonzeroMagnitude)
  }

  /// γ_d = d u/(1 − d u).
  private static func accumulated(_ width: Int, unit: Double) -> Double? {
    let sum = Double(width) * unit
    return sum < 1 ? sum / (1 - sum) : nil
  }
}
