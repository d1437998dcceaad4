/// An interval, or the flags that say why there is none.
public struct IntervalOutcome: Sendable, Hashable, Codable {
  /// The fewest groups from which an interval is computed.
  ///
  /// Below it the variance between groups is known too badly for any of the intervals here to keep
  /// its level, and the flag ``Flag/fewGroups`` takes the interval's place.
  public static let minimumGroupCount = 20

  /// The interval, if there is a valid one.
  public var interval: Interval?
  /// What a reader must know about it.
  public var flags: [Flag]

  /// Creates an outcome.
  ///
  /// - Parameters:
  ///   - interval: The interval, if there is a valid one.
  ///   - flags: What a reader must know about it.
  public init(interval: Interval?, flags: [Flag] = []) {
    self.interval = interval
    self.flags = flags
  }

  /// The outcome for max(*x*, 1 − *x*); see ``Interval/folded``.
  public var folded: IntervalOutcome {
    IntervalOutcome(interval: interval?.folded, flags: flags)
  }

  /// Why these groups cannot carry an interval, if they cannot.
  static func refusal(for groups: Grouping) -> IntervalOutcome? {
    refusal(groupCount: groups.count)
  }

  /// Why so many groups cannot carry an interval, if they cannot.
  package static func refusal(groupCount: Int) -> IntervalOutcome? {
    guard groupCount < minimumGroupCount else { return nil }
    let detail = "\(groupCount) groups, an interval needs \(minimumGroupCount)"
    return IntervalOutcome(
      interval: nil, flags: [Flag(Flag.fewGroups.name, detail: detail)])
  }

  /// Checks a nominal coverage.
  package static func check(level: Double) throws(EvaluationError) {
    guard level > 0, level < 1 else {
      throw .parameterOutOfRange(
        name: "level", value: "\(level)", allowed: "strictly between 0 and 1, such as 0.95")
    }
  }
}
