import Activations
import Evaluation
import LinearAlgebra
import Probes
import TestSupport
import Testing

@Suite struct ContrastConsistentSearchTests {
  private let golden = GoldenArrays("contrast_consistent_search.npz")

  private func goldenPairs() throws -> ContrastPairs {
    try ContrastPairs(
      positive: try golden.matrix("positive"), negative: try golden.matrix("negative"),
      labels: try golden.integers("labels"))
  }

  private func goldenSearch() -> ContrastConsistentSearch {
    var search = ContrastConsistentSearch()
    search.tries = 3
    search.epochs = 200
    return search
  }

  /// Oracle: PyTorch's loop from the same weights.
  ///
  /// 200 steps of AdamW in single precision amplify
  /// rounding; measured 3e-5 relative, 1e-3 is what an implementation may differ by.
  @Test func lossesFollowPyTorchFromTheSameStart() throws {
    let fitted = try goldenSearch().fit(
      try goldenPairs(), initialWeights: try golden.matrix("linear_start"))
    let expected = try golden.numbers("linear_loss_after")
    for (loss, torch) in zip(fitted.trainingLosses, expected) {
      #expect(abs(loss - torch) <= 1e-3 * torch)
    }
    #expect(fitted.selectedTry == expected.indices.min { expected[$0] < expected[$1] })
  }

  /// Oracle: the loss that PyTorch reports of its last batch, which is before the last step.
  @Test func theReleasedSelectionLooksAtTheLossBeforeTheLastStep() throws {
    var search = goldenSearch()
    search.lossSelection = .preStepLastBatch
    let fitted = try search.fit(
      try goldenPairs(), initialWeights: try golden.matrix("linear_start"))
    let before = try golden.numbers("linear_loss_before")
    let after = try golden.numbers("linear_loss_after")
    for (loss, torch) in zip(fitted.selectionLosses, before) {
      #expect(abs(loss - torch) <= 1e-3 * torch)
    }
    // The two differ by more than that tolerance, so this test can tell them apart.
    #expect(zip(before, after).contains { abs($0 - $1) > 2e-3 * $1 })
  }

  /// Oracle: q = ½(p⁻ + 1 − p⁺) of PyTorch's chosen try; the score is 1 − q.
  @Test func scoresAreOneMinusTheEnsembleOfPyTorch() throws {
    let fitted = try goldenSearch().fit(
      try goldenPairs(), initialWeights: try golden.matrix("linear_start"))
    let q = try golden.matrix("linear_q").row(fitted.selectedTry)
    let scores = try fitted.scores(.pairs(try goldenPairs()))
    #expect(zip(scores, q).allSatisfy { abs($0 - (1 - Double($1))) < 1e-3 })
    #expect(
      accuracy(scores, threshold: 0.5, labels: try golden.integers("labels")).isFar(from: 0.5))
  }

  /// Oracle: the same published opposite convention, which turns every score round.
  @Test func theOppositeThresholdTurnsScoresRound() throws {
    var search = goldenSearch()
    let start = try golden.matrix("linear_start")
    let plain = try search.fit(try goldenPairs(), initialWeights: start)
    search.ensembleThreshold = .positiveAboveHalf
    let turned = try search.fit(try goldenPairs(), initialWeights: start)
    let scores = try plain.scores(.pairs(try goldenPairs()))
    let turnedScores = try turned.scores(.pairs(try goldenPairs()))
    #expect(zip(scores, turnedScores).allSatisfy { abs($0 + $1 - 1) < 1e-12 })
  }

  /// Theorem: identical sides carry no contrast, so every try collapses to p = .4 and loss .2.
  ///
  /// Training ends near it, not at it: PyTorch reaches .40003.
  @Test func identicalSidesCollapseToTheConstantProbe() throws {
    let pairs = try plantedPairs()
    let same = try ContrastPairs(positive: pairs.positive, negative: pairs.positive)
    let fitted = try ContrastConsistentSearch().fit(.pairs(same), seed: 3, layer: 0)
    #expect(fitted.trainingLosses.allSatisfy { abs($0 - 0.2) < 1e-3 })
    let sides = try fitted.probabilities(same)
    #expect(sides.positive.allSatisfy { abs($0 - 0.4) < 2e-2 })
    #expect(try fitted.scores(.pairs(same)).allSatisfy { abs($0 - 0.5) < 1e-6 })
  }

  /// The planted direction is ±3 units of a unit vector with noise .3, so it is found without labels.
  @Test(arguments: [ContrastConsistentSearch.Architecture.linear, .multilayer])
  func aPlantedDirectionIsFoundWithoutLabels(
    architecture: ContrastConsistentSearch.Architecture
  ) throws {
    var search = ContrastConsistentSearch()
    search.probe = architecture
    search.hiddenWidth = 6
    search.tries = 4
    search.epochs = 300
    var pairs = try plantedPairs(80, width: 10)
    let labels = pairs.labels ?? []
    pairs.labels = nil
    let fitted = try search.fit(.pairs(pairs), seed: 5, layer: 2)
    let scores = try fitted.scores(.pairs(pairs))
    let share = accuracy(scores, threshold: 0.5, labels: labels)
    #expect(max(share, 1 - share) >= 0.95)
    #expect(fitted.trainingLoss < 0.05)
  }

  /// Identity: exchanging the sides turns the score of the same probe into its complement.
  @Test func swappingSidesComplementsTheScore() throws {
    let pairs = try plantedPairs()
    var search = ContrastConsistentSearch()
    search.tries = 2
    search.epochs = 50
    // Without normalisation the same parameters see the same numbers on either side.
    search.normalization = .identity
    let fitted = try search.fit(.pairs(pairs), seed: 1, layer: 0)
    let swapped = try ContrastPairs(positive: pairs.negative, negative: pairs.positive)
    let scores = try fitted.scores(.pairs(pairs))
    let complements = try fitted.scores(.pairs(swapped))
    #expect(zip(scores, complements).allSatisfy { abs($0 + $1 - 1) < 1e-12 })
  }

  /// Law: a layer's tries have streams of their own, so fewer tries are the first of more.
  @Test func tryStreamsDoNotDependOnTheirNumber() throws {
    let pairs = try plantedPairs()
    var search = ContrastConsistentSearch()
    search.epochs = 20
    search.tries = 5
    let many = try search.fit(.pairs(pairs), seed: 9, layer: 4)
    search.tries = 2
    let few = try search.fit(.pairs(pairs), seed: 9, layer: 4)
    #expect(Array(many.trainingLosses.prefix(2)) == few.trainingLosses)
    let elsewhere = try search.fit(.pairs(pairs), seed: 9, layer: 5)
    #expect(elsewhere.trainingLosses != few.trainingLosses)
  }

  /// Law: blocks are cut by shape, so any number of threads gives the same bytes.
  @Test func anyNumberOfThreadsGivesTheSameWeights() throws {
    let pairs = try plantedPairs(400, width: 33)
    var search = ContrastConsistentSearch()
    search.epochs = 30
    let chosen = Parallel.threadCount
    defer { Parallel.threadCount = chosen }
    Parallel.threadCount = 1
    let serial = try search.fit(.pairs(pairs), seed: 2, layer: 0)
    Parallel.threadCount = 3
    #expect(try search.fit(.pairs(pairs), seed: 2, layer: 0) == serial)
  }

  /// Identity: one batch of all pairs is the full batch, whatever the order of visits.
  @Test func minibatchesOfEverythingAreTheFullBatch() throws {
    let pairs = try plantedPairs(50)
    var search = ContrastConsistentSearch()
    search.tries = 2
    search.epochs = 40
    let full = try search.fit(.pairs(pairs), seed: 1, layer: 0)
    search.batchSize = 50
    #expect(try search.fit(.pairs(pairs), seed: 1, layer: 0).trainingLosses == full.trainingLosses)
    search.batchSize = 16
    let small = try search.fit(.pairs(pairs), seed: 1, layer: 0)
    search.batchRemainder = .drop
    let dropped = try search.fit(.pairs(pairs), seed: 1, layer: 0)
    #expect(small.trainingLosses != full.trainingLosses)
    #expect(dropped.trainingLosses != small.trainingLosses)
  }

  /// Training labels settle the sign: the same fit, turned so that it is right more often than wrong.
  @Test(arguments: [OrientationRule.trainLabels, .platt])
  func labelsCanSettleTheSign(rule: OrientationRule) throws {
    let pairs = try plantedPairs()
    let labels = try #require(pairs.labels)
    for seed in 0..<6 as Range<UInt64> {
      var search = ContrastConsistentSearch()
      search.tries = 1
      search.epochs = 200
      search.orientation = rule
      let fitted = try search.fit(.pairs(pairs), seed: seed, layer: 0)
      #expect(fitted.isOriented)
      let scores = try fitted.scores(.pairs(pairs))
      #expect(accuracy(scores, threshold: fitted.threshold, labels: labels) > 0.9)
      #expect(fitted.flags.contains { $0.name == "label-assisted" })
    }
  }

  @Test func settingsThatCannotBeHonouredAreRefused() throws {
    func problem(_ change: (inout ContrastConsistentSearch) -> Void) throws -> String {
      var search = ContrastConsistentSearch()
      change(&search)
      let pairs = try plantedPairs(20)
      let error = #expect(throws: ProbeError.self) {
        _ = try search.fit(.pairs(pairs), seed: 0, layer: 0)
      }
      return error?.description ?? ""
    }
    #expect(try problem { $0.tries = 0 }.contains("tries is 0; expected 1 to 100000"))
    #expect(try problem { $0.epochs = 0 }.contains("epochs is 0"))
    #expect(try problem { $0.learningRate = .nan }.contains("learningRate is nan"))
    #expect(try problem { $0.batchSize = -1 }.contains("batchSize is -1"))
    #expect(
      try problem { ($0.batchSize, $0.batchRemainder) = (64, .drop) }.contains("20 training pairs"))
    #expect(try problem { $0.initialization = .principalComponent }.contains("tries is 10"))
    #expect(
      try problem { ($0.learningRate, $0.weightDecay) = (3e38, 0) }.contains("none of the 10"))
  }

  @Test func fewerThanTwoPairsAreRefused() throws {
    let one = try plantedPairs(4).selecting([0])
    let error = #expect(throws: ProbeError.self) {
      _ = try ContrastConsistentSearch().fit(.pairs(one), seed: 0, layer: 0)
    }
    #expect(
      error?.description == "contrast-consistent-search needs at least 2 training samples, got 1; "
        + "export more prompts")
  }
}

extension Double {
  fileprivate func isFar(from other: Double) -> Bool { abs(self - other) > 0.2 }
}
