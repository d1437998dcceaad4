/// Which end of a metric's range is the good one.
public enum Preference: String, Sendable, Codable, CaseIterable {
  /// Larger values are better, as for an accuracy.
  case higher
  /// Smaller values are better, as for a loss.
  case lower

  /// Whether one value is better than another.
  ///
  /// - Parameters:
  ///   - value: The value that may be better.
  ///   - other: The value it is compared with.
  /// - Returns: `true` if `value` is strictly better.
  public func isBetter(_ value: Double, than other: Double) -> Bool {
    switch self {
    case .higher: value > other
    case .lower: value < other
    }
  }
}
