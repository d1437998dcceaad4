import Epistemics
import Evaluation
import LinearAlgebra
import TestSupport
import Testing

/// Whether the method tells planted features from chance, and says so of nothing else.
@Suite struct FeatureGapsControlTests {
  /// The area of the method less the mean area of the random directions, with its interval over test answers.
  private func advantage(
    _ data: PlantedFeatures, seed: UInt64, permutationCount: Int = 0
  ) throws -> (controls: FeatureGapsControls, estimate: Double, interval: Interval?) {
    let drawn = try data.draw(seed: seed)
    let controls = try FeatureGaps.shallow.controls(
      contrasts: drawn.featureContrasts(), validation: drawn.judgedValidation(),
      test: drawn.judgedTest(), permutationCount: permutationCount, seed: seed)
    let labels = drawn.testLabels.filter { $0 >= 0 }.map { $0 == 1 }
    func difference(_ samples: [Int]) -> Double? {
      let own = samples.map { labels[$0] }
      func area(_ outcome: FeatureGapsOutcome) -> Double? {
        try? AreaUnderROC.value(scores: samples.map { outcome.logits[$0] }, labels: own)
      }
      let random = controls.random.compactMap(area)
      guard let method = area(controls.method), random.count == 20 else { return nil }
      return method - random.reduce(0, +) / 20
    }
    let estimate = try #require(difference(Array(labels.indices)))
    let outcome = try GroupBootstrap(
      groups: Grouping(ungrouped: labels.count), seed: 3, resampleCount: 200
    ).outcome(estimate: estimate, statistic: difference)
    return (controls, estimate, outcome.interval)
  }

  @Test func plantedFeaturesBeatRandomDirections() throws {
    let (controls, _, interval) = try advantage(
      PlantedFeatures(), seed: 1, permutationCount: 60)
    #expect(try #require(interval).lower > 0.1)
    #expect(controls.method.features.map(\.choice.layer) == [4, 4, 4])
    let own = try #require(controls.method.areaUnderROC.finiteValue)
    #expect(own > 0.85)
    let range = try #require(
      FeatureGapsControls.Range(controls.random.map(\.areaUnderROC)))
    #expect(range.count == 20 && range.highest < own)
    #expect(range.lowest <= range.mean && range.mean <= range.highest)
    // One of the gaps counts against the answer: the regression knows by the sign.
    #expect(controls.method.ensemble.weights.contains { $0 < 0 })
    for feature in controls.method.features {
      #expect(try #require(feature.areaUnderROC.finiteValue) < own)
    }
    // Permuted labels teach nothing about the test answers.
    let permuted = try #require(
      FeatureGapsControls.Range(controls.permuted.map(\.areaUnderROC)))
    #expect(permuted.count == 60 && abs(permuted.mean - 0.5) < 0.08)
    #expect(permuted.lowest < 0.4 && permuted.highest > 0.6)
  }

  /// Oracle: an interval of level .95 leaves 0 out once in 20 draws; more than 3 of 12 have a chance of .002.
  @Test func nullDataBeatNothing() throws {
    var areas: [Double] = []
    var advantages: [Double] = []
    var missCount = 0
    for seed in 1...12 as ClosedRange<UInt64> {
      let (controls, estimate, interval) = try advantage(PlantedFeatures(effect: 0), seed: seed)
      areas.append(try #require(controls.method.areaUnderROC.finiteValue))
      advantages.append(estimate)
      if !(try #require(interval)).contains(0) { missCount += 1 }
    }
    #expect(missCount <= 3)
    // The standard error of a mean of 12 areas, each of 200 answers, is .012.
    #expect(abs(areas.reduce(0, +) / 12 - 0.5) < 0.04)
    #expect(abs(advantages.reduce(0, +) / 12) < 0.04)
  }

  /// The ratio on the answers that chose a layer is above 0 for random directions too, which is why they are shown.
  @Test func aChosenLayerFlattersRandomDirectionsOnItsOwnAnswers() throws {
    let (controls, _, _) = try advantage(PlantedFeatures(effect: 0), seed: 4)
    let chosen = controls.random.flatMap(\.features).map(\.choice.predictionRejectionRatio)
    #expect(chosen.reduce(0, +) / Double(chosen.count) > 0.05)
    let measured = controls.random.flatMap(\.features).compactMap {
      $0.predictionRejectionRatio.finiteValue
    }
    #expect(abs(measured.reduce(0, +) / Double(measured.count)) < 0.05)
  }

  @Test func testAnswersThatWereNotAttemptedAreNotMeasured() throws {
    let data = PlantedFeatures(skipping: 5)
    let drawn = try data.draw(seed: 6)
    let controls = try FeatureGaps.shallow.controls(
      contrasts: drawn.featureContrasts(), validation: drawn.judgedValidation(),
      test: drawn.judgedTest(), randomCount: 2, permutationCount: 3)
    let attempted = drawn.testLabels.count { $0 >= 0 }
    #expect(attempted == 160 && controls.method.logits.count == 160)
    #expect(controls.random.count == 2 && controls.permuted.count == 3)
    // The fit itself has the same layers and regression as its controls.
    let fitted = try FeatureGaps.shallow.fit(
      contrasts: drawn.featureContrasts(), validation: drawn.judgedValidation())
    // Products of other shapes are summed in other orders.
    let weights = (fitted.ensemble.weights, controls.method.ensemble.weights)
    #expect(Tolerance.largestDifference(weights.0, weights.1) < 1e-9)
    let logits = try fitted.scores(of: LayeredStates(drawn.test)).logits
    let own = drawn.testLabels.indices.filter { drawn.testLabels[$0] >= 0 }.map { logits[$0] }
    #expect(Tolerance.largestDifference(own, controls.method.logits) < 1e-8)
  }

  @Test func testAnswersOfOneLabelHaveNoMetric() throws {
    var drawn = try PlantedFeatures().draw(seed: 7)
    let scores = LayeredScores(
      features: ["x"], layers: [0], values: [[drawn.validation[4].column(0).map { Double($0) }]])
    let trial = try FeatureGapsTrial(
      FeatureGaps().with { $0.ignoredLayerCount = 0 }, validation: scores, test: scores,
      testLabels: drawn.validationLabels.map { _ in 1 })
    let outcome = try trial.outcome(labels: drawn.validationLabels)
    #expect(outcome.areaUnderROC.finiteValue == nil)
    #expect(outcome.features[0].predictionRejectionRatio.finiteValue == nil)
    drawn.validationLabels[0] = 3
    #expect(throws: EpistemicsError.invalidLabel(label: 3, sample: 0)) {
      try FeatureGapsTrial(
        FeatureGaps(), validation: scores, test: scores, testLabels: drawn.validationLabels)
    }
  }
}
