import AlignmentQuality
import Evaluation
import Glibc
import LinearAlgebra
import TestSupport
import Testing

@Suite struct PoolingCrossValidationTests {
  static var settings: PoolingSettings {
    get throws {
      var settings = PoolingSettings()
      settings.hinge = try HingeSeparation(margin: 30)
      settings.cosineTemperature = 0.1
      return settings
    }
  }

  private func number(_ value: MeasuredValue) throws -> Double { try #require(value.finiteValue) }

  /// Statistics of folds, merged, against a pass over the points of the other folds alone.
  @Test func trainingIsMeasuredOnTheOtherFoldsOnly() throws {
    let samples = PoolingSamples(
      layerCount: 3, count: 47, width: 4, classCount: 3, offset: 5, planted: [1], separation: 2,
      seed: 17)
    let study = try CrossValidatedPooling(samples.points(), folds: 4, seed: 3)
    var settings = PoolingSettings()
    settings.objective = .traceRatio
    let outcome = try study.crossValidate(.simplex, settings: settings)
    for fold in outcome.folds {
      for (value, isInside) in [(fold.heldOut, true), (fold.training, false)] {
        let rows = study.folds.indices.filter { (study.folds[$0] == fold.number) == isInside }
        let part = try LayerScatter(
          LayeredPoints(
            samples.points().layers, rows: rows, labels: rows.map { samples.labels[$0] }))
        let expected = try number(settings.objective.ratio(of: part).value(at: fold.weights))
        #expect(abs(try number(value) / expected - 1) < 1e-12)
      }
      let rows = study.folds.indices.filter { study.folds[$0] != fold.number }
      let part = try LayerScatter(
        LayeredPoints(samples.points().layers, rows: rows, labels: rows.map { samples.labels[$0] }))
      let chosen = try #require(settings.objective.ratio(of: part).simplexMaximum())
      #expect(Tolerance.largestDifference(chosen.weights, fold.weights) < 1e-6)
      #expect(fold.singleLayer == settings.objective.ratio(of: part).bestLayer)
    }
    let whole = try LayerScatter(samples.points())
    let weights = [0.2, 0.3, 0.5]
    let (one, other) = (
      try study.scatter.classScatter(at: weights), try whole.classScatter(at: weights)
    )
    for (first, second) in zip(one.scatters, other.scatters) {
      #expect(abs(first / second - 1) < 1e-13)
    }
    let mean = outcome.folds.map { $0.heldOut.finiteValue ?? .nan }.reduce(0, +) / 4
    #expect(abs(try number(outcome.heldOut) - mean) < 1e-15)
  }

  @Test func foldsPartNoGroupAndShareClasses() throws {
    let samples = PoolingSamples(layerCount: 1, count: 60, width: 2, classCount: 3, seed: 2)
    let groups = (0..<60).map { $0 / 2 }
    let points = try samples.points(groups: groups)
    let study = try CrossValidatedPooling(points, folds: 5, seed: 11)
    for group in 0..<30 { #expect(study.folds[2 * group] == study.folds[2 * group + 1]) }
    for fold in 0..<5 {
      for label in 0..<3 {
        let count = (0..<60).count { study.folds[$0] == fold && samples.labels[$0] == label }
        #expect((3...5).contains(count))
      }
    }
    #expect(try CrossValidatedPooling(points, folds: 5, seed: 11).folds == study.folds)
    #expect(try CrossValidatedPooling(points, folds: 5, seed: 12).folds != study.folds)
    for count in [1, 31] {
      let error = #expect(throws: AlignmentQualityError.self) {
        try CrossValidatedPooling(points, folds: count, seed: 1)
      }
      #expect(error?.description.contains("no more than the 30 groups") == true)
    }
  }

  @Test(arguments: PoolingRule.allCases) func everyRuleFindsAPlantedLayer(rule: PoolingRule) throws
  {
    let samples = PoolingSamples(
      layerCount: 4, count: 160, width: 6, planted: [2], separation: 5, seed: 40)
    let study = try CrossValidatedPooling(samples.points(), seed: 1)
    let outcome = try study.crossValidate(rule, settings: Self.settings)
    #expect(outcome.folds.count == 5 && outcome.rule == rule)
    #expect(try number(outcome.heldOut) > 0.1)
    #expect(outcome.folds.allSatisfy { $0.singleLayer == 2 })
    #expect(outcome.weights.max() == outcome.weights[2])
    #expect(!outcome.flags.contains { $0.name == "pooling-overfits" })
    switch rule {
    case .mean:
      #expect(outcome.heldOut == outcome.heldOutMean)
      #expect(outcome.supportSize == 4 && abs(outcome.entropy - log(4)) < 1e-15)
    case .single:
      #expect(outcome.heldOut == outcome.heldOutSingle)
      #expect(outcome.supportSize == 1 && outcome.entropy == 0)
    case .simplex, .eigenvector, .hinge:
      #expect(outcome.weights[2] > 0.6 && outcome.entropy < log(4))
    case .cosine:
      let loss = try #require(outcome.alignmentLoss)
      #expect(loss > 0 && loss < 4)
      #expect(abs(outcome.weights.reduce(0, +) - 1) < 1e-12)
    }
  }

  /// A hinge is trained on the pairs within the training points, here all of them.
  @Test func hingeIsTrainedOnTrainingPairs() throws {
    let samples = PoolingSamples(
      layerCount: 3, count: 24, width: 3, planted: [1], separation: 2, seed: 51)
    let study = try CrossValidatedPooling(samples.points(), folds: 3, seed: 2)
    // Two steps of softmax leave every layer a weight, so that each pair is felt.
    let hinge = try HingeSeparation(margin: 30, map: .softmax, stepLimit: 2)
    var settings = PoolingSettings()
    settings.hinge = hinge
    let outcome = try study.crossValidate(.hinge, settings: settings)
    for fold in outcome.folds {
      let rows = study.folds.indices.filter { study.folds[$0] != fold.number }
      let part = try LayeredPoints(
        samples.points().layers, rows: rows, labels: rows.map { samples.labels[$0] })
      let pairs = try LayerPairProducts.pairs(of: part.points, limit: 1000, seed: 9)
      #expect(pairs.count == 64)
      let trained = try hinge.train(on: LayerPairProducts(part, pairs: pairs))
      #expect(Tolerance.largestDifference(trained.weights, fold.weights) < 1e-9)
    }
    #expect(Set(outcome.folds.map(\.weights)).count == 3)
  }

  /// The cosines' reference comes of the training points, and each held-out point has its own weights.
  @Test func cosinePoolingIsScoredOnPooledPoints() throws {
    let samples = PoolingSamples(
      layerCount: 3, count: 40, width: 4, offset: 1, planted: [0], separation: 3, seed: 6)
    let study = try CrossValidatedPooling(samples.points(), folds: 2, seed: 5)
    let outcome = try study.crossValidate(.cosine, settings: Self.settings)
    for fold in outcome.folds {
      let inside = study.folds.indices.filter { study.folds[$0] == fold.number }
      let reference = Matrix(
        rows: samples.layers.map { layer in
          let rows = study.folds.indices.filter {
            study.folds[$0] != fold.number && samples.labels[$0] == 1
          }
          return (0..<4).map { column in
            rows.reduce(0) { $0 + layer[$1, column] } / Double(rows.count)
          }
        })
      let pooling = LayerPooling.perExampleCosine(
        reference: reference, map: .softmax, temperature: 0.1)
      var sums = [0.0, 0, 0]
      let pooled = try inside.map { row -> [Double] in
        let example = Matrix(rows: samples.layers.map { $0.row(row) })
        let weights = try pooling.weights(of: example.view)
        sums = zip(sums, weights).map { $0 + $1 / Double(inside.count) }
        return (0..<4).map { column in (0..<3).reduce(0) { $0 + weights[$1] * example[$1, column] }
        }
      }
      let plain = PlainScatter(Matrix(rows: pooled), labels: inside.map { samples.labels[$0] })
      #expect(abs(try number(fold.heldOut) / plain.debiasedSeparation - 1) < 1e-11)
      #expect(Tolerance.largestDifference(fold.weights, sums) < 1e-13)
    }
  }

  /// Noise with nearly as many layers as points: weights of any sign separate what they were chosen on.
  @Test func noiseIsSeparatedInTrainingAndNotHeldOut() throws {
    var (training, heldOut) = (0.0, 0.0)
    for seed in 0..<6 {
      let samples = PoolingSamples(layerCount: 40, count: 60, width: 1, seed: UInt64(70 + seed))
      let study = try CrossValidatedPooling(samples.points(), seed: UInt64(seed))
      let outcome = try study.crossValidate(.eigenvector)
      training += try number(outcome.training) / 6
      heldOut += try number(outcome.heldOut) / 6
      #expect(outcome.flags.contains { $0.name == "pooling-overfits" })
      let constrained = try study.crossValidate(.simplex)
      #expect(try number(constrained.training) < (try number(outcome.training)) / 2)
    }
    #expect(training > 1)
    // Five folds of 12 points, six times: the standard error is about .03.
    #expect(abs(heldOut) < 0.12)
  }

  @Test func poolingThatDoesNotHelpIsSaid() throws {
    let samples = PoolingSamples(
      layerCount: 30, count: 60, width: 2, planted: [3], separation: 4, seed: 90)
    let study = try CrossValidatedPooling(samples.points(), seed: 4)
    let outcome = try study.crossValidate(.eigenvector)
    #expect(try number(outcome.heldOut) < (try number(outcome.heldOutSingle)))
    #expect(outcome.flags.contains { $0.name == "no-better-than-one-layer" })
    #expect(outcome.flags.contains { $0.name == "negative-layer-weights" })
    #expect(try study.crossValidate(.single).flags == [])
  }

  @Test func whatHasNoValueIsUndefined() throws {
    // Four groups, each of one class in one fold: held-out folds lack a class.
    let samples = PoolingSamples(layerCount: 2, count: 12, width: 2, seed: 8)
    let labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    let points = try LayeredPoints(
      samples.layers, labels: labels, groups: labels.enumerated().map { $0.offset / 3 })
    let study = try CrossValidatedPooling(points, folds: 4, seed: 1)
    let outcome = try study.crossValidate(.simplex)
    guard case .undefined(let reason) = outcome.heldOut else {
      Issue.record("a value of \(outcome.heldOut)")
      return
    }
    #expect(reason.contains("2 or more are needed"))
    var zeroed = samples.layers
    zeroed[1] = Matrix(rowCount: 12, columnCount: 2)
    let blind = try CrossValidatedPooling(
      LayeredPoints(zeroed, labels: samples.labels), folds: 3, seed: 1)
    guard case .undefined(let cosine) = try blind.crossValidate(.cosine).heldOut else {
      Issue.record("a cosine of zeros")
      return
    }
    #expect(cosine.contains("no cosine"))
  }

  @Test func whatCannotBeChosenIsRefused() throws {
    let samples = PoolingSamples(layerCount: 2, count: 12, width: 2, seed: 8)
    let study = try CrossValidatedPooling(samples.points(), folds: 3, seed: 1)
    let margin = #expect(throws: AlignmentQualityError.self) { try study.crossValidate(.hinge) }
    #expect(margin?.description.contains("margin is not given") == true)
    var settings = PoolingSettings()
    settings.referenceLabel = 9
    let label = #expect(throws: AlignmentQualityError.self) {
      try study.crossValidate(.cosine, settings: settings)
    }
    #expect(label?.description.contains("one of the labels [0, 1]") == true)
    let few = try CrossValidatedPooling(
      LayeredPoints(samples.points().layers, rows: [0, 1, 2, 4], labels: [0, 1, 0, 0]),
      folds: 2, seed: 1)
    let points = #expect(throws: AlignmentQualityError.self) { try few.crossValidate(.simplex) }
    #expect(points?.description.contains("2 or more are needed") == true)
  }
}
