public import Evaluation
internal import LinearAlgebra

/// What an index says about one clustering: a number, or why there is none, and what to know about it.
public struct IndexValue: Sendable, Equatable {
  /// The number, or the reason why it is infinite or undefined.
  public var value: MeasuredValue
  /// What a reader must know.
  public var flags: [Flag]
  /// Numbers that the value was made of, or that belong beside it, by metric.
  public var details: [Detail]

  /// A number beside the value.
  public struct Detail: Sendable, Equatable {
    /// The metric in kebab case, such as `within-scatter`.
    public let metric: String
    /// The number, or why there is none.
    public let value: MeasuredValue

    /// Names a number.
    ///
    /// - Parameters:
    ///   - metric: The metric in kebab case.
    ///   - value: The number, or why there is none.
    public init(_ metric: String, _ value: MeasuredValue) {
      self.metric = metric
      self.value = value
    }
  }

  /// A value with what belongs beside it.
  ///
  /// - Parameters:
  ///   - value: The number, or why there is none.
  ///   - flags: What a reader must know.
  ///   - details: Numbers that belong beside it.
  public init(_ value: MeasuredValue, flags: [Flag] = [], details: [Detail] = []) {
    self.value = value
    self.flags = flags
    self.details = details
  }

  /// A number.
  ///
  /// - Parameters:
  ///   - value: A finite number.
  ///   - flags: What a reader must know.
  /// - Returns: The value.
  public static func finite(_ value: Double, flags: [Flag] = []) -> IndexValue {
    IndexValue(.finite(value), flags: flags)
  }

  /// No number.
  ///
  /// - Parameters:
  ///   - reason: Why there is none.
  ///   - flags: What a reader must know.
  /// - Returns: The value.
  public static func undefined(_ reason: String, flags: [Flag] = []) -> IndexValue {
    IndexValue(.undefined(reason), flags: flags)
  }

  /// A limit of +∞.
  ///
  /// - Parameters:
  ///   - reason: Why the limit is infinite.
  ///   - flags: What a reader must know.
  /// - Returns: The value.
  public static func positiveInfinity(_ reason: String, flags: [Flag] = []) -> IndexValue {
    IndexValue(.infinite(reason), flags: flags)
  }

  /// The number, +∞ or NaN.
  public var doubleValue: Double {
    switch value {
    case .finite(let number): number
    case .infinite: .infinity
    case .undefined: .nan
    }
  }
}

extension ClassScatter {
  /// Why no index has a value on these classes at all, if so.
  ///
  /// One class, a class for every point, all points the same point, or squares beyond float64.
  public var undefinedReason: String? {
    if classCount == 1 { return "all points are of one class" }
    if classCount == pointCount { return "every point is a class of its own" }
    if isWithinZero && isBetweenZero { return "all points are the same point" }
    let isInRange = within.isFinite && between.isFinite && (isWithinZero || within.isNormal)
    return isInRange ? nil : IndexValue.outOfRange
  }

  /// Flags for pairs of centroids that differ by less than their rounding, though not exactly equal.
  public var indistinguishableFlags: [Flag] {
    classPairs.filter { areCoincident($0, $1) && squaredCentroidDistances[$0, $1] > 0 }.map {
      Flag(
        "centroids-indistinguishable",
        detail: "the means of classes \($0) and \($1) differ by no more than their rounding")
    }
  }
}
