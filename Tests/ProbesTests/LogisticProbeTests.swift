import Activations
import Evaluation
import LinearAlgebra
import Optimization
import Probes
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct LogisticProbeTests {
  private func fit(_ data: ProbeData, _ change: (inout LogisticProbe) -> Void = { _ in }) throws
    -> FittedLogisticProbe
  {
    var probe = LogisticProbe()
    change(&probe)
    return try probe.fit(data, seed: 3, layer: 1)
  }

  /// Rows of noise with labels that mean nothing, each of them there twice under the same label.
  private func copies(jitter: Float, groups: Bool) throws -> LabelledActivations {
    var generator = TestGenerator(seed: 9)
    let drawn = try SyntheticActivations(sampleCount: 40, width: 60, strength: 0).draw(
      using: &generator)
    let once = drawn.layers[0].positive
    var twice = once.selectingRows((0..<80).map { $0 % 40 })
    for row in 40..<80 { twice[row, 0] += jitter }
    let labels = (0..<80).map { _ in 0 }
    var changed = labels
    for row in 0..<40 where generator.next() & 1 == 1 { (changed[row], changed[row + 40]) = (1, 1) }
    return try LabelledActivations(
      activations: twice, labels: changed, groups: groups ? (0..<80).map { $0 % 40 } : nil)
  }

  /// Identity: the scores are the logits of the regression on the differences of centred sides.
  @Test func scoresAreTheLogitsOfTheRegression() throws {
    let pairs = try plantedPairs()
    let labels = try #require(pairs.labels)
    var differences = pairs.positive
    differences.subtractElements(of: pairs.negative)
    let means = try ColumnMoments(of: differences.view).means
    differences.subtractFromRows(means.map { Float($0) })
    let expected = try LogisticRegression().fit(
      rows: differences.view, labels: labels, penalty: .inverse(0.3)
    ).logits(of: differences.view)
    let fitted = try fit(.pairs(pairs)) { $0.inversePenalties = [0.3] }
    #expect(fitted.inversePenalty == 0.3)
    #expect(fitted.flags.isEmpty)
    #expect(fitted.threshold == 0 && fitted.isOriented)
    // Sides are centred one by one there and together here: roundings of numbers below 8, over 8
    // features, and two ends within 1e-5 of the minimum.
    #expect(try Tolerance.largestDifference(fitted.scores(.pairs(pairs)), expected) < 1e-4)
  }

  /// Theorem: a nuisance of great variance misleads the difference of means and not the regression,
  /// which sees the covariance.
  @Test func aNuisanceThatMisleadsMeansIsSeenThrough() throws {
    var generator = SeededGenerator(seed: 4)
    func draw(_ count: Int) throws -> LabelledActivations {
      let labels = (0..<count).map { $0 % 2 }
      let activations = Matrix<Float>(
        rows: labels.map { label in
          let nuisance = 20 * generator.nextNormal()
          let truth = label == 1 ? 0.5 : -0.5
          return [Float(nuisance), Float(nuisance + truth + 0.1 * generator.nextNormal())]
        })
      return try LabelledActivations(activations: activations, labels: labels)
    }
    let (training, test) = (try draw(200), try draw(200))
    let labels = try #require(test.labels)
    let regression = try fit(.rows(training))
    let means = try DifferenceOfMeans().fit(.rows(training), seed: 3, layer: 1)
    #expect(
      try accuracy(regression.scores(.rows(test)), threshold: 0, labels: labels) > 0.99)
    #expect(
      try accuracy(means.scores(.rows(test)), threshold: means.threshold, labels: labels) < 0.8)
  }

  /// The held-out loss is the mean logistic loss of the scores; a constant has the entropy.
  @Test(arguments: LogisticRegression.ClassWeight.allCases)
  func metricsAreLossesAndThePenalty(classWeight: LogisticRegression.ClassWeight) throws {
    let training = try plantedPairs(80, seed: 2, strength: 0.3)
    let kept = Array(0..<40) + Array(40..<50)
    let test = try plantedPairs(80, seed: 5, strength: 0.3).selecting(kept)
    let fitted = try fit(.pairs(training)) { $0.classWeight = classWeight }
    let metrics = try fitted.metrics(on: .pairs(test))
    #expect(metrics.map(\.metric) == ["loss", "training-loss", "inverse-penalty"])
    guard case .perSample(let losses) = metrics[0].values else {
      Issue.record("the loss is not one a sample")
      return
    }
    let isBalanced = classWeight == .balanced
    for (place, score) in try fitted.scores(.pairs(test)).enumerated() {
      let label = place < 40 ? 0 : 1
      let weight = isBalanced ? (label == 1 ? 2.5 : 0.625) : 1
      let loss = weight * log(1 + exp(label == 1 ? -score : score))
      #expect(abs(losses[place] - loss) < 1e-9)
    }
    let entropy = isBalanced ? log(2) : -(0.2 * log(0.2) + 0.8 * log(0.8))
    #expect(abs(try #require(metrics[0].chance) - entropy) < 1e-12)
    // Half of the training pairs are of each class.
    #expect(abs(try #require(metrics[1].chance) - log(2)) < 1e-12)
    #expect(metrics[1].values == .training(fitted.trainingLoss, count: 80))
    #expect(metrics[2].values == .training(fitted.inversePenalty, count: 80))
    #expect(LogisticProbe().inversePenalties.contains(fitted.inversePenalty))
    #expect(fitted.trainingLoss > 0 && fitted.trainingLoss < log(2))
  }

  @Test func withoutLabelsThereIsNoHeldOutLoss() throws {
    var pairs = try plantedPairs()
    let fitted = try fit(.pairs(pairs))
    pairs.labels = nil
    #expect(
      try fitted.metrics(on: .pairs(pairs)).map(\.metric) == ["training-loss", "inverse-penalty"])
  }

  /// Copies of a sample, told by their group or by their activations, are never in two folds: else
  /// labels that mean nothing would be learned by heart, and the weakest penalty look best.
  @Test(arguments: [(Float(0.01), true), (0, false)])
  func samplesThatBelongTogetherShareAFold(jitter: Float, groups: Bool) throws {
    let fitted = try fit(.rows(try copies(jitter: jitter, groups: groups)))
    #expect(fitted.inversePenalty < 0.01)
    // What happens where they are in two folds, to see that the test can fail.
    let parted = try fit(.rows(try copies(jitter: 0.01, groups: false)))
    #expect(parted.inversePenalty > 1)
  }

  /// Opposites are never in two folds.
  @Test func oppositesShareAFold() throws {
    let rows = try copies(jitter: 0.01, groups: false)
    let zeros = Matrix<Float>(rowCount: 80, columnCount: 60)
    let pairs = try ContrastPairs(
      positive: rows.activations, negative: zeros, labels: rows.labels,
      rows: (100..<180).map { $0 }, opposites: (0..<80).map { 100 + ($0 + 40) % 80 })
    #expect(try fit(.pairs(pairs)).inversePenalty < 0.01)
  }

  @Test func labelsWithoutSignalAreAtTheStrongestEdge() throws {
    let fitted = try fit(.rows(try copies(jitter: 0.01, groups: true))) {
      $0.inversePenalties = [1e-4, 1e-3, 10]
    }
    let flag = try #require(fitted.flags.first { $0.name == "penalty-at-edge" })
    #expect(flag.detail?.hasPrefix("C = 0.0001 ") == true)
  }

  @Test func fewGroupsMakeFewerFolds() throws {
    var pairs = try plantedPairs(24)
    pairs.groups = (0..<24).map { $0 % 3 }
    let fitted = try fit(.pairs(pairs))
    #expect(fitted.flags.contains(Flag("fewer-inner-folds", detail: "3 of 5")))
  }

  /// Two groups of one class each leave nothing to choose by.
  @Test func groupsOfOneClassLeaveThePenaltyNearestToOne() throws {
    var pairs = try plantedPairs(24)
    pairs.groups = try #require(pairs.labels)
    pairs.opposites = nil
    let fitted = try fit(.pairs(pairs)) { $0.inversePenalties = [100, 0.001, 0.1, 3] }
    #expect(fitted.inversePenalty == 3)
    #expect(fitted.flags.map(\.name) == ["penalty-not-chosen"])
  }

  @Test func aConstantLayerHasNoDirection() throws {
    let rows = try LabelledActivations(
      activations: Matrix(rowCount: 12, columnCount: 3, repeating: 2),
      labels: (0..<12).map { $0 % 2 }, groups: (0..<12).map { $0 / 2 })
    let error = #expect(throws: ProbeError.self) { try fit(.rows(rows)) }
    #expect(error?.description.contains("constant layer") == true)
  }

  @Test func settingsThatNoFitCanHonourAreRefused() throws {
    let pairs = try plantedPairs()
    for (name, change) in [
      ("inversePenalties", { $0.inversePenalties = [] }),
      ("inversePenalties", { $0.inversePenalties = [1, 0] }),
      ("inversePenalties", { $0.inversePenalties = [-.infinity] }), ("folds", { $0.folds = 1 }),
    ] as [(String, (inout LogisticProbe) -> Void)] {
      let error = #expect(throws: ProbeError.self) { try fit(.pairs(pairs), change) }
      #expect(error?.description.contains("logistic-regression.\(name)") == true)
    }
  }

  /// The settings are read from text as recipes and the command line give them.
  @Test func settingsAreReadFromText() throws {
    let probe = try Settings.decode(
      LogisticProbe.self,
      assignments: [
        "inversePenalties": "0.1,10", "folds": "3", "classWeight": "balanced",
        "normalization.scale": "standard-deviation",
      ])
    #expect(probe.inversePenalties == [0.1, 10])
    #expect(probe.folds == 3 && probe.classWeight == .balanced)
    #expect(probe.normalization.scale == .standardDeviation)
  }
}
