/// For two classes and crisp labels, CH · XB = (n − 2) n₀n₁/n², whatever the points are.
///
/// trB = (n₀n₁/n) d² for two means at distance d, CH = (n − 2) trB/trW and XB = trW/(n d²). So the two
/// components of most formulas of the alignment quality index are one number, and a published pair
/// (CH, XB) that breaks the identity cannot come from one set of points and labels.
public enum IdentityCheck {
  /// How far float64 may be off; beyond it, CH or XB was computed wrongly.
  public static let tolerance = 1e-10

  /// ρ = CH · XB · n²/((n − 2) n₀n₁) − 1.
  ///
  /// For printed numbers compare it with their relative rounding errors, added.
  ///
  /// - Parameters:
  ///   - calinskiHarabasz: CH, finite.
  ///   - xieBeni: XB, finite.
  ///   - counts: n₀ and n₁.
  /// - Returns: ρ, 0 where the identity holds; `nil` unless there are two classes and more than two points.
  public static func residual(
    calinskiHarabasz: Double, xieBeni: Double, counts: [Int]
  ) -> Double? {
    guard counts.count == 2, let first = counts.first, let second = counts.last, first > 0,
      second > 0, first + second > 2
    else { return nil }
    let total = Double(first + second)
    let shares = Double(first) / total * (Double(second) / total)
    return calinskiHarabasz * xieBeni / ((total - 2) * shares) - 1
  }
}
