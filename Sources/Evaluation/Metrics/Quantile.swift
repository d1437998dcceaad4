/// The sample quantile that interpolates linearly between order statistics.
///
/// Definition 7 of Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566, and NumPy's default.
public enum Quantile {
  /// Returns a quantile of sorted values.
  ///
  /// - Parameters:
  ///   - share: How much of the values lies below, from 0 for the smallest to 1 for the largest.
  ///   - sorted: At least one value, rising.
  /// - Returns: The value at position share · (n − 1), between its two neighbours.
  public static func value(at share: Double, ofSorted sorted: [Double]) -> Double {
    precondition(!sorted.isEmpty, "a quantile needs at least 1 value")
    precondition((0...1).contains(share), "a share lies between 0 and 1, got \(share)")
    let position = share * Double(sorted.count - 1)
    let lower = min(Int(position), sorted.count - 1)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
  }
}
