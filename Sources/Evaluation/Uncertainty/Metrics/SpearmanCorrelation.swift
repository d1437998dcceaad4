/// Spearman's ρ of the uncertainty and the loss of quality.
///
/// The correlation of the ranks, ties sharing their mean rank. 1 is the same order, 0 is chance, −1 the reverse
/// order. Undefined if all qualities, or all uncertainties, agree.
///
/// Spearman (1904), doi:10.2307/1412159.
public struct SpearmanCorrelation: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "spearman-correlation"
  /// One line of help.
  public static let summary = "rank correlation of uncertainty with the loss of quality"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Spearman", year: 1904,
    title: "The Proof and Measurement of Association between Two Things",
    link: "doi:10.2307/1412159")
  /// The name in records.
  public static let metric = "spearman"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// Creates the metric.
  public init() {}

  /// 0.
  ///
  /// - Parameter quality: The quality of the answers.
  /// - Returns: The value.
  public func chance(of quality: PreparedQuality) -> Double? { 0 }

  /// The correlation of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: Nothing.
  ///   - weights: How often each answer counts.
  /// - Returns: The correlation; undefined if one side is constant.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Void,
    weights: SampleWeights
  ) -> MeasuredValue {
    let losses = Self.doubledRanks(quality.oracle, weights)
    let scores = Self.doubledRanks(arrangement, weights)
    let middle = weights.total + 1
    var (products, lossSquares, scoreSquares) = (0.0, 0.0, 0.0)
    for (answer, count) in weights.counts.enumerated() where count > 0 {
      let (loss, score) = (Double(losses[answer] - middle), Double(scores[answer] - middle))
      products += Double(count) * loss * score
      lossSquares += Double(count) * loss * loss
      scoreSquares += Double(count) * score * score
    }
    guard lossSquares > 0 else {
      return .undefined("all \(weights.total) answers have the same quality")
    }
    guard scoreSquares > 0 else {
      return .undefined("all \(weights.total) answers have the same uncertainty")
    }
    let correlation = products / (lossSquares.squareRoot() * scoreSquares.squareRoot())
    return .finite(max(-1, min(1, correlation)))
  }

  /// Twice the rank of each answer from 1 up, those of a run sharing the mean: whole numbers.
  private static func doubledRanks(_ order: ScoreOrder, _ weights: SampleWeights) -> [Int] {
    var ranks = [Int](repeating: 0, count: weights.counts.count)
    var passed = 0
    var start = 0
    for end in order.ends {
      let run = order.samples[start..<end]
      let weight = run.reduce(0) { $0 + weights.counts[$1] }
      for answer in run { ranks[answer] = 2 * passed + weight + 1 }
      passed += weight
      start = end
    }
    return ranks
  }
}
