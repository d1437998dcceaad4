/// One uncertainty an answer, under a name.
public struct UncertaintyScore: Sendable, Equatable {
  /// The name, unique among the scores that are compared.
  public var name: String
  /// One number an answer, higher is worse.
  public var values: [Double]

  /// Names a score.
  ///
  /// - Parameters:
  ///   - name: The name, unique among the scores that are compared.
  ///   - values: One number an answer, higher is worse.
  public init(_ name: String, _ values: [Double]) {
    self.name = name
    self.values = values
  }
}

/// What several uncertainties of the same answers are worth, and how they differ.
public struct UncertaintyEvaluation: Sendable, Equatable, Codable {
  /// One metric of one score.
  public struct Entry: Sendable, Equatable, Codable {
    /// The score's name.
    public var score: String
    /// Which end of the metric is the good one.
    public var preference: Preference
    /// The value with its interval.
    public var measurement: Measurement
  }

  /// How much larger a metric of one score is than that of another, on the same resamples.
  public struct Difference: Sendable, Equatable, Codable {
    /// The score's name.
    public var score: String
    /// The name of the score whose metric is taken from it.
    public var reference: String
    /// Which end of the metric is the good one.
    public var preference: Preference
    /// The difference with its interval and a two-sided *p* value against 0.
    public var measurement: Measurement
  }

  /// The metrics, score by score.
  public var entries: [Entry]
  /// The differences, metric by metric.
  public var differences: [Difference]
  /// How many answers have the same uncertainty, score by score.
  public var ties: [TieDiagnostics]
}
