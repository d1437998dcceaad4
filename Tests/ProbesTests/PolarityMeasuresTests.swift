import Activations
import Evaluation
import LinearAlgebra
import Probes
import TestSupport
import Testing

/// What a fitted polarity-aware probe measures, on which pairs, and what it says about the numbers.
@Suite struct PolarityMeasuresTests {
  private static let pairNames = PolarityMetric.allCases.map(\.identifier)

  private func fit(
    _ pairs: ContrastPairs, seed: UInt64 = 1, _ change: (inout PolarityAwareCCS) -> Void = { _ in }
  ) throws -> FittedPolarityAwareCCS {
    var probe = PolarityAwareCCS()
    (probe.tries, probe.epochs) = (3, 200)
    change(&probe)
    return try probe.fit(.pairs(pairs), seed: seed, layer: 0)
  }

  /// A probe of given weights that no step can change: its answers are saturated.
  private func frozen(_ pairs: ContrastPairs, bias: Float) throws -> FittedPolarityAwareCCS {
    var probe = PolarityAwareCCS()
    (probe.tries, probe.epochs, probe.weightDecay) = (1, 1, 0)
    let weights = Matrix<Float>(rowCount: 1, columnCount: pairs.width + 1) { _, column in
      column == pairs.width ? bias : 0
    }
    return try probe.fit(pairs, initialWeights: weights)
  }

  /// Oracle: the probabilities of each sample, paired by hand; A is the sample with label 1.
  @Test func answersAreThoseOfTheLabelledMemberFirst() throws {
    let pairs = try plantedPairs(40, seed: 3)
    let fitted = try fit(pairs)
    let order = [3, 21, 1, 23, 8, 30, 28, 10]
    let measured = pairs.selecting(order)
    let sides = try fitted.search.probabilities(measured)
    // Positions of samples 23, 21, 28 and 30, which have label 1, and of their opposites.
    let expected = [(3, 0), (1, 2), (6, 4), (5, 7)].map { first, second in
      OppositeAnswers(
        positive: sides.positive[first], negative: sides.negative[first],
        oppositePositive: sides.positive[second], oppositeNegative: sides.negative[second])
    }
    let answers = try fitted.answers(measured)
    #expect(answers == expected)
    let metric = try #require(
      try fitted.metrics(on: .pairs(measured))[ProbeMetric.contradictionIndex])
    #expect(
      metric.values
        == .perPair(expected.map(\.contradiction), positions: [3, 1, 6, 5], summary: .mean))
  }

  /// Oracle: the four means taken by hand, without any other normalisation.
  @Test func subsetsAreCenteredByTheirOwnMeans() throws {
    let pairs = try plantedPairs(40, seed: 4)
    let fitted = try fit(pairs) {
      $0.metricCentering = .perSubset
      $0.normalization = .identity
    }
    let measured = pairs.selecting(Array(25..<40) + Array(5..<20) + [0])
    func centered(_ side: Matrix<Float>, _ rows: Range<Int>) -> Matrix<Float> {
      let subset = side.selectingRows(Array(rows))
      let means = (0..<side.columnCount).map { column in
        subset.column(column).reduce(0) { $0 + Double($1) } / Double(rows.count)
      }
      return Matrix(rowCount: rows.count, columnCount: side.columnCount) {
        Float(Double(subset[$0, $1]) - means[$1])
      }
    }
    func answers(_ rows: Range<Int>) throws -> (positive: [Double], negative: [Double]) {
      try fitted.search.probabilities(
        try ContrastPairs(
          positive: centered(measured.positive, rows), negative: centered(measured.negative, rows)))
    }
    let (safe, harmful) = (try answers(0..<15), try answers(15..<30))
    let found = try fitted.answers(measured)
    #expect(found.count == 15)
    for (pair, answers) in found.enumerated() {
      let differences = [
        answers.positive - safe.positive[pair], answers.negative - safe.negative[pair],
        answers.oppositePositive - harmful.positive[pair],
        answers.oppositeNegative - harmful.negative[pair],
      ]
      #expect(differences.allSatisfy { abs($0) < 1e-5 })
    }
    let metrics = try fitted.metrics(on: .pairs(measured))
    for name in Self.pairNames {
      #expect(metrics[name]?.flags.map(\.name).contains("recentred-subsets") == true)
    }
  }

  /// Theorem: what is subtracted from a whole side goes again, so per-subset centring does not depend on
  /// the normalisation's centre.
  @Test func subsetCentringForgetsTheCenter() throws {
    let pairs = try plantedPairs(60, seed: 2)
    var fits: [[OppositeAnswers]] = []
    for center in [Normalization.Center.none, .mean] {
      let fitted = try fit(pairs) {
        $0.metricCentering = .perSubset
        $0.doubleCentering = .constructorOnly
        $0.normalization = Normalization(center: center)
      }
      fits.append(try fitted.answers(pairs))
    }
    #expect(fits[0].count == 30)
    #expect(zip(fits[0], fits[1]).allSatisfy { abs($0.positive - $1.positive) < 1e-4 })
  }

  /// Without labels all measures but the accuracies and the ideal distance are there, the same as with them.
  @Test func measuresNeedNoLabels() throws {
    var pairs = try plantedPairs()
    let fitted = try fit(pairs)
    let labelled = try fitted.metrics(on: .pairs(pairs))
    pairs.labels = nil
    let unlabelled = try fitted.metrics(on: .pairs(pairs))
    #expect(
      unlabelled.map(\.metric) == [
        "loss", "training-loss", "restart-agreement", "polar-consistency", "contradiction-index",
        "absolute-agreement", "silhouette",
      ])
    for metric in unlabelled {
      #expect(abs(labelled.number(metric.metric) - (metric.number ?? .nan)) < 1e-12)
      if let chance = metric.chance {
        #expect(abs(chance - (labelled[metric.metric]?.chance ?? .nan)) < 1e-12)
      }
    }
    #expect(
      Set(labelled.map(\.metric)).subtracting(unlabelled.map(\.metric)) == [
        "restart-accuracy-minimum", "restart-accuracy-maximum", "empirical-separation-accuracy",
        "ideal-distance",
      ])
  }

  /// Samples whose opposite is elsewhere count for the accuracy, but not for the pair measures.
  @Test func onlyWholePairsCount() throws {
    let pairs = try plantedPairs(60)
    let fitted = try fit(pairs)
    let (whole, parted) = ([0, 30, 4, 34, 35, 5], [12, 41, 59])
    let some = try fitted.metrics(on: .pairs(pairs.selecting(whole)))
    let all = try fitted.metrics(on: .pairs(pairs.selecting(whole + parted)))
    for name in Self.pairNames {
      #expect(all.number(name) == some.number(name))
      #expect(all[name]?.values == some[name]?.values && all[name]?.values != nil)
    }
    #expect(all.number("loss") != some.number("loss"))
    let none = try fitted.metrics(on: .pairs(pairs.selecting(parted)))
    for name in Self.pairNames {
      #expect(
        none[name]?.values
          == .undefined(
            "no sample is measured together with its opposite"))
      #expect(none[name]?.chance == nil)
    }
    #expect(none.number("loss").isFinite)
  }

  /// The wordings of a sample are paired each with its own.
  @Test func wordingsArePairedWithTheirOwn() throws {
    var pairs = try plantedPairs(12)
    let fitted = try fit(pairs)
    pairs = pairs.selecting([0, 1, 6, 7])
    (pairs.rows, pairs.opposites) = ([5, 5, 9, 9], [9, 9, 5, 5])
    pairs.variants = [0, 1, 1, 0]
    let sides = try fitted.search.probabilities(pairs)
    let answers = try fitted.answers(pairs)
    #expect(answers.map(\.positive) == [sides.positive[3], sides.positive[2]])
    #expect(answers.map(\.oppositePositive) == [sides.positive[0], sides.positive[1]])
  }

  @Test func perSubsetCentringNeedsLabelsAndTwoPairs() throws {
    var pairs = try plantedPairs()
    let fitted = try fit(pairs) { $0.metricCentering = .perSubset }
    let one = try fitted.metrics(on: .pairs(pairs.selecting([0, 30])))
    #expect(
      one["contradiction-index"]?.values
        == .undefined("metricCentering per-subset leaves nothing of a single pair of opposites"))
    pairs.labels = nil
    let unlabelled = try fitted.metrics(on: .pairs(pairs))
    #expect(
      unlabelled["polar-consistency"]?.values
        == .undefined(
          "metricCentering per-subset tells a statement from its opposite by labels, and there are none"
        ))
    #expect(unlabelled["silhouette"]?.number != nil)
  }

  /// A probe that says no to everything is perfect by every pair measure but the ideal distance.
  @Test(arguments: [true, false])
  func aProbeThatAnswersNothingIsNotPerfect(isLabelled: Bool) throws {
    var pairs = try plantedPairs(80)
    let fitted = try frozen(pairs, bias: -40)
    if !isLabelled { pairs.labels = nil }
    let metrics = try fitted.metrics(on: .pairs(pairs))
    #expect(abs(metrics.number("polar-consistency")) < 1e-12)
    #expect(metrics.number("contradiction-index") < 1e-12)
    #expect(abs(metrics.number("loss") - 1) < 1e-6)
    let reason =
      isLabelled
      ? "the separation accuracy of 0.5 is not above the majority rate of 0.5"
      : "the held-out loss is not below 0.2, a constant's"
    for name in ["polar-consistency", "contradiction-index", "absolute-agreement"] {
      #expect(metrics[name]?.flags.map(\.rawValue) == ["spuriously-perfect: \(reason)"])
    }
    #expect(metrics.number("silhouette") == 0)
    if isLabelled {
      #expect(abs(metrics.number("ideal-distance") - 0.5.squareRoot()) < 1e-9)
      #expect(
        metrics["ideal-distance"]?.flags.map(\.name) == ["spuriously-perfect"],
        "a constant answer is not an inverted one")
    }
  }

  /// A probe that finds the planted direction, and one that only contradicts itself, are not flagged.
  @Test func goodAndBadNumbersAreNotCalledPerfect() throws {
    let pairs = try plantedPairs(80)
    for fitted in [try fit(pairs) { $0.epochs = 1500 }, try frozen(pairs, bias: 40)] {
      let metrics = try fitted.metrics(on: .pairs(pairs))
      #expect(!metrics.flatMap(\.flags).contains { $0.name == "spuriously-perfect" })
    }
    #expect(
      try frozen(pairs, bias: 40).metrics(on: .pairs(pairs)).number("contradiction-index") > 1.9)
  }

  /// Differences that are zero have no direction, and one label has no separation.
  @Test func whatCannotBeMeasuredSaysSo() throws {
    var pairs = try plantedPairs(60)
    let fitted = try fit(pairs) { $0.normalization = .identity }
    let zeros = Matrix<Float>(rowCount: 60, columnCount: pairs.width)
    pairs.positive = zeros
    pairs.negative = zeros
    let zero = try fitted.metrics(on: .pairs(pairs))
    #expect(zero.number("silhouette") == 0)
    var some = try plantedPairs(60)
    (some.positive[7, 0], some.negative[7, 0]) = (1, 1)
    for column in 0..<some.width { some.negative[7, column] = some.positive[7, column] }
    #expect(
      try fitted.metrics(on: .pairs(some))["silhouette"]?.flags.map(\.rawValue)
        == ["zero-rows: 1 measured differences are zero and have no direction"])
    let oneLabel = try fitted.metrics(on: .pairs(some.selecting([0, 1, 2])))
    #expect(
      oneLabel["empirical-separation-accuracy"]?.values
        == .undefined("every sample has the same label, and either sign may be the right one"))
  }

  // MARK: - Refusals

  @Test func samplesWithoutOppositesAreRefused() throws {
    var pairs = try plantedPairs(20)
    let fitted = try fit(pairs)
    for sample in [4, 14] { pairs.opposites?[sample] = Int?.none }
    let some = pairs
    let expected =
      "polarity-aware-ccs needs the opposite of every sample, but 2 of these 20 samples have none, the "
      + "first of them sample 4; give their opposites, or leave those samples out"
    for attempt in [
      { try self.fit(some).search.trainingLoss },
      { try fitted.metrics(on: .pairs(some)).number("loss") },
    ] {
      let error = #expect(throws: ProbeError.self) { _ = try attempt() }
      #expect(error?.description == expected)
    }
    pairs.opposites = nil
    let none = pairs
    let error = #expect(throws: ProbeError.self) { try fit(none) }
    #expect(
      error?.description
        == "polarity-aware-ccs needs the opposite of every sample, and these 20 samples have none; add "
        + "the role opposites, the row number of the sample that states the reverse of each")
    #expect(try fitted.scores(.pairs(none)).count == 20, "scores need no opposites")
  }

  @Test func oppositesOfOneLabelAreRefusedByName() throws {
    var pairs = try plantedPairs(20)
    let fitted = try fit(pairs)
    pairs.labels?[13] = 0
    pairs.rows = pairs.rows.map { $0 + 100 }
    pairs.opposites = pairs.opposites?.map { $0.map { $0 + 100 } }
    let wrong = pairs
    let error = #expect(throws: ProbeError.self) { try fitted.metrics(on: .pairs(wrong)) }
    #expect(
      error?.description
        == "polarity-aware-ccs tells a statement from its opposite by their labels, but sample 103 and "
        + "its opposite, sample 113, both have label 0; correct the labels or the opposites, or measure "
        + "without labels")
    pairs.labels?[13] = 7
    let other = pairs
    #expect(throws: ProbeError.notBinary(method: "polarity-aware-ccs", label: 7)) {
      try fitted.answers(other)
    }
  }

  @Test func unusableActivationsAreRefused() throws {
    let pairs = try plantedPairs(20)
    let fitted = try fit(pairs)
    let rows = try LabelledActivations(activations: pairs.positive, labels: pairs.labels)
    let error = #expect(throws: ProbeError.self) { try fitted.scores(.rows(rows)) }
    #expect(
      error?.description.contains("polarity-aware-ccs reads contrast-pairs, got rows") == true)
    #expect(throws: ProbeError.widthMismatch(expected: 8, actual: 5)) {
      try fitted.metrics(on: .pairs(try plantedPairs(20, width: 5)))
    }
    var broken = pairs
    broken.positive[15, 3] = .nan
    let undefined = broken
    let refusal = #expect(throws: ProbeError.self) { try fitted.answers(undefined) }
    #expect(refusal?.description.contains("the positive side of sample 15") == true)
  }
}
