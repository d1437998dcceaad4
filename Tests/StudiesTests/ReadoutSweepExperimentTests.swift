import Activations
import Evaluation
import Foundation
import LinearAlgebra
import Optimization
import Steering
import Studies
import TestSupport
import Testing

/// Oracle: planted sides, along whose gap a state reads as positive after half of it.
@Suite struct ReadoutSweepExperimentTests {
  private let folder: TemporaryFolder
  private static let (samples, width, gap) = (120, 8, 4.0)

  init() throws {
    folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 19)
    var positive: [Float] = []
    var negative: [Float] = []
    let topics = (0..<Self.samples).map { $0 % 2 }
    for sample in 0..<Self.samples {
      for side in [1.0, -1] {
        let state = (0..<Self.width).map { column in
          let middle =
            column == 0 ? side * Self.gap / 2 : column == 1 ? 3 * Double(topics[sample]) : 0
          return Float(middle + 0.5 * generator.nextNormal())
        }
        if side > 0 { positive += state } else { negative += state }
      }
    }
    let shape = [Self.samples, 1, Self.width]
    try GoldenArrays.write(positive, shape: shape, to: folder.file("positive.npy"))
    try GoldenArrays.write(negative, shape: shape, to: folder.file("negative.npy"))
    try GoldenArrays.write(
      topics.map { Float($0) }, shape: [Self.samples], to: folder.file("topics.npy"))
    try folder.write(
      """
      {format: "plumbline-dump", version: 1, model: {name: "planted"},
       arrays: {
         positive: {file: "positive.npy", axes: ["sample", "layer", "width"]},
         negative: {file: "negative.npy", axes: ["sample", "layer", "width"]},
         categories: {file: "topics.npy", axes: ["sample"], name: "topic"}}}
      """, to: "dump.json")
  }

  private func experiment(_ source: ReadoutSweepExperiment.Source) throws
    -> ReadoutSweepExperiment
  {
    ReadoutSweepExperiment(dump: try ActivationDump.open(folder.path), source: source, layer: 0)
  }

  private func estimate(
    _ outcome: ReadoutSweepOutcome, _ metric: String, at coefficient: Double? = nil
  ) -> Double? {
    outcome.records().first {
      $0.metric == metric && $0.coefficient == coefficient && $0.control == nil
    }?.estimate
  }

  @Test func halfTheGapTurnsAState() throws {
    let outcome = try experiment(.method(DifferenceOfMeansSteering())).run()
    let flip = try #require(estimate(outcome, "flip-coefficient"))
    #expect(abs(flip - 0.5) < 0.06)
    #expect(estimate(outcome, "flipped-share", at: 0) == 0)
    #expect(estimate(outcome, "flipped-share", at: 1) == 1)
    let ratio = try #require(estimate(outcome, "nearest-neighbour-ratio", at: 0.5))
    #expect(ratio > 1.2)
    // After the whole gap a state is among those of the other side.
    let back = try #require(estimate(outcome, "nearest-neighbour-ratio", at: 1))
    #expect(abs(back - 1) < 0.15)
    let random = outcome.records().filter { $0.control == "random-direction" }
    #expect(random.count == 21)
    for record in random where (record.coefficient ?? 0) >= 0.6 {
      let own = estimate(outcome, "readout-probability", at: record.coefficient)
      #expect((record.estimate ?? 1) < (own ?? 0) / 2)
    }
    #expect(outcome.records().filter { $0.metric == "readout-probability" }.first?.lower != nil)
    for line in outcome.lines(style: .plain, explains: true) {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func driftIsWhatTheVectorHasOfTheTopic() throws {
    // A vector that is half topic moves its reading; the difference of means does not.
    var vector = [Double](repeating: 0, count: Self.width)
    (vector[0], vector[1]) = (4, 3)
    func drift(_ source: ReadoutSweepExperiment.Source) throws -> Double? {
      try experiment(source).run().records().first {
        $0.metric == "readout-drift" && $0.category == "topic = 1"
      }?.estimate
    }
    // The topics lie 3 apart, with .5 around each: a shift of 3 is 3 / √(1.5² + .5²) deviations.
    let turned = try #require(try drift(.vector(vector, method: "half")))
    #expect(abs(turned - 3 / 2.5.squareRoot()) < 0.15)
    let straight = try #require(try drift(.method(DifferenceOfMeansSteering())))
    #expect(straight.magnitude < 0.15)
  }

  @Test func aVectorTheOtherWayNeverTurnsAState() throws {
    var vector = [Double](repeating: 0, count: Self.width)
    vector[0] = -4
    let outcome = try experiment(.vector(vector, method: "backwards")).run()
    let flip = try #require(outcome.records().first { $0.metric == "flip-coefficient" })
    #expect(flip.estimate == nil && flip.flags.contains { $0.name == "undefined" })
    #expect(estimate(outcome, "flipped-share", at: 2) == 0)
  }

  @Test func vectorsThatCannotBeSweptAreRefused() throws {
    for vector in [[1.0, 2], [Double](repeating: 0, count: Self.width)] {
      let experiment = try experiment(.vector(vector, method: "wrong"))
      #expect(throws: SteeringError.self) { try experiment.run() }
    }
  }

  @Test func aRecipeAsksForIt() throws {
    func write(_ sweep: String, _ more: String = "") throws {
      try folder.write(
        """
        {title: "t", dump: ".", analyses: [{name: "a", \(more) sweep: \(sweep)}]}
        """, to: "study.json5")
    }
    try write("{method: \"difference-of-means\", layer: 0}", "where: {topic: \"1\"},")
    let study = try Study(path: folder.path)
    let outcome = try StudyRunner(study).run(study.analyses[0])
    #expect(outcome is ReadoutSweepOutcome)
    #expect(outcome.records().first { $0.metric == "flip-coefficient" }?.samples == 24)
    for wrong in [
      "{layer: 0}", "{sides: \"labels\"}",
      "{method: \"difference-of-means\", behaviour: {topic: 1}}",
    ] {
      try write(wrong)
      #expect(throws: StudyError.self, "\(wrong)") { try Study(path: folder.path) }
    }
  }
}
