import Evaluation
import Optimization
import Testing

@Suite struct PredictionRejectionRatioTests {
  private func variant(_ name: String) throws -> PredictionRejectionRatio {
    let variant = try #require(PredictionRejectionRatio.variants.first { $0.name == name })
    return try Settings.decode(PredictionRejectionRatio.self, overrides: variant.overrides)
  }

  /// Oracle: the curves written out in NumPy, with NumPy's own shuffles for the packages' random terms.
  @Test(arguments: ["binary-1.0", "binary-0.5", "continuous-1.0", "continuous-0.5"])
  func areasAreThoseOfThePackages(name: String) throws {
    let goldens = try UncertaintyGoldens.read()
    let quality = name.hasPrefix("binary") ? goldens.inputs.correct : goldens.inputs.quality
    for (kind, expected) in try #require(goldens.outputs.rejection[name]) {
      var metric = kind == "analytic" ? PredictionRejectionRatio() : try variant(kind)
      metric.maxRejection = name.hasSuffix("0.5") ? 0.5 : 1
      let areas = try metric.areas(uncertainty: goldens.inputs.uncertainty, quality: quality)
      #expect(abs(areas.area - expected.area) <= 1e-12 * expected.area)
      #expect(abs(areas.oracle - expected.oracle) <= 1e-12 * expected.oracle)
      #expect(abs(areas.random - expected.random) <= 1e-12 * expected.random)
      let value = try metric.value(uncertainty: goldens.inputs.uncertainty, quality: quality)
      #expect(agrees(value, expected.prr), "\(name) \(kind) \(value) \(expected.prr)")
    }
  }

  @Test func tiesCountAsTheMeanOverTheirOrdersOrAsTheyStand() throws {
    let goldens = try UncertaintyGoldens.read()
    let expected = try #require(goldens.outputs.rejection["tied"])
    var metric = PredictionRejectionRatio()
    for (rule, name) in [(TieRule.expected, "analytic"), (.stable, "stable")] {
      metric.ties = rule
      let value = try metric.value(
        uncertainty: goldens.inputs.tied, quality: goldens.inputs.correct)
      #expect(agrees(value, try #require(expected[name]).prr))
    }
  }

  /// Oracle: the mean over all 120 orders of five answers, of which three are tied.
  @Test func tiesAreTheMeanOverAllOrders() throws {
    let (uncertainty, quality) = ([0.1, 0.3, 0.3, 0.3, 0.9], [1.0, 0.25, 0.5, 0, 0.75])
    var metric = PredictionRejectionRatio()
    let expected = try #require(
      try metric.value(uncertainty: uncertainty, quality: quality).finiteValue)
    metric.ties = .stable
    var total = 0.0
    let orders = permutations(of: [0, 1, 2, 3, 4])
    for order in orders {
      let value = try metric.value(
        uncertainty: order.map { uncertainty[$0] }, quality: order.map { quality[$0] })
      total += try #require(value.finiteValue)
    }
    #expect(abs(total / Double(orders.count) - expected) < 1e-14)
  }

  /// Oracle: `numpy.random.seed(s); numpy.random.shuffle(numpy.arange(10))`.
  @Test func shufflesAreNumPys() throws {
    for (seed, expected) in try UncertaintyGoldens.read().outputs.shuffles {
      var generator = NumPyLegacyGenerator(seed: try #require(UInt32(seed)))
      var order = Array(0..<10)
      generator.shuffle(&order)
      #expect(order == expected)
    }
  }

  /// A thousand shuffles scatter about the expectation by a few thousandths, which is what published ratios
  /// carry.
  @Test func theAnalyticTermIsWhatShufflesTendTo() throws {
    let goldens = try UncertaintyGoldens.read()
    var metric = PredictionRejectionRatio()
    let exact = try metric.areas(
      uncertainty: goldens.inputs.uncertainty, quality: goldens.inputs.quality)
    metric.random = .shuffledUncertainty
    metric.iterations = 40_000
    let drawn = try metric.areas(
      uncertainty: goldens.inputs.uncertainty, quality: goldens.inputs.quality)
    #expect(drawn.random != exact.random)
    #expect(abs(drawn.random - exact.random) < 1e-3)
  }

  @Test func theNumberOfPointsIsCutAfterRounding() throws {
    // .29 · 100 is 28.999999999999996: 28 points and not 29.
    var metric = PredictionRejectionRatio()
    metric.maxRejection = 0.29
    let quality = (0..<100).map { Double(99 - $0) / 99 }
    let areas = try metric.areas(uncertainty: (0..<100).map(Double.init), quality: quality)
    let means = (1...100).map { kept in quality[..<kept].reduce(0, +) / Double(kept) }
    #expect(abs(areas.area - means[72...].reduce(0, +) / 28) < 1e-14)
  }

  @Test func nothingToRejectIsRefused() throws {
    var metric = PredictionRejectionRatio()
    for share in [0, -0.5, 1.5, 0.01] {
      metric.maxRejection = share
      #expect(throws: EvaluationError.self) {
        try metric.value(uncertainty: [1, 2, 3], quality: [1, 0, 1])
      }
    }
    // One point is the mean of all answers, in whatever order.
    metric.maxRejection = 0.4
    let value = try metric.value(uncertainty: [1, 2, 3], quality: [0.1, 0.7, 0.4])
    #expect(value.finiteValue == nil)
  }

  @Test func equalQualitiesHaveNoRatioUnlessTheReferenceIsAskedFor() throws {
    let exact = PredictionRejectionRatio()
    let quality = [Double](repeating: 0.7, count: 6)
    let uncertainty = [0.1, 0.5, 0.2, 0.4, 0.3, 0.6]
    #expect(
      try exact.value(uncertainty: uncertainty, quality: quality)
        == .undefined("all 6 answers have the same quality"))
    let area = try variant("lm-polygraph").value(uncertainty: uncertainty, quality: quality)
    #expect(agrees(area, 0.5))
    let zero = try variant("truth-torch-lm").value(uncertainty: uncertainty, quality: quality)
    #expect(zero == .finite(0))
  }

  /// Oracle: the ratio is affine invariant, so qualities beyond 0…1 and next to each other have the same.
  @Test func theQualityMayBeMovedAndScaled() throws {
    let goldens = try UncertaintyGoldens.read()
    let metric = PredictionRejectionRatio()
    let exact = try #require(
      try metric.value(
        uncertainty: goldens.inputs.uncertainty, quality: goldens.inputs.quality
      ).finiteValue)
    for (scale, offset, tolerance) in [(8.0, -3.0, 1e-12), (0x1p-20, 1, 1e-8), (1e300, 0, 1e-12)] {
      let moved = goldens.inputs.quality.map { $0 * scale + offset }
      let value = try metric.value(uncertainty: goldens.inputs.uncertainty, quality: moved)
      #expect(agrees(value, exact, to: tolerance))
    }
  }

  /// Released packages replace NaN by a very low uncertainty, so that the broken answer is kept longest.
  @Test func undefinedUncertaintiesAreRefusedOrCountAsCertain() throws {
    let (uncertainty, quality) = ([0.1, 0.2, .nan, 0.4], [1.0, 1, 0, 0])
    #expect(throws: EvaluationError.nonFinite(what: "the uncertainty", position: 2)) {
      try PredictionRejectionRatio().value(uncertainty: uncertainty, quality: quality)
    }
    var metric = PredictionRejectionRatio()
    metric.nonFinite = .undefinedLeastUncertain
    let certain = try metric.value(uncertainty: [0.1, 0.2, -1e7, 0.4], quality: quality)
    #expect(try metric.value(uncertainty: uncertainty, quality: quality) == certain)
    metric.nonFinite = .infiniteBeyondOthers
    let infinite = [0.1, -.infinity, .infinity, 0.4]
    #expect(
      try metric.value(uncertainty: infinite, quality: quality)
        == metric.value(uncertainty: [0.1, -1, 2, 0.4], quality: quality))
    #expect(throws: EvaluationError.self) {
      try metric.value(uncertainty: uncertainty, quality: quality)
    }
  }

  @Test func missingQualitiesAreRefusedOrLeftOut() throws {
    let (uncertainty, quality) = ([0.1, 0.2, 0.3, 0.4], [1.0, .nan, 0, 1])
    #expect(throws: EvaluationError.nonFinite(what: "the quality", position: 1)) {
      try PredictionRejectionRatio().value(uncertainty: uncertainty, quality: quality)
    }
    var metric = PredictionRejectionRatio()
    metric.missing = .leftOut
    #expect(
      try metric.value(uncertainty: uncertainty, quality: quality)
        == metric.value(uncertainty: [0.1, 0.3, 0.4], quality: [1, 0, 1]))
  }

  @Test func manyScoresOfTheSameAnswersAreEachTheirOwn() throws {
    let goldens = try UncertaintyGoldens.read()
    for metric in [PredictionRejectionRatio(), try variant("lm-polygraph")] {
      let prepared = try PreparedUncertaintyMetric(
        metric, quality: try PreparedQuality(goldens.inputs.quality))
      let scores = [goldens.inputs.uncertainty, goldens.inputs.tied]
      let values = try prepared.values(uncertainties: scores)
      for (score, value) in zip(scores, values) {
        #expect(try metric.value(uncertainty: score, quality: goldens.inputs.quality) == value)
      }
    }
  }

  @Test func recordsNameTheShare() {
    var metric = PredictionRejectionRatio()
    #expect(metric.recordName == "prr")
    metric.maxRejection = 0.5
    #expect(metric.recordName == "prr-0.5")
  }

  private func permutations(of elements: [Int]) -> [[Int]] {
    guard let first = elements.first else { return [[]] }
    return permutations(of: Array(elements.dropFirst())).flatMap { rest in
      (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
    }
  }
}
