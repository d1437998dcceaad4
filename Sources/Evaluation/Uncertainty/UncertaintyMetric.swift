/// Judges uncertainties of answers by the quality that the answers turned out to have.
///
/// A conforming type holds settings only. To add a metric, write one file and add it to
/// ``UncertaintyMetricCatalog/all``. A metric is written for weighted samples: what depends on one score is
/// arranged once, and every resample of a bootstrap is then a pass over that arrangement in linear time.
public protocol UncertaintyMetric: CatalogEntry, Equatable {
  /// What is computed once a score, whatever the weights, such as the order of the samples.
  associatedtype Arrangement: Sendable = ScoreOrder
  /// What depends on quality and weights alone, such as the value of a perfect score.
  associatedtype Baseline: Sendable = Void

  /// The name in records, such as `prr`.
  static var metric: String { get }
  /// Which end is the good one.
  static var preference: Preference { get }
  /// What the quality may be.
  static var quality: QualityKind { get }
  /// Whether uncertainties are probabilities, so that their size counts and not only their order.
  static var needsProbabilities: Bool { get }
  /// The interval that keeps its level best.
  static var interval: UncertaintyInterval { get }
  /// The name in records, with what the settings make of it.
  var recordName: String { get }

  /// Refuses settings that cannot be used on so many samples.
  ///
  /// - Parameter count: How many samples there are.
  /// - Throws: ``EvaluationError/parameterOutOfRange(name:value:allowed:)``.
  func check(count: Int) throws(EvaluationError)

  /// What a score that says nothing has in expectation.
  ///
  /// - Parameter quality: The quality of the answers.
  /// - Returns: The value; `nil` where it depends on more than the quality.
  func chance(of quality: PreparedQuality) -> Double?

  /// Answers that count, where a setting says what to do with missing ones.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer.
  ///   - quality: One number an answer.
  /// - Returns: Those of the answers that are not left out.
  func attempted(
    uncertainty: [Double], quality: [Double]
  ) -> (uncertainty: [Double], quality: [Double])

  /// Arranges the answers by one score.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: The quality of the answers.
  /// - Returns: What ``value(of:against:baseline:weights:)`` needs of the score.
  /// - Throws: ``EvaluationError`` for scores that the metric cannot be had of.
  func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> Arrangement

  /// Computes what all scores of the same weighted answers share.
  ///
  /// - Parameters:
  ///   - quality: The quality of the answers.
  ///   - weights: How often each answer counts.
  ///   - previous: The result for other weights, from which costly parts may be taken.
  /// - Returns: What ``value(of:against:baseline:weights:)`` needs of it.
  func baseline(
    of quality: PreparedQuality, weights: SampleWeights, previous: Baseline?
  ) -> Baseline

  /// The metric of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers arranged by the score.
  ///   - quality: The quality of the answers.
  ///   - baseline: What all scores share.
  ///   - weights: How often each answer counts; at least one does.
  /// - Returns: The value, or why there is none.
  func value(
    of arrangement: Arrangement, against quality: PreparedQuality, baseline: Baseline,
    weights: SampleWeights
  ) -> MeasuredValue
}

/// How the interval of a metric is found.
public enum UncertaintyInterval: Sendable, Equatable {
  /// By resampling groups.
  case bootstrap(BootstrapEnds)
  /// By the variance of an area under the ROC curve, ``DeLongInterval``.
  case areaUnderROC
  /// Not at all, because no interval known here keeps its level; the flag `no-interval` stands in its place.
  case none
}

extension UncertaintyMetric {
  /// Their order alone.
  public static var needsProbabilities: Bool { false }
  /// The metric's own name.
  public var recordName: String { Self.metric }
  /// Every setting will do.
  public func check(count: Int) throws(EvaluationError) {}
  /// Not known.
  public func chance(of quality: PreparedQuality) -> Double? { nil }
  /// All of them.
  public func attempted(
    uncertainty: [Double], quality: [Double]
  ) -> (uncertainty: [Double], quality: [Double]) { (uncertainty, quality) }

  /// Computes the metric of one score.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: One number an answer, higher is better.
  /// - Returns: The value; undefined, with the reason, for answers that have none.
  /// - Throws: ``EvaluationError`` for no answers, counts that disagree, numbers that are not finite, or a
  ///   quality, an uncertainty or a setting that the metric does not take.
  /// - Complexity: O(*n* log *n*).
  public func value(
    uncertainty: [Double], quality: [Double]
  ) throws(EvaluationError) -> MeasuredValue {
    let answers = attempted(uncertainty: uncertainty, quality: quality)
    let prepared = try PreparedUncertaintyMetric(
      self, quality: try PreparedQuality(answers.quality))
    return try prepared.value(uncertainty: answers.uncertainty)
  }
}

extension UncertaintyMetric where Baseline == Void {
  /// Scores share nothing.
  public func baseline(
    of quality: PreparedQuality, weights: SampleWeights, previous: Void?
  ) {}
}

extension UncertaintyMetric where Arrangement == ScoreOrder {
  /// Sorts the answers; equal uncertainties form a run.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> ScoreOrder {
    ScoreOrder(try NonFiniteScores.refused.ordered(uncertainty))
  }
}
