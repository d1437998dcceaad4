public import Evaluation

/// A number, or one number a sample or a pair, that a fitted probe measures of itself.
public struct ProbeMetric: Sendable, Equatable {
  /// The metric's name in records, in kebab case.
  public var metric: String
  /// The measured values.
  public var values: Values
  /// The value that a probe without any signal would have, where there is one.
  public var chance: Double?
  /// Which direction is better, where one is.
  public var betterWhen: Preference?
  /// What a reader of this very number must know.
  public var flags: [Flag]

  /// What was measured, and on what.
  public enum Values: Sendable, Equatable {
    /// One number a sample; the metric is their mean, with an interval by group.
    case perSample([Double])
    /// One number a pair of opposites, placed at the position of one of its members among the samples;
    /// the metric summarises them, with an interval by group.
    case perPair([Double], positions: [Int], summary: Summary)
    /// Whether each sample is right; the metric is their share, with an interval by group. Folded, it is
    /// max(a, 1 − a).
    case share([Bool], isFolded: Bool)
    /// One number for the whole, without an interval.
    case single(Double)
    /// One number about so many training samples, not about those that are measured.
    case training(Double, count: Int)
    /// No number, for the reason given.
    case undefined(String)
  }

  /// How many numbers become one.
  public enum Summary: Sendable, Equatable {
    /// Their mean.
    case mean
    /// Their median; of an even number, the mean of the middle two.
    case median
  }

  /// Creates a metric.
  ///
  /// - Parameters:
  ///   - metric: The name in records.
  ///   - values: What was measured.
  ///   - chance: The value without signal.
  ///   - betterWhen: The better direction.
  ///   - flags: What a reader of this number must know.
  public init(
    _ metric: String, _ values: Values, chance: Double? = nil, betterWhen: Preference? = nil,
    flags: [Flag] = []
  ) {
    self.metric = metric
    self.values = values
    self.chance = chance
    self.betterWhen = betterWhen
    self.flags = flags
  }
}
