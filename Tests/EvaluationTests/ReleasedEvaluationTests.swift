import Evaluation
import Optimization
import Testing

/// Every number of the article "What released evaluations get wrong".
@Suite struct ReleasedEvaluationTests {
  private func make<Metric: UncertaintyMetric>(
    _ type: Metric.Type, _ variant: String
  ) throws -> Metric {
    let variant = try #require(type.variants.first { $0.name == variant })
    return try Settings.decode(type, overrides: variant.overrides)
  }

  private func number(
    _ metric: some UncertaintyMetric, _ uncertainty: [Double], _ quality: [Double]
  ) throws -> Double {
    try #require(try metric.value(uncertainty: uncertainty, quality: quality).finiteValue)
  }

  /// Whether a number is what the article has, with so many digits behind the point.
  private func isAbout(_ value: Double, _ written: Double, digits: Int = 4) -> Bool {
    abs(value - written) <= 0.5001 * (digits == 2 ? 1e-2 : 1e-4)
  }

  /// 100 answers, of which 67 are right, the right ones first.
  private let rightFirst = (0..<100).map { $0 < 67 ? 1.0 : 0 }
  private let constant = [Double](repeating: 0.5, count: 100)

  @Test func aThousandShufflesLeaveNoise() throws {
    let goldens = try UncertaintyGoldens.read()
    let (u, a) = (goldens.inputs.uncertainty, goldens.inputs.correct)
    #expect(isAbout(try number(PredictionRejectionRatio(), u, a), 0.5709))
    var shuffled = try make(PredictionRejectionRatio.self, "lm-polygraph")
    #expect(isAbout(try number(shuffled, u, a), 0.5736))
    #expect(
      isAbout(try number(try make(PredictionRejectionRatio.self, "truth-torch-lm"), u, a), 0.5700))
    var values: [Double] = []
    for seed in 0..<200 as Range<UInt32> {
      shuffled.seed = seed
      values.append(try number(shuffled, u, a))
    }
    let mean = values.reduce(0, +) / 200
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199).squareRoot()
    #expect(isAbout(deviation, 0.0019))
    #expect(isAbout((values.max() ?? 0) - (values.min() ?? 0), 0.0103))
  }

  /// A score that says nothing is perfect, or as bad as can be, by the order of the file.
  @Test func tiesTakeTheOrderOfTheFile() throws {
    let stable = try make(PredictionRejectionRatio.self, "lm-polygraph")
    #expect(isAbout(try number(stable, constant, rightFirst), 1))
    #expect(isAbout(try number(stable, constant, rightFirst.reversed()), -1.3448))
    #expect(abs(try number(PredictionRejectionRatio(), constant, rightFirst)) < 1e-14)
    let goldens = try UncertaintyGoldens.read()
    let (u, a) = (goldens.inputs.tied, goldens.inputs.correct)
    var metric = PredictionRejectionRatio()
    #expect(isAbout(try number(metric, u, a), 0.5687))
    metric.ties = .stable
    #expect(isAbout(try number(metric, u, a), 0.5844))
    metric.ties = .reversedStable
    #expect(isAbout(try number(metric, u, a), 0.5413))
  }

  @Test func straightLinesOfPrecisionFlatter() throws {
    #expect(isAbout(try number(AreaUnderPrecisionRecall(), constant, rightFirst), 0.67))
    let trapezoid = try make(AreaUnderPrecisionRecall.self, "truth-torch-lm")
    #expect(isAbout(try number(trapezoid, constant, rightFirst), 0.835))
  }

  /// Entropies are no probabilities; every one of them is dropped, and nothing is left to be wrong.
  @Test func droppedScoresAreCalibrated() throws {
    let entropies = (0..<100).map { 0.1 + Double($0) / 20 }
    let error = try make(ExpectedCalibrationError.self, "lm-polygraph")
    #expect(try number(error, entropies, rightFirst) == 0)
    #expect(throws: EvaluationError.self) {
      try ExpectedCalibrationError().value(uncertainty: entropies, quality: rightFirst)
    }
  }

  @Test func anAreaThatCannotReachOne() throws {
    let right = [Double](repeating: 1, count: 100)
    #expect(isAbout(try number(RejectionAccuracy(), (0..<100).map(Double.init), right), 0.9474))
    #expect(isAbout(RejectionAccuracy.maximum, 0.9474))
  }

  @Test func oneClassHasANumber() throws {
    let right = [Double](repeating: 1, count: 100)
    let u = (0..<100).map(Double.init)
    #expect(try number(try make(UncertaintyAreaUnderROC.self, "truth-torch-lm"), u, right) == 0.5)
    #expect(try number(try make(PredictionRejectionRatio.self, "truth-torch-lm"), u, right) == 0)
    #expect(
      isAbout(try number(try make(PredictionRejectionRatio.self, "lm-polygraph"), u, right), 0.5))
    #expect(
      try PredictionRejectionRatio().value(uncertainty: u, quality: right).finiteValue == nil)
    #expect(
      try UncertaintyAreaUnderROC().value(uncertainty: u, quality: right).finiteValue == nil)
  }

  /// A perfect order of 100 answers, of which the last five, all wrong, lose their score.
  @Test func brokenScoresAreTheMostConfident() throws {
    var u = (0..<100).map(Double.init)
    #expect(isAbout(try number(PredictionRejectionRatio(), u, rightFirst), 1))
    for place in 95..<100 { u[place] = .nan }
    for name in ["lm-polygraph", "truth-torch-lm"] {
      var metric = try make(PredictionRejectionRatio.self, name)
      metric.random = .analytic
      #expect(isAbout(try number(metric, u, rightFirst), 0.3372))
    }
    #expect(throws: EvaluationError.nonFinite(what: "the uncertainty", position: 95)) {
      try PredictionRejectionRatio().value(uncertainty: u, quality: rightFirst)
    }
  }

  @Test func aScoreThatSaysNothingReversesNoPair() throws {
    #expect(try number(ReversedPairsProportion(), constant, rightFirst) == 0)
    #expect(try number(ConcordanceIndex(), constant, rightFirst) == 0.5)
  }

  /// The best of many thresholds, on the answers it was chosen on.
  @Test func theBestThresholdBeatsChanceByChance() throws {
    var generator = SeededGenerator(seed: 1)
    let prepared = try PreparedUncertaintyMetric(
      BestBalancedAccuracy(), quality: try PreparedQuality(rightFirst))
    var total = 0.0
    for _ in 0..<2000 {
      let drawn = (0..<100).map { _ in generator.nextUniform() }
      total += try #require(try prepared.value(uncertainty: drawn).finiteValue)
    }
    #expect(isAbout(total / 2000, 0.56, digits: 2))
  }

  /// Calibrated probabilities: the answers are drawn by them.
  @Test func calibratedScoresHaveACalibrationError() throws {
    var generator = SeededGenerator(seed: 2)
    var total = 0.0
    for _ in 0..<500 {
      let probabilities = (0..<400).map { _ in generator.nextUniform() }
      let drawn = probabilities.map { generator.nextUniform() < $0 ? 1.0 : 0 }
      total += try number(ExpectedCalibrationError(), probabilities.map { -$0 }, drawn)
    }
    #expect(isAbout(total / 500, 0.05, digits: 2))
  }

  @Test func theSameNameForAnotherNumber() throws {
    let goldens = try UncertaintyGoldens.read()
    let (u, a) = (goldens.inputs.uncertainty, goldens.inputs.correct)
    #expect(isAbout(try number(AreaUnderPrecisionRecall(), u, a), 0.7882))
  }
}
