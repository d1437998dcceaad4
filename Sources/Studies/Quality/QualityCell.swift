public import Evaluation

/// What one method says about one layer, all of its points or those of one category.
public struct QualityCell: Sendable, Equatable {
  /// The method, or the variant of it.
  public let name: MethodName
  /// The layer; `nil` for what concerns all of them, such as a pool.
  public let layer: Int?
  /// The category of samples, or the other layer of a comparison; `nil` for all samples.
  public let category: String?
  /// The value, with interval, chance and p values where there are any.
  public internal(set) var measurement: Measurement
  /// Numbers that belong beside it.
  public let details: [Measurement]

  /// Whether the interval is that of a debiased value, which need not hold the value itself.
  var hasDebiasedInterval: Bool {
    measurement.interval != nil && measurement.flags.contains { $0.name == "debiased-interval" }
  }

  /// The metric of a value in records.
  public static let metric = "value"
}
