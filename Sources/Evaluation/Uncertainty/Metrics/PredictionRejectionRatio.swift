/// How much of what can be gained by rejecting the most uncertain answers is gained.
///
/// Let A_k be the mean quality of the k least uncertain of n answers and r = ⌊`maxRejection`·n⌋ the number of
/// points of the curve. The area is (1/r) Σ A_k over k = n − r + 1 … n, and the ratio is
/// (area − random)/(oracle − random), where the oracle rejects the worst answers first and *random* is the
/// expectation over all orders. 1 is perfect, 0 is chance, and the worst order is below 0. Ties count as the
/// mean over all their orders.
///
/// Every prefix of a random order has the mean quality as its expectation, so the random term is that mean
/// exactly, whatever `maxRejection` is. Released code averages a thousand shuffles instead, under a fixed seed,
/// which moves every published value; ``random`` has those shuffles for comparison.
///
/// The quality need not be binary. The ratio does not change if it is moved or scaled.
///
/// Malinin & Gales (2021), arXiv:2002.07650, section 4 and appendix B; Vashurin et al. (2025), arXiv:2406.15627,
/// section 3.3.
public struct PredictionRejectionRatio: UncertaintyMetric {
  /// The name in recipes, on the command line and in results.
  public static let identifier = "prediction-rejection-ratio"
  /// One line of help.
  public static let summary =
    "share of the gain by rejecting the worst answers that rejecting the most uncertain ones has"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Malinin & Gales", year: 2021,
    title: "Uncertainty Estimation in Autoregressive Structured Prediction",
    link: "arXiv:2002.07650", locator: "appendix B")
  /// What released packages compute.
  public static let variants = [
    MethodVariant(
      "lm-polygraph",
      summary: "random term from 1000 shuffles under seed 42, ties as they stand, NaN as certain",
      overrides: [
        "random": "shuffled-uncertainty", "seed": 42, "iterations": 1000, "ties": "stable",
        "degenerate": "raw-area", "nonFinite": "undefined-least-uncertain", "missing": "left-out",
      ]),
    MethodVariant(
      "truth-torch-lm",
      summary:
        "random term from 1000 shuffles under seed 0, ties in reverse, NaN as most confident",
      overrides: [
        "random": "shuffled-confidence", "seed": 0, "iterations": 1000, "ties": "reversed-stable",
        "degenerate": "zero", "nonFinite": "undefined-least-uncertain",
      ]),
  ]
  /// The name in records.
  public static let metric = "prr"
  /// Which end is the good one.
  public static let preference = Preference.higher
  /// Any number.
  public static let quality = QualityKind.real
  /// The resampling of groups.
  public static let interval = UncertaintyInterval.bootstrap(.biasCorrectedAccelerated)

  /// What a ratio is where the oracle gains nothing.
  public enum Degenerate: String, Sendable, Codable, CaseIterable {
    /// There is none.
    case undefined
    /// The area itself, which is no ratio, as lm-polygraph returns.
    case rawArea = "raw-area"
    /// 0, as if the score were no better than chance, as TruthTorchLM returns.
    case zero
  }

  /// The greatest share of answers that is rejected; above 0 and at most 1.
  public var maxRejection = 1.0
  /// What the random term is.
  public var random = RandomRejection.analytic
  /// The seed of the shuffles.
  public var seed: UInt32 = 42
  /// How many shuffles.
  public var iterations = 1000
  /// What becomes of equal uncertainties.
  public var ties = TieRule.expected
  /// What the ratio is where all qualities agree.
  public var degenerate = Degenerate.undefined
  /// What becomes of uncertainties that are NaN or infinite.
  public var nonFinite = NonFiniteScores.refused
  /// What becomes of answers whose quality is NaN.
  public var missing = MissingQuality.refused

  /// Creates the metric with its exact definition.
  public init() {}

  /// `prr`, or `prr-0.5` if at most that share is rejected.
  public var recordName: String {
    maxRejection == 1 ? Self.metric : "\(Self.metric)-\(maxRejection)"
  }

  /// What all scores of the same answers share.
  public struct Baseline: Sendable {
    /// The area of rejecting the worst answers first.
    public let oracle: Double
    /// The area of rejecting at random.
    public let random: Double
    let first: Int
    let isDegenerate: Bool
    let scale: QualityScale
    let shuffles: ShuffledRejection?
    let count: Int
  }

  /// Refuses a share that rejects no answer.
  ///
  /// - Parameter count: How many answers there are.
  /// - Throws: ``EvaluationError/parameterOutOfRange(name:value:allowed:)``.
  public func check(count: Int) throws(EvaluationError) {
    guard maxRejection > 0, maxRejection <= 1 else {
      throw .parameterOutOfRange(
        name: "maxRejection", value: "\(maxRejection)", allowed: "above 0 and at most 1")
    }
    guard pointCount(of: count) > 0 else {
      throw .parameterOutOfRange(
        name: "maxRejection", value: "\(maxRejection)",
        allowed: "at least \(1 / Double(count)) for \(count) answers, so that one can be rejected")
    }
    guard iterations > 0 else {
      throw .parameterOutOfRange(name: "iterations", value: "\(iterations)", allowed: "at least 1")
    }
  }

  /// The points of the curve, from the rounded product: .29 of 100 gives 28.
  private func pointCount(of count: Int) -> Int { Int(maxRejection * Double(count)) }

  /// Answers that count, as ``missing`` says.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer.
  ///   - quality: One number an answer.
  /// - Returns: Those of the answers that are not left out.
  public func attempted(
    uncertainty: [Double], quality: [Double]
  ) -> (uncertainty: [Double], quality: [Double]) { missing.kept(uncertainty, quality) }

  /// 0, whatever the quality.
  ///
  /// - Parameter quality: The quality of the answers.
  /// - Returns: The value.
  public func chance(of quality: PreparedQuality) -> Double? { 0 }

  /// Sorts the answers.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: The quality of the answers.
  /// - Returns: The order.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  public func arrangement(
    of uncertainty: [Double], quality: PreparedQuality
  ) throws(EvaluationError) -> ScoreOrder {
    ScoreOrder(try nonFinite.ordered(uncertainty), ties: ties)
  }

  /// Computes the oracle's and the random area.
  ///
  /// - Parameters:
  ///   - quality: The quality of the answers.
  ///   - weights: How often each answer counts.
  ///   - previous: The result for other weights, whose shuffles serve any weights of the same sum.
  /// - Returns: The two areas.
  /// - Complexity: O(*n*); of shuffles O(*n* · iterations) if the sum of the weights is new.
  public func baseline(
    of quality: PreparedQuality, weights: SampleWeights, previous: Baseline?
  ) -> Baseline {
    let count = weights.total
    let points = pointCount(of: count)
    let first = count - points + 1
    let scale = QualityScale(quality, weights, joinsNearlyEqual: degenerate == .rawArea)
    let oracle = PrefixMeans(
      quality.oracle, of: quality.normalized, weights: weights, from: first)
    let oracleArea = oracle.sum / Double(points)
    var shuffles: ShuffledRejection?
    if random != .analytic {
      shuffles =
        previous?.count == count
        ? previous?.shuffles
        : ShuffledRejection(
          count: count, first: first, iterations: iterations, seed: seed,
          isConfidence: random == .shuffledConfidence)
    }
    let randomArea =
      shuffles.map { $0.area(of: quality.normalized, weights: weights) } ?? oracle.mean
    // The curve of a single point has no order in it, though sums of different orders may differ by rounding.
    let isDegenerate =
      points == 0 || scale.isConstant || oracleArea == randomArea
      || (points == 1 && random == .analytic)
    return Baseline(
      oracle: oracleArea, random: randomArea, first: first, isDegenerate: isDegenerate,
      scale: scale, shuffles: shuffles, count: count)
  }

  /// The ratio of weighted answers.
  ///
  /// - Parameters:
  ///   - arrangement: The answers from the least to the most uncertain.
  ///   - quality: The quality of the answers.
  ///   - baseline: The oracle's and the random area.
  ///   - weights: How often each answer counts.
  /// - Returns: The ratio; undefined if all qualities agree, unless ``degenerate`` says otherwise.
  /// - Complexity: O(*n*).
  public func value(
    of arrangement: ScoreOrder, against quality: PreparedQuality, baseline: Baseline,
    weights: SampleWeights
  ) -> MeasuredValue {
    let points = baseline.count - baseline.first + 1
    if baseline.isDegenerate, degenerate == .zero { return .finite(0) }
    guard !baseline.isDegenerate || (degenerate == .rawArea && points > 0) else {
      return .undefined(
        baseline.scale.isConstant
          ? "all \(baseline.count) answers have the same quality"
          : "rejecting at most \(maxRejection) of \(baseline.count) answers leaves no order to judge"
      )
    }
    let area =
      PrefixMeans(arrangement, of: quality.normalized, weights: weights, from: baseline.first).sum
      / Double(points)
    if baseline.isDegenerate { return .finite(baseline.scale.normalized(area)) }
    return .finite((area - baseline.random) / (baseline.oracle - baseline.random))
  }
}

extension PredictionRejectionRatio {
  /// The areas that a ratio is made of, of quality on the scale from 0 to 1.
  public struct Areas: Sendable, Equatable {
    /// Of rejecting the most uncertain answers first.
    public var area: Double
    /// Of rejecting the worst answers first.
    public var oracle: Double
    /// Of rejecting at random.
    public var random: Double
  }

  /// Computes the areas that the ratio is made of.
  ///
  /// - Parameters:
  ///   - uncertainty: One number an answer, higher is worse.
  ///   - quality: One number an answer, higher is better.
  /// - Returns: The areas, all ½ if the qualities agree.
  /// - Throws: As ``UncertaintyMetric/value(uncertainty:quality:)``.
  public func areas(
    uncertainty: [Double], quality: [Double]
  ) throws(EvaluationError) -> Areas {
    let answers = attempted(uncertainty: uncertainty, quality: quality)
    let prepared = try PreparedUncertaintyMetric(
      self, quality: try PreparedQuality(answers.quality))
    let (baseline, values) = (prepared.baseline, prepared.quality.normalized)
    let means = PrefixMeans(
      try prepared.arrangement(of: answers.uncertainty), of: values,
      weights: SampleWeights(once: values.count), from: baseline.first)
    let area = means.sum / Double(baseline.count - baseline.first + 1)
    return Areas(
      area: baseline.scale.normalized(area), oracle: baseline.scale.normalized(baseline.oracle),
      random: baseline.scale.normalized(baseline.random))
  }
}
