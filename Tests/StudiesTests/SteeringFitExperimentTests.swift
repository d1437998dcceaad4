import Activations
import Evaluation
import LinearAlgebra
import Optimization
import Steering
import Studies
import TestSupport
import Testing

/// Oracle: a dump whose sides differ along a planted direction that grows with the layer.
@Suite struct SteeringFitExperimentTests {
  private let folder: TemporaryFolder
  private let dump: ActivationDump
  private let direction: [Double]

  init() throws {
    folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 41)
    let drawn = try SyntheticActivations(
      sampleCount: 160, width: 16, layerCount: 3, strength: 0, offset: 0.4
    ).draw(using: &generator)
    try drawn.write(to: folder.path)
    dump = try ActivationDump.open(folder.path)
    direction = drawn.direction.map { Double($0) }
  }

  private func run(
    _ methods: [String], _ change: (inout SteeringFitExperiment) -> Void = { _ in }
  ) throws -> SteeringFitOutcome {
    var experiment = SteeringFitExperiment(
      dump: dump, methods: try methods.map { try SteeringFactory.method(named: $0) })
    change(&experiment)
    return try experiment.run()
  }

  /// What a pair's sides differ by, in the means of all samples of a layer.
  private func gap(_ layer: Int) throws -> [Double] {
    try SteeringStates(try dump.contrastPairs(layer: layer)).differenceOfMeans
  }

  @Test func vectorsPointAlongTheDifferenceAndReadHeldOutPairs() throws {
    let outcome = try run(["difference-of-means", "pairwise-component"])
    #expect(outcome.methods.map(\.description) == ["difference-of-means", "pairwise-component"])
    for method in outcome.methods {
      let cells = outcome.cells(of: method)
      #expect(cells.map(\.layer) == [0, 1, 2])
      for cell in cells {
        let found = try #require(cell.direction)
        #expect(found.cosine(to: try gap(cell.layer)) > 0.9)
        #expect(cell.measurement("auroc")?.value.finiteValue ?? 0 > 0.7)
        #expect(cell.measurement("pair-accuracy")?.chance == 0.5)
        #expect(cell.cone?.blockCount == 10)
      }
    }
  }

  @Test func recordsHoldEveryNumberWithItsControl() throws {
    let outcome = try run(["difference-of-means"]) { $0.layers = [0, 1, 2] }
    let records = outcome.records()
    for metric in [
      "norm", "auroc", "pair-accuracy", "cosine-to-difference-of-means", "gap-ratio", "cone-angle",
      "standard-deviation", "mean-state-norm",
    ] {
      #expect(
        records.filter { $0.metric == metric && $0.control == nil }.map(\.layer) == [0, 1, 2])
    }
    let neighbour = records.filter { $0.metric == "cosine-to-previous-layer" }
    #expect(neighbour.map(\.layer) == [1, 2])
    let vectors = outcome.cells(of: outcome.methods[0]).compactMap { $0.direction?.vector }
    for (place, record) in neighbour.enumerated() {
      #expect(record.estimate == cosine(vectors[place + 1], vectors[place]))
    }
    let control = records.filter { $0.control == "random-direction-95" }
    #expect(control.map(\.metric) == ["auroc", "auroc", "auroc"])
    for (own, random) in zip(records.filter { $0.metric == "auroc" && $0.control == nil }, control)
    {
      let (own, random) = (try #require(own.estimate), try #require(random.estimate))
      #expect((0.5...1).contains(random) && own > random - 0.2)
    }
  }

  /// The planted truth moves the sides of label 1 apart one way and those of label 0 the other.
  @Test func sidesByLabelFollowTheTruth() throws {
    var generator = SeededGenerator(seed: 43)
    let drawn = try SyntheticActivations(
      sampleCount: 160, width: 16, layerCount: 1, strength: 3, offset: 0
    ).draw(using: &generator)
    let other = try TemporaryFolder()
    try drawn.write(to: other.path)
    var experiment = SteeringFitExperiment(
      dump: try ActivationDump.open(other.path), methods: [DifferenceOfMeansSteering()])
    let truth = drawn.direction.map { Double($0) }
    let stored = try #require(try experiment.run().cells[0].direction)
    experiment.sides = .labels
    let byLabel = try #require(try experiment.run().cells[0].direction)
    #expect(byLabel.cosine(to: truth) > 0.95)
    // By the stored sides the two halves cancel.
    #expect(stored.rawNorm < byLabel.rawNorm / 4)
  }

  @Test func layersWithoutADirectionSayWhy() throws {
    let states = try dump.contrastPairs(layer: 0).positive
    var values: [Float] = []
    for sample in 0..<160 { values += states.row(sample) + states.row(sample) }
    for name in ["positive", "negative"] {
      try GoldenArrays.write(values, shape: [160, 2, 16], to: folder.file(name + ".npy"))
    }
    var experiment = SteeringFitExperiment(
      dump: try ActivationDump.open(folder.path), methods: [DifferenceOfMeansSteering()])
    experiment.layers = [1]
    let outcome = try experiment.run()
    #expect(outcome.cells[0].direction == nil)
    #expect(outcome.cells[0].flags.map(\.name) == ["undefined"])
    #expect(outcome.records().map(\.metric) == ["norm"])
    #expect(outcome.lines(style: .plain, explains: true).contains { $0.contains("undefined") })
  }

  @Test func savedVectorsComeBack() throws {
    let outcome = try run(["difference-of-means", "logistic-regression"])
    let path = folder.file("vectors.json")
    try ParameterFile.write(SavedVectors(outcome), kind: SavedVectors.kind, to: path)
    let saved = try ParameterFile.read(SavedVectors.self, kind: SavedVectors.kind, from: path)
    #expect(saved.origin.model.name == "synthetic" && saved.vectors.count == 6)
    let found = try saved.vectors(method: "logistic-regression", layer: 2)
    #expect(found.directions == [try #require(outcome.cells.last?.direction)])
    #expect(throws: StudyError.self) { try saved.vectors(method: nil, layer: nil) }
    #expect(throws: StudyError.self) { try saved.vectors(method: "leace", layer: nil) }
    #expect(throws: StudyError.self) {
      try saved.vectors(method: "difference-of-means", layer: 7)
    }
  }

  @Test func everyLineFitsEightyColumns() throws {
    let outcome = try run(SteeringCatalog.identifiers.filter { $0 != "linear-discriminant" })
    for line in outcome.lines(style: .plain, explains: true) {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func whatCannotBeFittedIsRefused() throws {
    #expect(throws: StudyError.self) { try run([]) }
    #expect(throws: StudyError.self) { try run(["leace", "leace"]) }
    #expect(throws: StudyError.self) { try run(["leace"]) { $0.partition = .folds(3) } }
    #expect(throws: SteeringError.self) { try SteeringFactory.method(named: "leaec") }
    #expect(throws: StudyError.self) { try SteeringFactory.method(named: "leace/own") }
  }

  @Test func runsOfOneSeedAreTheSame() throws {
    let methods = ["linear-artificial-tomography", "random-direction"]
    let first = try run(methods).records()
    #expect(try run(methods).records() == first)
    #expect(try run(methods) { $0.seed = 1 }.records() != first)
  }
}
