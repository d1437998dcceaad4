import Activations
import Epistemics
import LinearAlgebra
import Optimization
import TestSupport
import Testing

/// What holds for feature gaps whatever the data.
@Suite struct FeatureGapsLaws {
  static let kinds = FeatureGaps.Direction.allCases

  private func settings(_ kind: FeatureGaps.Direction) -> FeatureGaps {
    FeatureGaps.shallow.with { $0.direction = kind }
  }

  /// Oracle: contrasts (±3, 0) + (0, 1) vary along (1, 0) alone, so that a score is the first coordinate.
  ///
  /// μ is (0, 1), and the component's largest weight positive. Correct answers have the lower scores.
  @Test func aScoreIsTheProjectionOnTheContrastsVariation() throws {
    let pairs = try ContrastPairs(
      positive: Matrix(rows: [[3, 1], [-3, 1], [1, 1], [-1, 1]]),
      negative: Matrix(rowCount: 4, columnCount: 2))
    let contrasts = try FeatureContrasts([(name: "x", pairs: [pairs])])
    let states = Matrix<Float>(rows: [[-2, 5], [-1, -5], [1, 5], [4, 0], [9, 9]])
    let answers = try JudgedAnswers(states: LayeredStates([states]), labels: [1, 1, 0, 0, -1])
    let settings = FeatureGaps().with { $0.ignoredLayerCount = 0 }
    let fitted = try settings.fit(contrasts: contrasts, validation: answers)
    let choice = fitted.features[0].choice
    #expect(choice.sign == -1 && choice.layer == 0)
    #expect(choice.areaUnderROC == 1 && abs(choice.predictionRejectionRatio - 1) < 1e-14)
    let scores = try fitted.scores(of: LayeredStates([states]))
    #expect(Tolerance.largestDifference(scores.scores.column(0), [-2, -1, 1, 4, 9]) < 1e-12)
    #expect(scores.signedScores(feature: 0)[3] < -3.9)
    // The mean contrast is (0, 1): its score is the second coordinate less 1.
    let mean = try settings.with { $0.direction = .differenceOfMeans }
      .fit(contrasts: contrasts, validation: answers).scores(of: LayeredStates([states]))
    #expect(Tolerance.largestDifference(mean.scores.column(0), [4, -6, 4, -1, 8]) < 1e-12)
  }

  @Test(arguments: kinds)
  func rotatedStatesHaveTheSameScores(kind: FeatureGaps.Direction) throws {
    // A random direction is not turned along.
    guard kind != .random else { return }
    let drawn = try PlantedFeatures().draw(seed: 1)
    let turned = try drawn.mapped(contrasts: rotated, answers: rotated)
    let difference = Tolerance.largestDifference(
      try drawn.confidence(settings(kind)), try turned.confidence(settings(kind)))
    // Turned states are rounded to float32 again.
    #expect(difference < 1e-5)
  }

  /// The component of negated contrasts is the same axis, and the negated mean a mere offset.
  @Test func swappedSidesChangeTheOffsetAlone() throws {
    let drawn = try PlantedFeatures().draw(seed: 2)
    let (fitted, swapped) = (try drawn.fit(), try drawn.swapped().fit())
    for (one, other) in zip(fitted.axes, swapped.axes) {
      #expect(Tolerance.largestDifference(one.unit, other.unit) < 1e-9)
      #expect(abs(one.offset + other.offset) < 1e-9 && one.offset != 0)
    }
    let confidences = try [fitted, swapped].map {
      try $0.scores(of: LayeredStates(drawn.test)).confidence
    }
    #expect(Tolerance.largestDifference(confidences[0], confidences[1]) < 1e-7)
  }

  @Test func swappedSidesTurnTheMeanContrastRoundAndTheSignAbsorbsIt() throws {
    let drawn = try PlantedFeatures().draw(seed: 3)
    let settings = settings(.differenceOfMeans)
    let (fitted, swapped) = (try drawn.fit(settings), try drawn.swapped().fit(settings))
    for (one, other) in zip(fitted.axes, swapped.axes) {
      #expect(one.unit == other.unit.map { -$0 })
    }
    for (one, other) in zip(fitted.features, swapped.features) {
      #expect(one.choice.layer == other.choice.layer && one.choice.sign == -other.choice.sign)
    }
    let confidences = try [fitted, swapped].map {
      try $0.scores(of: LayeredStates(drawn.test)).confidence
    }
    #expect(Tolerance.largestDifference(confidences[0], confidences[1]) < 1e-7)
  }

  /// Both sides, and the answers, move by multiples of 1/8, which rounds little of states near 1.
  @Test(arguments: kinds)
  func aConstantAddedToAllStatesChangesNoConfidence(kind: FeatureGaps.Direction) throws {
    let drawn = try PlantedFeatures().draw(seed: 4)
    let moved = try drawn.mapped(
      contrasts: { $0.map { $0 - 0.5 } }, answers: { $0.map { $0 + 2.125 } })
    let (one, other) = (try drawn.fit(settings(kind)), try moved.fit(settings(kind)))
    for (first, second) in zip(one.features, other.features) {
      #expect(first.choice.layer == second.choice.layer)
      #expect(first.choice.areaUnderROC == second.choice.areaUnderROC)
    }
    let difference = Tolerance.largestDifference(
      try drawn.confidence(settings(kind)), try moved.confidence(settings(kind)))
    #expect(difference < 1e-5)
  }

  /// Standardised scores know no scale; raw ones do, by the penalty.
  @Test func standardizedScoresDoNotDependOnTheStatesScale() throws {
    let drawn = try PlantedFeatures().draw(seed: 5)
    let scaled = try drawn.mapped(
      contrasts: { $0.map { $0 / 64 } }, answers: { $0.map { $0 / 64 } })
    let settings = FeatureGaps.shallow.with { $0.standardize = true }
    let difference = Tolerance.largestDifference(
      try drawn.confidence(settings), try scaled.confidence(settings))
    #expect(difference < 1e-7)
    let raw = Tolerance.largestDifference(try drawn.confidence(), try scaled.confidence())
    #expect(raw > 1e-2)
  }

  /// Oracle: the same feature twice shares its weight, so that ½(w/2)² · 2 is the penalty of one at twice C.
  @Test func aFeatureTwiceIsTheFeatureAtTwiceTheC() throws {
    var drawn = try PlantedFeatures().draw(seed: 6)
    let first = drawn.contrasts[0]
    drawn.contrasts = [first, (name: "again", pairs: first.pairs)]
    let twice = try drawn.fit()
    drawn.contrasts = [first]
    let once = try drawn.fit(FeatureGaps.shallow.with { $0.inversePenalty = 2 })
    let weight = once.ensemble.weights[0]
    for half in twice.ensemble.weights { #expect(abs(half - weight / 2) < 1e-7) }
    #expect(abs(twice.ensemble.intercept - once.ensemble.intercept) < 1e-7)
    #expect(abs(weight) > 0.1)
  }

  @Test func answersThatWereNotAttemptedTeachNothing() throws {
    let drawn = try PlantedFeatures().draw(seed: 7)
    var more = drawn
    more.validation = drawn.validation.map { states in
      Matrix(
        rows: (0..<states.rowCount).map { states.row($0) }
          + [[Float](repeating: 1000, count: states.columnCount)])
    }
    more.validationLabels.append(-1)
    let (one, other) = (try drawn.fit(), try more.fit())
    #expect(one.features == other.features && one.axes == other.axes)
    #expect(
      Tolerance.largestDifference(one.ensemble.weights, other.ensemble.weights) < 1e-12)
    #expect(other.validationCount == 121 && other.attemptedCount == 120)
  }

  @Test func ofEqualLayersTheFirstIsChosen() throws {
    var drawn = try PlantedFeatures().draw(seed: 8)
    let layers = try drawn.fit().features.map(\.choice.layer)
    drawn.contrasts = drawn.contrasts.map { feature in
      (name: feature.name, pairs: feature.pairs + feature.pairs)
    }
    drawn.validation += drawn.validation
    let twice = try drawn.fit()
    #expect(twice.features.map(\.choice.layer) == layers)
    let offers = twice.features[0].offers
    #expect(offers[10].layer == 11 && offers[10].areaUnderROC == offers[4].areaUnderROC)
  }

  @Test(arguments: kinds)
  func bytesDoNotDependOnThreads(kind: FeatureGaps.Direction) throws {
    let drawn = try PlantedFeatures(trainingCount: 130, width: 128).draw(seed: 9)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let serial = try drawn.fit(settings(kind))
    Parallel.threadCount = 4
    #expect(try drawn.fit(settings(kind)) == serial)
  }

  @Test func randomDirectionsAreThoseOfTheirSeed() throws {
    let drawn = try PlantedFeatures().draw(seed: 10)
    let settings = settings(.random)
    func axes(_ seed: UInt64) throws -> [FeatureAxis] {
      try settings.fit(
        contrasts: drawn.featureContrasts(), validation: drawn.judgedValidation(), seed: seed
      ).axes
    }
    #expect(try axes(1).map(\.unit) == axes(1).map(\.unit))
    #expect(try axes(1)[0].unit != axes(2)[0].unit)
    #expect(try axes(1)[0].unit != axes(1)[1].unit)
  }

  /// Oracle: a mean of dot products is the dot product of the mean.
  @Test func theMeanOfTokenScoresIsTheScoreOfTheMeanState() throws {
    let drawn = try PlantedFeatures().draw(seed: 11)
    let fitted = try drawn.fit()
    let counts = [1, 4, 2, 7]
    let tokens = drawn.test.map { $0.selectingRows(Array(0..<14)) }
    let means = tokens.map { layer in
      var first = 0
      return Matrix<Float>(
        rows: counts.map { count in
          defer { first += count }
          return (0..<layer.columnCount).map { column in
            let sum = (first..<first + count).reduce(0.0) { $0 + Double(layer[$1, column]) }
            return Float(sum / Double(count))
          }
        })
    }
    let byToken = try fitted.tokenScores(of: LayeredStates(tokens), tokenCounts: counts)
    let averaged = try fitted.scores(of: LayeredStates(means))
    #expect(byToken.tokens.rowCount == 14)
    for feature in 0..<3 {
      // The mean states were rounded to float32.
      #expect(
        Tolerance.largestDifference(
          byToken.answers.scores.column(feature), averaged.scores.column(feature)) < 1e-5)
    }
    #expect(
      Tolerance.largestDifference(byToken.answers.confidence, averaged.confidence) < 1e-5)
    // The first answer has one token, which is rounded nowhere.
    #expect(byToken.answers.scores.row(0) == byToken.tokens.row(0))
  }

  @Test func uncertaintyIsWhatConfidenceLacks() throws {
    let drawn = try PlantedFeatures().draw(seed: 12)
    let scores = try drawn.fit().scores(of: LayeredStates(drawn.test))
    for (confidence, uncertainty) in zip(scores.confidence, scores.uncertainty) {
      #expect(abs(confidence + uncertainty - 1) < 1e-15 && uncertainty > 0)
    }
    let right = zip(scores.confidence, drawn.testLabels).count { ($0 > 0.5) == ($1 == 1) }
    // Half of the 200 would be chance, give or take 7.
    #expect(right > 135)
  }
}

/// A rotation: by the angle of a 3-4-5 triangle in three planes after each other.
private func rotated(_ vector: [Double]) -> [Double] {
  var result = vector
  for (first, second) in [(0, 3), (1, 5), (2, 0)] {
    let (x, y) = (result[first], result[second])
    result[first] = 0.8 * x - 0.6 * y
    result[second] = 0.6 * x + 0.8 * y
  }
  return result
}
