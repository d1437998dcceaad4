import Activations
import AlignmentQuality
import Evaluation
import LinearAlgebra
import Studies
import TestSupport
import Testing

/// Contrast pairs in three categories, with what a test wants of them.
private struct QualityDump {
  let planted: PlantedDump
  let dump: ActivationDump
  /// Samples by turns in the three categories, so that each has both classes.
  static let categoryCount = 3

  init(labels: (Int) -> Int = { $0 < 80 ? 0 : 1 }) throws {
    planted = try PlantedDump { manifest in
      manifest.arrays[.categories] = .array(
        ArrayReference(
          file: "categories.npy", axes: [.sample], name: "topic", values: ["a", "b", "c"]))
    }
    let folder = planted.folder.path
    let categories = (0..<160).map { Float($0 % Self.categoryCount) }
    let column = StoredArray(extents: [.sample: 160]) { categories[$0[.sample] ?? 0] }
    try column.write(StoredArray.Form(axes: [.sample]), to: folder + "/categories.npy")
    let labels = (0..<160).map { Float(labels($0)) }
    let stored = StoredArray(extents: [.sample: 160]) { labels[$0[.sample] ?? 0] }
    try stored.write(StoredArray.Form(axes: [.sample]), to: folder + "/labels.npy")
    dump = try ActivationDump.open(folder)
  }

  func experiment(_ indices: [any ClusterIndex]? = nil) -> QualityExperiment {
    var experiment = QualityExperiment(
      dump: dump, indices: indices ?? [DebiasedSeparationIndex(), DaviesBouldinIndex()])
    experiment.permutationCount = 99
    return experiment
  }
}

@Suite struct QualityExperimentTests {
  private static let separation = MethodName(DebiasedSeparationIndex.identifier)
  private static let daviesBouldin = MethodName(DaviesBouldinIndex.identifier)

  /// Identity: each layer's value is that of the index on the rows of that layer.
  @Test(arguments: [PointChoice.Activations.positive, .negative, .difference])
  func everyLayerHasTheValueOfItsOwnRows(choice: PointChoice.Activations) throws {
    let quality = try QualityDump()
    var experiment = quality.experiment()
    experiment.points = PointChoice(activations: choice)
    let outcome = try experiment.run()
    for (layer, cell) in outcome.cells(of: Self.daviesBouldin).enumerated() {
      let pairs = try quality.dump.contrastPairs(layer: layer)
      let rows =
        switch choice {
        case .positive: pairs.positive
        case .negative: pairs.negative
        default: pairs.differences
        }
      let points = try LabelledPoints(rows, labels: try #require(pairs.labels))
      let expected = try DaviesBouldinIndex().value(of: points).doubleValue
      #expect(cell.layer == layer)
      let value = try #require(cell.measurement.value.finiteValue)
      #expect(abs(value / expected - 1) < 1e-12)
    }
  }

  /// Planted data: nothing at layer 0, more at each later one.
  @Test func aPlantedLayerStandsOutAndAnEmptyOneDoesNot() throws {
    let outcome = try QualityDump().experiment().run()
    let cells = outcome.cells(of: Self.separation)
    #expect(cells.map(\.layer) == [0, 1, 2])
    #expect(try #require(cells[0].measurement.pValueAdjusted) > 0.05)
    #expect(try #require(cells[2].measurement.pValueAdjusted) <= 0.01)
    #expect(try #require(cells[2].measurement.interval).lower > 0)
    #expect(try #require(cells[0].measurement.interval).contains(0))
    #expect(outcome.bestLayer(of: Self.separation) == 2)
    #expect(outcome.bestLayer(of: Self.daviesBouldin) == 2)
  }

  /// Of one layer, none is better than the others.
  @Test func oneLayerAloneIsNotBest() throws {
    var experiment = try QualityDump().experiment()
    experiment.layers = [2]
    let outcome = try experiment.run()
    #expect(outcome.cells(of: Self.separation).first?.measurement.value.finiteValue != nil)
    #expect(outcome.bestLayer(of: Self.separation) == nil)
  }

  /// Identity: a category's values are those of its samples chosen alone.
  @Test func aCategoryIsMeasuredAsIfItWereAlone() throws {
    let quality = try QualityDump()
    var together = quality.experiment()
    together.category = "topic"
    var alone = quality.experiment()
    alone.selection = try SampleSelection(quality.dump, where: "topic", is: "b")
    let (all, chosen) = (try together.run(), try alone.run())
    #expect(all.categories == ["a", "b", "c"])
    for method in [Self.separation, Self.daviesBouldin] {
      let values = all.cells(of: method, category: "b").map(\.measurement)
      #expect(values == chosen.cells(of: method).map(\.measurement))
      #expect(values.count == 3)
    }
  }

  @Test func aCategoryWithoutAClassIsUndefinedAndTheOthersStand() throws {
    // Category a has only class 0.
    let quality = try QualityDump { $0 % 3 == 0 ? 0 : $0 < 80 ? 0 : 1 }
    var experiment = quality.experiment()
    experiment.category = "topic"
    let outcome = try experiment.run()
    let missing = try #require(outcome.cells(of: Self.separation, category: "a").first?.measurement)
    #expect(missing.value == .undefined("the category has no sample of class 1"))
    #expect(missing.sampleCount == 54)
    for category in ["b", "c"] {
      let cells = outcome.cells(of: Self.separation, category: category)
      #expect(cells.allSatisfy { $0.measurement.value.finiteValue != nil })
    }
  }

  /// Sides are two classes of twice as many points, in the groups of their samples.
  @Test func sidesOfPairsAreClasses() throws {
    let quality = try QualityDump()
    var experiment = quality.experiment()
    experiment.points = PointChoice(classes: .sides)
    let cell = try #require(try experiment.run().cells(of: Self.daviesBouldin).last)
    #expect(cell.measurement.sampleCount == 320 && cell.measurement.groupCount == 80)
    let pairs = try quality.dump.contrastPairs(layer: 2)
    let rows = Matrix<Float>(
      rowCount: 320, columnCount: 8,
      elements: pairs.negative.elements + pairs.positive.elements)
    let points = try LabelledPoints(rows, labels: (0..<320).map { $0 / 160 })
    let expected = try DaviesBouldinIndex().value(of: points).doubleValue
    #expect(abs(try #require(cell.measurement.value.finiteValue) / expected - 1) < 1e-12)
    experiment.points = PointChoice(activations: .positive, classes: .sides)
    #expect(throws: StudyError.self) { _ = try experiment.run() }
  }

  @Test func anAttributeCanBeTheClasses() throws {
    let quality = try QualityDump()
    var experiment = quality.experiment()
    experiment.points = PointChoice(classes: .attribute("topic"))
    let cell = try #require(try experiment.run().cells(of: Self.daviesBouldin).first)
    let pairs = try quality.dump.contrastPairs(layer: 0)
    let points = try LabelledPoints(pairs.positive, labels: (0..<160).map { $0 % 3 })
    let expected = try DaviesBouldinIndex().value(of: points).doubleValue
    #expect(abs(try #require(cell.measurement.value.finiteValue) / expected - 1) < 1e-12)
    experiment.points = PointChoice(classes: .attribute("nothing"))
    let error = #expect(throws: StudyError.self) { _ = try experiment.run() }
    #expect(error?.description.contains("\"topic\"") == true)
  }

  @Test func answersNotAttemptedAreLeftOutAndSaidSo() throws {
    let outcome = try QualityDump { $0 % 10 == 0 ? -1 : $0 < 80 ? 0 : 1 }.experiment().run()
    #expect(outcome.cells.allSatisfy { $0.measurement.sampleCount == 144 })
    #expect(outcome.warnings.contains { $0.hasPrefix("16 samples") })
  }

  @Test func oneClassAloneIsUndefined() throws {
    let outcome = try QualityDump { _ in 1 }.experiment().run()
    #expect(outcome.cells.count == 6)
    for cell in outcome.cells {
      #expect(cell.measurement.value == .undefined("all points are of one class"))
      #expect(cell.measurement.pValue == nil && cell.measurement.interval == nil)
    }
    #expect(outcome.bestLayer(of: Self.separation) == nil)
  }

  @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
    let quality = try QualityDump()
    var experiment = quality.experiment()
    experiment.category = "topic"
    let count = Parallel.threadCount
    defer { Parallel.threadCount = count }
    Parallel.threadCount = 1
    let serial = try experiment.run().cells
    Parallel.threadCount = 3
    #expect(try experiment.run().cells == serial)
    // Layers one after the other, all threads on each.
    experiment.memoryByteCount = 1
    #expect(try experiment.run().cells == serial)
  }

  @Test func anInterruptionLeavesWhatIsDone() throws {
    let experiment = try QualityDump().experiment()
    let cancellation = Cancellation()
    cancellation.cancel()
    let outcome = try experiment.run(cancellation: cancellation)
    #expect(!outcome.isComplete && outcome.isEmpty)
  }

  /// What was not looked at yet cannot be corrected for.
  @Test func anInterruptedSweepHasNoAdjustedPValues() throws {
    var experiment = try QualityDump().experiment()
    experiment.memoryByteCount = 1
    let cancellation = Cancellation()
    let outcome = try experiment.run(cancellation: cancellation) { _ in cancellation.cancel() }
    let cells = outcome.cells(of: Self.separation)
    #expect(cells.map(\.layer) == [0])
    #expect(cells[0].measurement.pValue != nil && cells[0].measurement.pValueAdjusted == nil)
  }

  /// F_u by sample has the interval of what it estimates, not that of F_u by group.
  @Test func anIntervalIsOfItsOwnSeparation() throws {
    let quality = try QualityDump()
    let bySample = DebiasedSeparationIndex(debiasing: .bySample)
    let cell = try #require(try quality.experiment([bySample]).run().cells.last)
    let pairs = try quality.dump.contrastPairs(layer: 2)
    let points = try LabelledPoints(
      pairs.positive, labels: try #require(pairs.labels), groups: pairs.groups)
    let estimate = try SeparationInference(index: bySample).estimate(of: points)
    #expect(cell.measurement.interval == estimate.interval)
    let byGroup = try SeparationInference().estimate(of: points)
    #expect(estimate.interval != byGroup.interval)
  }

  @Test func aMethodIsNamedOnce() throws {
    let quality = try QualityDump()
    #expect(throws: StudyError.self) {
      _ = try quality.experiment([DaviesBouldinIndex(), DaviesBouldinIndex()]).run()
    }
    #expect(throws: StudyError.self) { _ = try quality.experiment([]).run() }
  }

  /// A pool is cross-validated, and its weights are records of their layers.
  @Test func aPoolOfLayersFindsThePlantedOne() throws {
    var experiment = try QualityDump().experiment()
    experiment.pooling = .simplex
    let records = try experiment.run().records(study: nil, analysis: nil)
    let pool = records.filter { $0.method == "layer-pooling" }
    #expect(pool.allSatisfy { $0.variant == "simplex" })
    let weights = pool.filter { $0.metric == "weight" }
    #expect(weights.map(\.layer) == [0, 1, 2])
    let heldOut = try #require(pool.first { $0.metric == "held-out-separation" }?.estimate)
    let single = try #require(
      pool.first { $0.metric == "held-out-separation-of-one-layer" }?.estimate)
    #expect(heldOut > 0 && single > 0)
    let shares = weights.compactMap(\.estimate)
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    #expect(shares[0] == shares.min())
  }

  /// A pool that cannot be must not cost the indices.
  @Test func aPoolThatIsRefusedIsAWarning() throws {
    var experiment = try QualityDump { _ in 1 }.experiment()
    experiment.pooling = .simplex
    let outcome = try experiment.run()
    #expect(outcome.cells.count == 6)
    #expect(outcome.warnings.contains { $0.hasPrefix("layers were not pooled") })
  }

  /// Every layer is compared with every other, both ways alike.
  @Test func geometryComparesLayers() throws {
    var experiment = try QualityDump().experiment()
    experiment.measuresGeometry = true
    let outcome = try experiment.run()
    let records = outcome.records(study: nil, analysis: nil).filter {
      $0.method == CenteredKernelAlignment.identifier
    }
    #expect(records.count == 6)
    let there = records.first { $0.layer == 0 && $0.category == "layer 2" }
    let back = records.first { $0.layer == 2 && $0.category == "layer 0" }
    #expect(there?.estimate != nil && there?.estimate == back?.estimate)
    #expect(outcome.geometry.map(\.identifier) == GeometryCatalog.identifiers)
  }
}
