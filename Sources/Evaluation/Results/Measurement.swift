/// One metric's value with everything that is needed to judge it.
public struct Measurement: Sendable, Hashable, Codable {
  /// The metric in kebab case, such as "accuracy".
  public var metric: String
  /// The value, or why there is none.
  public var value: MeasuredValue
  /// The confidence interval, if there is a valid one.
  public var interval: Interval?
  /// The value to expect without any signal; for a permutation test the mean under permutation.
  public var chance: Double?
  /// The chance of a value at least this good without any signal.
  public var pValue: Double?
  /// The *p* value corrected for the best of several cells having been looked for.
  public var pValueAdjusted: Double?
  /// How many samples were measured.
  public var sampleCount: Int
  /// How many independent groups they form.
  public var groupCount: Int
  /// What a reader must know.
  public var flags: [Flag]

  /// Creates a measurement; a value that is not finite adds its flag.
  ///
  /// - Parameters:
  ///   - metric: The metric in kebab case.
  ///   - value: The value, or why there is none.
  ///   - interval: The confidence interval, if there is a valid one.
  ///   - chance: The value to expect without any signal.
  ///   - pValue: The chance of a value at least this good without any signal.
  ///   - pValueAdjusted: The *p* value corrected for the number of cells looked at.
  ///   - sampleCount: How many samples were measured.
  ///   - groupCount: How many independent groups they form.
  ///   - flags: What a reader must know.
  public init(
    metric: String, value: MeasuredValue, interval: Interval? = nil, chance: Double? = nil,
    pValue: Double? = nil, pValueAdjusted: Double? = nil, sampleCount: Int, groupCount: Int,
    flags: [Flag] = []
  ) {
    self.metric = metric
    self.value = value
    self.interval = interval
    self.chance = chance
    self.pValue = pValue
    self.pValueAdjusted = pValueAdjusted
    self.sampleCount = sampleCount
    self.groupCount = groupCount
    self.flags = flags
    if let flag = value.flag, !flags.contains(flag) { self.flags.append(flag) }
  }
}
