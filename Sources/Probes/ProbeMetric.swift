public import Evaluation

/// A number, or one number a sample, that a fitted probe measures of itself.
public struct ProbeMetric: Sendable, Equatable {
  /// The metric's name in records, in kebab case.
  public var metric: String
  /// The measured values: one a sample, whose mean is the metric, or a single one.
  public var values: Values
  /// The value that a probe without any signal would have, where there is one.
  public var chance: Double?
  /// Which direction is better, where one is.
  public var betterWhen: Preference?

  /// One number or one a sample.
  public enum Values: Sendable, Equatable {
    /// One number a sample; the metric is their mean, with an interval by group.
    case perSample([Double])
    /// One number for the whole, without an interval.
    case single(Double)
    /// One number about so many training samples, not about those that are measured.
    case training(Double, count: Int)
  }

  /// Creates a metric.
  ///
  /// - Parameters:
  ///   - metric: The name in records.
  ///   - values: One number, or one a sample.
  ///   - chance: The value without signal.
  ///   - betterWhen: The better direction.
  public init(
    _ metric: String, _ values: Values, chance: Double? = nil, betterWhen: Preference? = nil
  ) {
    self.metric = metric
    self.values = values
    self.chance = chance
    self.betterWhen = betterWhen
  }
}
