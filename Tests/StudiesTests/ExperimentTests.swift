import Activations
import Evaluation
import Foundation
import LinearAlgebra
import Probes
import Studies
import TestSupport
import Testing

/// A dump in a folder of its own, with a planted direction that grows from layer 0 to the last.
struct PlantedDump {
  let folder: TemporaryFolder
  let drawn: SyntheticActivations.Drawn

  init(
    sampleCount: Int = 160, layerCount: Int = 3, strength: Float = 3, distractorStrength: Float = 0,
    adjusting manifest: (inout DumpManifest) -> Void = { _ in }
  ) throws {
    folder = try TemporaryFolder()
    var generator = TestGenerator(seed: 11)
    drawn = try SyntheticActivations(
      sampleCount: sampleCount, width: 8, layerCount: layerCount, strength: strength,
      distractorStrength: distractorStrength
    ).draw(using: &generator)
    try drawn.write(to: folder.path, adjusting: manifest)
  }

  func open() throws -> ActivationDump { try ActivationDump.open(folder.path) }

  func experiment(_ methods: [any Probe]? = nil) throws -> ProbeExperiment {
    var search = ContrastConsistentSearch()
    search.tries = 3
    search.epochs = 150
    return ProbeExperiment(dump: try open(), methods: methods ?? [search])
  }
}

@Suite struct ExperimentTests {
  /// Planted data: no signal at layer 0, ±3 at the last layer against noise .3.
  @Test func aPlantedLayerStandsOutAndAnEmptyOneDoesNot() throws {
    let dump = try PlantedDump()
    let outcome = try dump.experiment().run()
    let cells = outcome.cells(of: ContrastConsistentSearch.identifier)
    #expect(cells.map(\.layer) == [0, 1, 2])
    let empty = try #require(cells[0].accuracy)
    #expect(try #require(empty.pValueAdjusted) > 0.05)
    let planted = try #require(cells[2].accuracy)
    #expect(try #require(planted.pValueAdjusted) < 0.01)
    #expect(try #require(planted.interval).lower > 0.5)
    #expect(planted.metric == "folded-accuracy")
    #expect(try #require(planted.chance) > 0.5)
    #expect(
      outcome.bestLayer(of: MethodName(ContrastConsistentSearch.identifier)).map { $0 > 0 } == true)
    #expect(outcome.isComplete)
  }

  /// Opposites are groups here, and a split never parts them.
  @Test func noTestSampleHasAPartnerAmongTheTrainingSamples() throws {
    let dump = try PlantedDump()
    let outcome = try dump.experiment().run()
    let cut = try #require(outcome.cuts.first)
    let training = Set(cut.train)
    #expect(training.isDisjoint(with: cut.test))
    #expect(!cut.test.contains { training.contains(dump.drawn.opposites[$0]) })
    #expect(cut.leakedTestCount == 0)
  }

  @Test func rowWiseSplitsAreFlaggedWithTheirLeak() throws {
    let dump = try PlantedDump()
    var experiment = try dump.experiment()
    experiment.partition = .rows(testFraction: 0.4)
    let outcome = try experiment.run()
    let cut = try #require(outcome.cuts.first)
    let training = Set(cut.train)
    let leaked = cut.test.count { training.contains(dump.drawn.opposites[$0]) }
    #expect(leaked > 0)
    #expect(cut.leakedTestCount == leaked)
    #expect(
      outcome.cells.allSatisfy { cell in
        cell.flags.contains {
          $0.name == "leaking-split" && $0.detail?.hasPrefix("\(leaked) ") == true
        }
      })
  }

  /// Planted distractor: four times as strong as the truth and independent of it.
  @Test func aDistractorIsFlaggedByItsName() throws {
    let dump = try PlantedDump(strength: 0.5, distractorStrength: 4) { manifest in
      if case .array(var reference) = manifest.arrays[.categories] {
        reference.name = "template"
        manifest.arrays[.categories] = .array(reference)
      }
    }
    let outcome = try dump.experiment().run()
    let last = try #require(outcome.cells.last)
    let flag = try #require(last.flags.first { $0.name == "distractor" })
    #expect(flag.detail?.hasPrefix("template") == true)
    let control = try #require(last.controls.first { $0.control == ProbeControl.distractor })
    #expect(control.category == "template")
    #expect(try #require(control.measurement.value.finiteValue) > 0.95)
  }

  /// The ceiling is logistic regression on the same cut: what it has beside a probe without labels is
  /// what it has by itself.
  @Test func theSupervisedCeilingIsLogisticRegression() throws {
    let outcome = try PlantedDump().experiment([RandomDirection(), LogisticProbe()]).run()
    let random = outcome.cells(of: RandomDirection.identifier)
    let regression = outcome.cells(of: LogisticProbe.identifier)
    #expect(random.count == 3 && regression.count == 3)
    for (cell, own) in zip(random, regression) {
      let controls = cell.controls.filter { $0.control == ProbeControl.supervised }
      #expect(controls.map(\.measurement.metric) == ["accuracy", "auroc"])
      #expect(controls.allSatisfy { $0.method == LogisticProbe.identifier })
      #expect(controls.first?.measurement.value == own.accuracy?.value)
      #expect(!own.controls.contains { $0.control == ProbeControl.supervised })
    }
    #expect(try #require(regression[2].accuracy?.value.finiteValue) > 0.95)
  }

  @Test func withoutADistractorThereIsNoSuchFlag() throws {
    let last = try #require(try PlantedDump().experiment().run().cells.last)
    #expect(!last.flags.contains { $0.name == "distractor" })
  }

  /// Law: layers and blocks have their own streams and shapes, so threads and company do not matter.
  @Test func oneLayerAloneAndAnyThreadsGiveTheSameRecords() throws {
    let dump = try PlantedDump()
    var experiment = try dump.experiment()
    let all = try experiment.run().records().filter { $0.layer == 2 }
    let chosen = Parallel.threadCount
    defer { Parallel.threadCount = chosen }
    Parallel.threadCount = 1
    experiment.layers = [2]
    let alone = try experiment.run().records()
    // The adjusted p value is the one number that depends on the other layers.
    #expect(
      alone.map { [$0.estimate, $0.lower, $0.upper, $0.chance, $0.pValue] }
        == all.map { [$0.estimate, $0.lower, $0.upper, $0.chance, $0.pValue] })
  }

  /// Theorem: the best of several statistics is never below one of them, and above a weak one often.
  @Test func theAdjustedPValueAccountsForTheOtherLayers() throws {
    let outcome = try PlantedDump().experiment().run()
    for cell in outcome.cells {
      let accuracy = try #require(cell.accuracy)
      #expect(try #require(accuracy.pValueAdjusted) >= (try #require(accuracy.pValue)))
    }
    let empty = try #require(outcome.cells.first?.accuracy)
    #expect(try #require(empty.pValueAdjusted) > (try #require(empty.pValue)))
  }

  /// Identity: under the better of the two signs there are n (1 − folded accuracy) wrong samples, also
  /// for fits that came out the other way round.
  @Test func misjudgedSamplesAreThoseOfTheBetterSign() throws {
    let dump = try PlantedDump(layerCount: 2, strength: 0.4)
    var signs: Set<Bool> = []
    for seed in 0..<8 as Range<UInt64> {
      var experiment = try dump.experiment()
      experiment.controls = .none
      experiment.seed = seed
      for cell in try experiment.run().cells {
        let share = try #require(cell.accuracy?.value.finiteValue)
        let count = Double(cell.scores.samples.count)
        let ties = cell.scores.scores.count { $0 == cell.scores.threshold }
        #expect(cell.scores.worst(1000).count + ties >= Int((count * (1 - share)).rounded()))
        #expect(cell.scores.worst(1000).count <= Int((count * (1 - share)).rounded()) + ties)
        signs.insert(cell.scores.isInverted)
      }
    }
    #expect(signs == [true, false])
  }

  /// Law: the wordings of a sample share its label in every permutation.
  @Test func permutationsKeepTheWordingsOfASampleTogether() throws {
    let rows = Array(0..<24)
    let samples = SampleLabels(
      samples: rows.map { $0 / 3 }, labels: rows.map { $0 / 3 % 2 }, groups: rows.map { $0 / 6 })
    #expect(samples.labels.count == 8)
    #expect(samples.rows(samples.labels) == rows.map { $0 / 3 % 2 })
    let permutation = try #require(try samples.permutation(count: 20, seed: 1))
    var labellings: Set<[Int]> = []
    for number in 0..<20 {
      let permuted = samples.rows(permutation.permutedLabels(number))
      #expect(rows.allSatisfy { permuted[$0] == permuted[$0 / 3 * 3] })
      labellings.insert(permuted)
    }
    #expect(labellings.count > 1)
  }

  /// A dump with the same samples is another path, but its numbers would be too good.
  @Test func samplesSeenInTrainingAreFlaggedInOtherDumps() throws {
    let dump = try PlantedDump(layerCount: 1)
    let copy = try PlantedDump(layerCount: 1)
    var experiment = try dump.experiment()
    experiment.testDumps = [try copy.open()]
    let outcome = try experiment.run()
    let elsewhere = try #require(outcome.cells.first { $0.dump == copy.folder.path })
    #expect(elsewhere.trainDump == dump.folder.path)
    let training = try #require(outcome.cuts.first).train.count
    let flag = try #require(elsewhere.flags.first { $0.name == "duplicated-rows" })
    #expect(flag.detail?.hasPrefix("\(training) of 160 ") == true)
  }

  @Test func dumpsOfAnotherModelAreNotTestedOn() throws {
    let dump = try PlantedDump(layerCount: 1)
    let other = try PlantedDump(layerCount: 1) { $0.token = "mean" }
    var experiment = try dump.experiment()
    experiment.testDumps = [try other.open()]
    let error = #expect(throws: StudyError.self) { _ = try experiment.run() }
    #expect(error?.description.contains("token \"last\", the dump has \"mean\"") == true)
  }

  @Test func aConstantLayerIsUndefinedForLabelsAndCollapsedForCCS() throws {
    let dump = try PlantedDump(layerCount: 2)
    let count = dump.drawn.labels.count
    for side in ["positive", "negative"] {
      let layer = dump.drawn.layers[1]
      let matrix = side == "positive" ? layer.positive : layer.negative
      var values: [Float] = []
      for sample in 0..<count {
        values += [Float](repeating: 1.5, count: 8) + matrix.row(sample)
      }
      try writeArray(values, shape: [count, 2, 8], to: dump.folder.file("\(side).npy"))
    }
    let outcome = try dump.experiment([ContrastConsistentSearch(), DifferenceOfMeans()]).run()
    let search = outcome.cells(of: ContrastConsistentSearch.identifier)
    #expect(search[0].flags.map(\.name).contains("constant-layer"))
    #expect(search[0].flags.map(\.name).contains("collapsed"))
    #expect(!search[1].flags.map(\.name).contains("constant-layer"))
    let means = outcome.cells(of: DifferenceOfMeans.identifier)
    #expect(means[0].accuracy?.value.finiteValue == nil)
    #expect(means[1].accuracy?.pValueAdjusted != nil)
    let record = try #require(
      outcome.records().first { $0.method == "difference-of-means" && $0.layer == 0 })
    #expect(record.estimate == nil)
    #expect(record.flags.contains { $0.name == "undefined" })
  }

  @Test func foldsAreReportedEachAndAsTheirMean() throws {
    var experiment = try PlantedDump(layerCount: 1).experiment()
    experiment.partition = .folds(4)
    experiment.controls = .none
    let records = try experiment.run().records().filter { $0.metric == "folded-accuracy" }
    #expect(records.count == 5)
    let values = records.prefix(4).compactMap(\.estimate)
    let mean = try #require(records.last)
    #expect(mean.fold == "mean of 4 folds")
    #expect(abs(try #require(mean.estimate) - values.reduce(0, +) / 4) < 1e-15)
    #expect(mean.lower == nil && mean.upper == nil)
    #expect(records.prefix(4).compactMap(\.samples).reduce(0, +) == 160)
  }

  @Test func fewGroupsGiveNoInterval() throws {
    var experiment = try PlantedDump(sampleCount: 40, layerCount: 1).experiment()
    experiment.controls = .none
    let accuracy = try #require(try experiment.run().cells.first?.accuracy)
    #expect(accuracy.groupCount < 20)
    #expect(accuracy.interval == nil)
    #expect(accuracy.flags.contains { $0.name == Flag.fewGroups.name })
  }

  @Test func anInterruptionKeepsWhatIsFinished() throws {
    var experiment = try PlantedDump().experiment()
    experiment.memoryByteCount = 0
    let cancellation = Cancellation()
    let outcome = try experiment.run(cancellation: cancellation) { _ in cancellation.cancel() }
    #expect(!outcome.isComplete)
    #expect(outcome.cells.map(\.layer) == [0])
  }

  @Test func samplesCanBeChosenByCategory() throws {
    let dump = try PlantedDump()
    var experiment = try dump.experiment()
    experiment.selection = try SampleSelection(experiment.dump, where: "category", is: "1")
    let outcome = try experiment.run()
    let cut = try #require(outcome.cuts.first)
    #expect((cut.train + cut.test).allSatisfy { dump.drawn.distractor[$0] == 1 })
    #expect(cut.train.count + cut.test.count == dump.drawn.distractor.count { $0 == 1 })
    let error = #expect(throws: StudyError.self) {
      _ = try SampleSelection(experiment.dump, where: "category", is: "7")
    }
    #expect(error?.description.contains("\"0\", \"1\"") == true)
  }

  /// Identity: probes that were saved score as the ones that were fitted.
  @Test func savedProbesScoreTheSame() throws {
    let dump = try PlantedDump()
    let outcome = try dump.experiment().run()
    let path = dump.folder.file("probes.json")
    try ParameterFile.write(SavedProbes(outcome), kind: SavedProbes.kind, to: path)
    let saved = try ParameterFile.read(SavedProbes.self, kind: SavedProbes.kind, from: path)
    let applied = try ProbeApplication(saved: saved, dump: try dump.open()).run()
    for cell in outcome.cells {
      let other = try #require(applied.cells.first { $0.layer == cell.layer })
      let scores = Dictionary(uniqueKeysWithValues: zip(other.scores.samples, other.scores.scores))
      #expect(cell.scores.samples.map { scores[$0] } == cell.scores.scores)
    }
  }
}

private func writeArray(_ values: [Float], shape: [Int], to path: String) throws {
  try GoldenArrays.write(values, shape: shape, to: path)
}
