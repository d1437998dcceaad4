import Activations
import Evaluation
import Foundation
import LinearAlgebra
import Optimization
import Steering
import Studies
import TestSupport
import Testing

/// Oracle: a dump whose measured sweep is steering at the last layer, so that measured and computed sweeps agree.
@Suite struct SteeringSweepExperimentTests {
  private let folder: TemporaryFolder
  private static let (samples, width, vocabulary) = (48, 6, 30)
  private static let coefficients = (-4...4).map { Double($0) / 2 }
  private static let vector = [0.8, -0.3, 0.5, 0, 0.2, -0.6]

  init() throws {
    folder = try TemporaryFolder()
    try Self.write(to: folder)
  }

  private static func write(to folder: TemporaryFolder, finalLayer: String = "pre-norm") throws {
    var generator = SeededGenerator(seed: 51)
    func normal(_ count: Int, _ scale: Double = 1) -> [Float] {
      (0..<count).map { _ in Float(scale * generator.nextNormal()) }
    }
    let states = normal(samples * 2 * width)
    func last(_ sample: Int) -> [Float] {
      Array(states[((2 * sample + 1) * width)..<((2 * sample + 2) * width)])
    }
    func moved(_ vector: [Double]) -> [Float] {
      coefficients.flatMap { coefficient in
        (0..<samples).flatMap { sample in
          zip(last(sample), vector).map { Float(Double($0) + coefficient * $1) }
        }
      }
    }
    let control = normal(width).map { Double($0) }
    func write(_ name: String, _ values: [Float], _ shape: [Int]) throws {
      try GoldenArrays.write(values, shape: shape, to: folder.file(name + ".npy"))
    }
    try write("activations", states, [samples, 2, width])
    try write("unembedding", normal(vocabulary * width, 0.8), [vocabulary, width])
    try write("weight", normal(width, 0.2).map { 1 + $0 }, [width])
    try write("vector", vector.map { Float($0) }, [width])
    try write(
      "states", moved(vector.map { Double(Float($0)) }), [coefficients.count, samples, width])
    try write("control", control.map { Float($0) }, [1, width])
    try write("controlStates", moved(control), [1, coefficients.count, samples, width])
    try write("answers", (0..<samples).map { Float($0 % 7) }, [samples])
    try write("categories", (0..<samples).map { Float($0 % 2) }, [samples])
    try write("groups", (0..<samples).map { Float($0 / 2) }, [samples])
    try folder.write(
      """
      {format: "plumbline-dump", version: 1, model: {name: "planted"}, finalLayer: "\(finalLayer)",
       arrays: {
         activations: {file: "activations.npy", axes: ["sample", "layer", "width"]},
         unembedding: {file: "unembedding.npy", axes: ["vocabulary", "width"]},
         finalNorm: {weight: {file: "weight.npy", axes: ["width"]}, epsilon: 1e-5, kind: "rms"},
         groups: {file: "groups.npy", axes: ["sample"]},
         categories: {file: "categories.npy", axes: ["sample"]},
         answerTokens: {file: "answers.npy", axes: ["sample"]},
         alignedTokens: [10, 11], misalignedTokens: [12],
         sweep: {coefficients: [\(coefficients.map { "\($0)" }.joined(separator: ", "))],
           vector: {file: "vector.npy", axes: ["width"]},
           states: {file: "states.npy", axes: ["coefficient", "sample", "width"]},
           controlVectors: {file: "control.npy", axes: ["direction", "width"]},
           controlStates: {file: "controlStates.npy", axes: ["direction", "coefficient", "sample", "width"]}},
         "sweep.layer": 1}}
      """, to: "dump.json")
  }

  private func experiment() throws -> SteeringSweepExperiment {
    var experiment = SteeringSweepExperiment(dump: try ActivationDump.open(folder.path))
    experiment.settings.resampleCount = 100
    return experiment
  }

  private func lastLayer(_ layer: Int = 1) -> SteeringSweepExperiment.LastLayer {
    var last = SteeringSweepExperiment.LastLayer(
      vector: Self.vector.map { Double(Float($0)) }, layer: layer, method: "planted",
      coefficients: Self.coefficients)
    last.randomDirectionCount = 3
    return last
  }

  private func series(_ outcome: SteeringSweepOutcome, _ metric: String) -> [Double] {
    outcome.records().filter { $0.metric == metric && $0.coefficient != nil && $0.control == nil }
      .compactMap(\.estimate)
  }

  static let metrics = [
    "behaviour", "helpfulness", "divergence", "behaviour-lower-bound", "behaviour-upper-bound",
    "helpfulness-upper-bound",
  ]

  @Test func whatIsComputedIsWhatWasMeasured() throws {
    var experiment = try experiment()
    let measured = try experiment.run()
    experiment.source = .lastLayer(lastLayer())
    let computed = try experiment.run()
    for metric in Self.metrics {
      let (first, second) = (series(measured, metric), series(computed, metric))
      #expect(first.count == Self.coefficients.count)
      for (a, b) in zip(first, second) { #expect(abs(a - b) < 2e-6, "\(metric)") }
    }
    #expect(measured.warnings.isEmpty && computed.warnings.isEmpty)
    // The dump says so itself: its vector was added at the last layer.
    for name in ["direct-path", "linear-response"] {
      let errors = measured.records().filter { $0.metric.hasPrefix(name) }
      #expect(errors.count == 2)
      for error in errors { #expect((error.estimate ?? 1) < 4e-6) }
    }
    let nonlinearity = measured.records().first { $0.metric == "response-nonlinearity" }?.estimate
    #expect((nonlinearity ?? 1) < 1e-10)
    #expect(!computed.records().contains { $0.metric.hasPrefix("direct-path") })
    #expect(measured.records()[0].layer == 1 && measured.records()[0].coefficient == -2)
  }

  @Test func boundsHoldAndBehaviourMoves() throws {
    let outcome = try experiment().run()
    let values = Self.metrics.map { series(outcome, $0) }
    for place in Self.coefficients.indices {
      #expect(values[3][place] <= values[0][place] + 1e-6)
      #expect(values[0][place] <= values[4][place] + 1e-6)
      #expect(values[1][place] <= values[5][place] + 1e-6)
    }
    let zero = try #require(Self.coefficients.firstIndex(of: 0))
    #expect(values[2][zero] < 1e-6 && values[2].filter { $0 > 0.01 }.count > 4)
    #expect(abs(values[0][0] - values[0][8]) > 0.2)
  }

  @Test func promptsAreChosenByTheirAttribute() throws {
    var experiment = try experiment()
    let all = try experiment.run()
    experiment.behaviour = try SampleSelection(experiment.dump, where: "category", is: "0")
    experiment.helpfulness = try SampleSelection(experiment.dump, where: "category", is: "1")
    let some = try experiment.run()
    let records = some.records().filter { $0.coefficient == 0 && $0.control == nil }
    #expect(records.filter { $0.metric == "behaviour" }.map(\.samples) == [24])
    #expect(records.filter { $0.metric == "divergence" }.map(\.samples) == [48])
    #expect(series(some, "behaviour") != series(all, "behaviour"))
  }

  @Test func theFitsTheRegimeAndTheComparisonAreRecorded() throws {
    let outcome = try experiment().run()
    let metrics = outcome.records().filter { $0.coefficient == nil }.map(\.metric)
    for metric in [
      "alignment-slope", "optimum", "break-even", "budget", "saturation", "regime-end", "knee",
      "behaviour-at-equal-divergence", "helpfulness-at-equal-divergence",
    ] {
      #expect(metrics.contains(metric), "\(metric)")
    }
    let controls = outcome.records().filter { $0.control == "random-direction" }
    #expect(Set(controls.map(\.metric)) == ["behaviour", "helpfulness", "divergence"])
    #expect(controls.count == 3 * Self.coefficients.count)
    for line in outcome.lines(style: .plain, explains: true) {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func aLittleOfTheVectorActsAsItsExpansionSays() throws {
    var experiment = try experiment()
    var last = lastLayer()
    last.coefficients = [-0.01, 0, 0.01]
    experiment.source = .lastLayer(last)
    let outcome = try experiment.run()
    func value(_ metric: String) throws -> Record {
      try #require(outcome.records().first { $0.metric == metric && $0.coefficient == nil })
    }
    for (metric, slope) in [
      ("behaviour", "behaviour-slope"), ("helpfulness", "helpfulness-slope"),
    ] {
      let values = series(outcome, metric)
      let expected = (values[2] - values[0]) / 0.02
      #expect(abs((try value(slope).estimate ?? .nan) - expected) < 1e-3)
      #expect(try value(slope).lower != nil)
    }
    #expect(try value("helpfulness-slope").pValue != nil)
    #expect(try value("efficiency-per-divergence").estimate ?? 0 > 0)
    // Samples 0 to 47 have both kinds of tokens, so all are steered one way or the other.
    let share = try #require(try value("anti-steerable-share").estimate)
    let answers = try PromptAnswers(experiment.dump, samples: Array(0..<Self.samples))
    let direct = try LastLayerSweep(
      head: try FinalHead(experiment.dump),
      states: try experiment.dump.activations(layer: 1, rows: Array(0..<Self.samples)).activations,
      answers: answers
    ).outcomes(along: [last.vector], coefficients: last.coefficients)[0]
    let falling = (0..<Self.samples).count { prompt in
      let odds = [0, 2].map { direct.aligned[$0, prompt] - direct.misaligned[$0, prompt] }
      return odds[1] < odds[0]
    }
    #expect(falling > 0 && falling < Self.samples / 2 || falling > Self.samples / 2)
    #expect(abs(share - Double(falling) / Double(Self.samples)) < 1e-12)
    #expect(try value("anti-steerable-share").samples == 48)
    // A measured sweep has no tangent, and does not pretend to.
    let measured = try self.experiment().run().records()
    #expect(!measured.contains { $0.metric == "helpfulness-slope" })
    #expect(measured.contains { $0.metric == "steerability" })
  }

  @Test func twoExportsGiveTheSweepBetweenThem() throws {
    // Oracle: the same prompts once more, with the vector added twice at the last layer.
    let other = try TemporaryFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      try FileManager.default.copyItem(atPath: folder.file(name), toPath: other.file(name))
    }
    let dump = try ActivationDump.open(folder.path)
    var elements: [Float] = []
    for sample in 0..<Self.samples {
      for layer in 0..<2 {
        let state = try dump.activations(layer: layer, rows: [sample]).activations.row(0)
        elements += zip(state, Self.vector).map { layer == 1 ? $0 + 2 * Float($1) : $0 }
      }
    }
    try GoldenArrays.write(
      elements, shape: [Self.samples, 2, Self.width], to: other.file("activations.npy"))
    var experiment = try experiment()
    let measured = try experiment.run()
    func extrapolated(at coefficient: Double) throws -> SteeringSweepOutcome {
      experiment.source = .linearResponse(
        steered: try ActivationDump.open(other.path), at: coefficient,
        coefficients: Self.coefficients)
      return try experiment.run()
    }
    let found = try extrapolated(at: 2)
    for metric in Self.metrics {
      for (a, b) in zip(series(measured, metric), series(found, metric)) {
        #expect(abs(a - b) < 4e-6, "\(metric)")
      }
    }
    #expect(found.warnings.contains { $0.hasPrefix("linear-response") })
    #expect(series(try extrapolated(at: 1), "behaviour") != series(measured, "behaviour"))
    #expect(throws: SteeringError.self) { try extrapolated(at: 0) }
    experiment.source = .linearResponse(steered: dump, at: 1, coefficients: [1])
    #expect(throws: SteeringError.self) { try experiment.run() }
  }

  @Test func otherOperationsAreSweptAndNamed() throws {
    var experiment = try experiment()
    var last = lastLayer()
    last.operation = .ablate
    last.coefficients = [0, 0.5, 1]
    experiment.source = .lastLayer(last)
    let outcome = try experiment.run()
    #expect(outcome.lines(style: .plain, explains: false).contains { $0.contains("ablate") })
    last.operation = .add
    experiment.source = .lastLayer(last)
    #expect(series(try experiment.run(), "behaviour") != series(outcome, "behaviour"))
  }

  @Test func vectorsThatLeaveHalfPrecisionAreFlagged() throws {
    var experiment = try experiment()
    var last = lastLayer()
    last.coefficients = [0, 1e5]
    experiment.source = .lastLayer(last)
    #expect(try experiment.run().warnings.contains { $0.hasPrefix("overflows-float16") })
  }

  @Test func theBestOfManyIsMeasuredAgainOnOtherPrompts() throws {
    let dump = try ActivationDump.open(folder.path)
    var generator = SeededGenerator(seed: 12)
    let random = (0..<Self.width).map { _ in generator.nextNormal() }
    // What raises the aligned tokens' logits and lowers the misaligned one's.
    let unembedding = try #require(dump.arrays[.unembedding]).matrix(
      rows: .vocabulary, at: [10, 11, 12], columns: .width)
    let weight = try #require(dump.arrays[ArrayRole("finalNorm.weight") ?? .labels]).values()
    let gap = (0..<Self.width).map { column in
      weight[column]
        * Double(unembedding[0, column] + unembedding[1, column] - 2 * unembedding[2, column])
    }
    var experiment = SteeringRankingExperiment(
      source: .lastLayer(
        dump,
        [
          .init(method: "random", layer: 1, vector: random),
          .init(method: "reversed", layer: 0, vector: gap.map { -$0 / 4 }),
          .init(method: "zero-ish", layer: 1, vector: Self.vector.map { $0 * 1e-9 }),
        ], coefficients: Self.coefficients))
    experiment.criterion = .behaviourAtDivergence
    experiment.divergence = 0.05
    experiment.settings.resampleCount = 100
    let outcome = try experiment.run()
    // A vector that points the other way is compared where its behaviour rises.
    #expect(outcome.best?.method == "reversed" && outcome.best?.layer == 0)
    let records = outcome.records()
    let choosing = records.filter { $0.category == "choosing" }
    let heldOut = records.filter { $0.category == "held-out" }
    #expect(Set(choosing.compactMap(\.method)) == ["random", "reversed", "zero-ish"])
    #expect(Set(heldOut.compactMap(\.method)) == ["reversed"])
    for part in [choosing, heldOut] {
      #expect(part.first { $0.metric == "behaviour-at-divergence" }?.samples == 24)
    }
    let coefficient = heldOut.first { $0.metric == "coefficient-at-divergence" }?.estimate
    #expect((coefficient ?? 1) < 0)
    #expect(heldOut.allSatisfy { $0.flags.contains { $0.name == "direct-path" } })
    // The smallest vector never gets as far, and stands last.
    #expect(choosing.last?.method == "zero-ish" && choosing.last?.estimate == nil)
    for line in outcome.lines(style: .plain, explains: true) {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func measuredSweepsAreRankedToo() throws {
    var experiment = SteeringRankingExperiment(
      source: .exported([try ActivationDump.open(folder.path)]))
    experiment.settings.resampleCount = 100
    let outcome = try experiment.run()
    let value = try #require(
      outcome.records().first { $0.metric == "efficiency-per-divergence" }?.estimate)
    experiment.source = .lastLayer(
      try ActivationDump.open(folder.path),
      [.init(method: "planted", layer: 1, vector: Self.vector.map { Double(Float($0)) })],
      coefficients: Self.coefficients)
    let computed = try #require(
      try experiment.run().records().first { $0.metric == "efficiency-per-divergence" }?.estimate)
    #expect(abs(value - computed) < 1e-3 * value)
    // At small coefficients it is that of the exact derivatives, of the prompts that choose.
    var last = lastLayer()
    last.coefficients = [-0.02, 0, 0.02]
    var ranking = experiment
    ranking.source = .lastLayer(
      try ActivationDump.open(folder.path),
      [.init(method: "planted", layer: 1, vector: last.vector)], coefficients: last.coefficients)
    ranking.heldOutFraction = 0.05
    let near = try #require(
      try ranking.run().records().first { $0.metric == "efficiency-per-divergence" }?.estimate)
    var sweep = try self.experiment()
    sweep.source = .lastLayer(last)
    let exact = try #require(
      try sweep.run().records().first { $0.metric == "efficiency-per-divergence" }?.estimate)
    // A few prompts are held out, which change a mean of 48 by some per cent; a factor of 2 they do not make.
    #expect(abs(near - exact) < 0.3 * exact)
  }

  @Test func vectorsOfEarlierLayersAreFlagged() throws {
    var experiment = try experiment()
    experiment.source = .lastLayer(lastLayer(0))
    let outcome = try experiment.run()
    #expect(outcome.warnings.contains { $0.hasPrefix("direct-path") })
    #expect(outcome.records().allSatisfy { $0.flags.contains { $0.name == "direct-path" } })
  }

  @Test func statesThatAreNormedAlreadyAreRefused() throws {
    try Self.write(to: folder, finalLayer: "post-norm")
    var experiment = try experiment()
    experiment.source = .lastLayer(lastLayer())
    #expect(throws: StudyError.self) { try experiment.run() }
  }
}
