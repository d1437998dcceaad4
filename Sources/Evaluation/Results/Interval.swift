/// A confidence interval: two finite ends, its level and the name of the method that gave it.
public struct Interval: Sendable, Hashable {
  /// The lower end.
  public let lower: Double
  /// The upper end, at least ``lower``.
  public let upper: Double
  /// The nominal coverage, such as 0.95.
  public let level: Double
  /// The method in kebab case, such as "wilson-effective-size".
  public let method: String

  /// Creates an interval.
  ///
  /// - Parameters:
  ///   - lower: The lower end, finite.
  ///   - upper: The upper end, finite and at least `lower`.
  ///   - level: The nominal coverage, between 0 and 1.
  ///   - method: The method in kebab case.
  public init(lower: Double, upper: Double, level: Double, method: String) {
    precondition(
      lower.isFinite && upper.isFinite && lower <= upper,
      "an interval needs finite ends in order, got \(lower) and \(upper)")
    precondition(level > 0 && level < 1, "a level lies between 0 and 1, got \(level)")
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
  }

  /// The length of the interval.
  public var width: Double { upper - lower }

  /// Whether a value lies in the interval, ends included.
  ///
  /// - Parameter value: The value to look for.
  /// - Returns: `true` if it is covered.
  public func contains(_ value: Double) -> Bool {
    lower <= value && value <= upper
  }

  /// The interval of max(*x*, 1 − *x*) where this is the interval of *x*.
  ///
  /// This is the exact image of the interval: every value that this interval holds is folded into the
  /// result, and the result holds nothing else. So whenever this interval covers the true *x*, the
  /// result covers max(*x*, 1 − *x*), and the coverage is at least that of this interval. It never
  /// goes below 0.5, and it starts at 0.5 exactly when this interval holds 0.5. A bootstrap of folded
  /// replicates has no such promise: near 0.5 all of its replicates lie above the true value.
  public var folded: Interval {
    let mirroredLower = 1 - upper
    let mirroredUpper = 1 - lower
    if lower >= 0.5 {
      return Interval(lower: lower, upper: upper, level: level, method: method)
    }
    if upper <= 0.5 {
      return Interval(lower: mirroredLower, upper: mirroredUpper, level: level, method: method)
    }
    return Interval(lower: 0.5, upper: max(upper, mirroredUpper), level: level, method: method)
  }
}

extension Interval: Codable {
  private enum CodingKeys: String, CodingKey {
    case lower
    case upper
    case level
    case method
  }

  /// Decodes an interval and refuses ends or a level that cannot be.
  ///
  /// - Throws: `DecodingError.dataCorrupted` for ends out of order or a level outside (0, 1).
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let lower = try container.decode(Double.self, forKey: .lower)
    let upper = try container.decode(Double.self, forKey: .upper)
    let level = try container.decode(Double.self, forKey: .level)
    guard lower.isFinite, upper.isFinite, lower <= upper, level > 0, level < 1 else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "no interval from \(lower) to \(upper) at level \(level)"))
    }
    let method = try container.decode(String.self, forKey: .method)
    self.init(lower: lower, upper: upper, level: level, method: method)
  }
}
