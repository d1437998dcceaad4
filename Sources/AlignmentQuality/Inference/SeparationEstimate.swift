public import Evaluation

/// The debiased separation of the classes of one layer, with its interval.
public struct SeparationEstimate: Sendable, Equatable {
  /// F_u, or why there is none.
  public let value: IndexValue
  /// The interval of F, or the flags that say why there is none.
  public let outcome: IntervalOutcome
  /// How many independent groups the points form.
  public let groupCount: Int

  /// The interval, if there is a valid one.
  public var interval: Interval? { outcome.interval }
  /// What a reader must know about the value and the interval.
  public var flags: [Flag] { value.flags + outcome.flags }
}
