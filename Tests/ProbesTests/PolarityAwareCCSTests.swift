import Activations
import Evaluation
import LinearAlgebra
import Probes
import TestSupport
import Testing

@Suite struct PolarityAwareCCSTests {
  private let golden = GoldenArrays("polarity_aware_ccs.npz")

  private func goldenPairs() throws -> ContrastPairs {
    let arrays = GoldenArrays("contrast_consistent_search.npz")
    let positive = try arrays.matrix("positive")
    return try ContrastPairs(
      positive: positive, negative: try arrays.matrix("negative"),
      labels: try arrays.integers("labels"),
      opposites: (0..<positive.rowCount).map { $0 ^ 1 })
  }

  private func quick() -> PolarityAwareCCS {
    var probe = PolarityAwareCCS()
    (probe.tries, probe.epochs) = (3, 200)
    return probe
  }

  /// Oracle: PyTorch's loop with `binary_cross_entropy` from the same weights, in both readings.
  ///
  /// As without labels, 200 steps may differ by 1e-3; the loss of the pairs alone is reported, the sum
  /// chooses the start.
  @Test(arguments: [false, true])
  func labelsInTheLossFollowPyTorch(isAboveHalf: Bool) throws {
    let name = isAboveHalf ? "above" : "below"
    var probe = quick()
    probe.labelWeight = 0.5
    probe.ensembleThreshold = isAboveHalf ? .positiveAboveHalf : .positiveBelowHalf
    let fitted = try probe.fit(try goldenPairs(), initialWeights: try golden.matrix("start"))
    func expectLosses(_ losses: [Double], _ member: String) throws {
      let expected = try golden.numbers("\(name)_\(member)")
      #expect(zip(losses, expected).allSatisfy { abs($0 - $1) <= 1e-3 * $1 })
    }
    try expectLosses(fitted.search.trainingLosses, "contrast_loss")
    try expectLosses(fitted.search.selectionLosses, "total_loss")
    let total = try golden.numbers("\(name)_total_loss")
    let selected = fitted.search.selectedTry
    #expect(selected == total.indices.min { total[$0] < total[$1] })
    let belief = try golden.matrix("\(name)_belief").row(selected).map { Double($0) }
    let expected = isAboveHalf ? belief.map { 1 - $0 } : belief
    let scores = try fitted.scores(.pairs(try goldenPairs()))
    #expect(Tolerance.largestDifference(scores, expected) < 1e-3)
  }

  /// The two readings choose different starts, so that the test above can tell the losses apart.
  @Test func theSumOfLossesChoosesTheStart() throws {
    let contrast = try golden.numbers("above_contrast_loss")
    let total = try golden.numbers("above_total_loss")
    #expect(
      zip(contrast, total).allSatisfy { $1 > 2 * $0 }, "labels are the larger part of the loss")
  }

  /// Identity: without labels it trains what contrast-consistent search with its settings trains.
  @Test func theProbeIsThatOfContrastConsistentSearch() throws {
    let pairs = try plantedPairs()
    let probe = quick()
    var search = ContrastConsistentSearch()
    (search.tries, search.epochs) = (3, 200)
    search.learningRate = probe.learningRate
    search.normalization = probe.normalization
    let expected = try search.fit(.pairs(pairs), seed: 3, layer: 2)
    let fitted = try probe.fit(.pairs(pairs), seed: 3, layer: 2)
    #expect(fitted.search == expected)
    #expect(try fitted.scores(.pairs(pairs)) == expected.scores(.pairs(pairs)))
    #expect(!fitted.isOriented && !probe.learnsFromLabels)
    #expect(probe.forControlRefits.tries == 1 && PolarityAwareCCS().forControlRefits.tries == 2)
  }

  /// A label weight of zero sees no label, and any above zero does.
  @Test func onlyALabelWeightLetsLabelsIn() throws {
    var pairs = try plantedPairs()
    var probe = quick()
    func losses() throws -> [Double] {
      try probe.fit(.pairs(pairs), seed: 1, layer: 0).search.trainingLosses
    }
    let (without, labels) = (try losses(), pairs.labels)
    pairs.labels = labels?.map { 1 - $0 }
    #expect(try losses() == without)
    probe.labelWeight = 0.1
    let turned = try losses()
    pairs.labels = labels
    #expect(try losses() != turned)
  }

  /// Training labels settle the sign by the activations as they are scored.
  @Test(arguments: [OrientationRule.trainLabels, .platt])
  func trainingLabelsSettleTheSign(rule: OrientationRule) throws {
    let pairs = try plantedPairs(80)
    for seed in 0..<4 as Range<UInt64> {
      var probe = quick()
      probe.orientation = rule
      let fitted = try probe.fit(.pairs(pairs), seed: seed, layer: 0)
      #expect(fitted.isOriented)
      #expect(fitted.flags.map(\.name) == ["label-assisted"])
      let scores = try fitted.scores(.pairs(pairs))
      #expect(accuracy(scores, threshold: 0.5, labels: try #require(pairs.labels)) > 0.9)
      // The ideal distance follows the sign, the others are those of the probe as trained.
      let metrics = try fitted.metrics(on: .pairs(pairs))
      #expect(metrics.number(ProbeMetric.idealDistance) < 0.2)
      probe.orientation = .unresolved
      let open = try probe.fit(.pairs(pairs), seed: seed, layer: 0).metrics(on: .pairs(pairs))
      for name in [ProbeMetric.polarConsistency, ProbeMetric.contradictionIndex] {
        #expect(metrics.number(name) == open.number(name))
      }
      let distance = open.number(ProbeMetric.idealDistance)
      #expect(min(distance, 1 - distance) < 0.2)
      let isInverted = distance > 0.5.squareRoot()
      #expect(
        open[ProbeMetric.idealDistance]?.flags.map(\.rawValue)
          == (isInverted
            ? [
              "inverted-yes: label 0 is answered Yes, the sign of the probe is open, and fell that way"
            ] : []))
    }
  }

  /// Each released variant is the default with its own settings, and is recognised by them.
  @Test func variantsAreNamedBySettings() throws {
    let names = PolarityAwareCCS.variants.map(\.name)
    #expect(Set(names).count == 5)
    for variant in PolarityAwareCCS.variants {
      let probe = try Settings.decode(PolarityAwareCCS.self, overrides: variant.overrides)
      #expect(try Settings.variant(of: probe) == variant.name)
      #expect(probe.doubleCentering == .constructorOnly)
      #expect(probe.metricCentering == .perSubset)
      #expect(probe.ensembleThreshold == .positiveAboveHalf)
    }
    #expect(try Settings.variant(of: PolarityAwareCCS()) == nil)
    let overrides = try #require(
      Compatibility.polarityAware.overrides[PolarityAwareCCS.identifier])
    let notebook = try Settings.decode(PolarityAwareCCS.self, overrides: overrides)
    #expect(try Settings.variant(of: notebook) == "released-l2-median")
    #expect(notebook.normalization == Normalization(rowNorm: .l2, center: .median))
  }

  @Test func settingsThatCannotBeHonouredAreRefused() throws {
    func problem(
      labels: Bool = true, _ change: (inout PolarityAwareCCS) -> Void
    ) throws -> String {
      var probe = quick()
      change(&probe)
      var pairs = try plantedPairs(20)
      if !labels { pairs.labels = nil }
      let data = pairs
      let error = #expect(throws: ProbeError.self) {
        _ = try probe.fit(.pairs(data), seed: 0, layer: 0)
      }
      return error?.description ?? ""
    }
    #expect(try problem { $0.tries = 0 } == "polarity-aware-ccs.tries is 0; expected 1 to 100000")
    #expect(try problem { $0.labelWeight = -1 }.contains("labelWeight is -1.0; expected 0 or"))
    #expect(try problem { $0.labelWeight = .infinity }.contains("labelWeight is inf"))
    #expect(
      try problem { ($0.learningRate, $0.weightDecay) = (3e38, 0) }.contains(
        "none of the 3 tries of polarity-aware-ccs"))
    #expect(
      try problem(labels: false) { $0.labelWeight = 0.5 }
        == "polarity-aware-ccs.labelWeight is 0.5; expected 0 for samples without labels; add the role "
        + "labels to learn from them")
    #expect(
      try problem(labels: false) { $0.orientation = .platt }.contains(
        "orientation is platt; expected unresolved for samples without labels"))
  }

  @Test func weightsOfAnotherShapeAreRefused() throws {
    let error = #expect(throws: ProbeError.self) {
      try quick().fit(
        try goldenPairs(), initialWeights: Matrix(rowCount: 3, columnCount: 12))
    }
    #expect(
      error?.description.contains("polarity-aware-ccs.initialWeights is of shape (3, 12)") == true)
  }
}
