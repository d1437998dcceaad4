import Activations
import LinearAlgebra
import Optimization
import Steering
import TestSupport
import Testing

/// Oracle: steering at the last layer, where what is measured and what is computed are the same.
@Suite struct MeasuredSweepTests {
  private let head: DirectHead
  private let states: Matrix<Float>
  private let vector: [Double]
  private let answers: PromptAnswers
  private let coefficients = [0.5, -2, 0, 3]

  init() throws {
    var generator = SeededGenerator(seed: 12)
    head = DirectHead(
      norm: .layer(
        gain: (0..<6).map { _ in 1 + generator.nextNormal() / 4 },
        bias: (0..<6).map { _ in generator.nextNormal() }, epsilon: 1e-5),
      unembedding: Matrix(rowCount: 1500, columnCount: 6) { _, _ in
        Float(generator.nextNormal() / 2)
      }, bias: (0..<1500).map { _ in generator.nextNormal() }, scale: 0.5, softCap: 4)
    states = Matrix(rowCount: 3, columnCount: 6) { _, _ in Float(generator.nextNormal()) }
    vector = (0..<6).map { _ in generator.nextNormal() }
    answers = try PromptAnswers(
      correct: [[1400], [3], []], aligned: [[5, 6], [5], []], misaligned: [[1, 1499], [2], []])
  }

  private func moved(_ coefficient: Double) throws -> Matrix<Float> {
    try SteeringOperator(.add(coefficient), along: vector).applied(to: states).states
  }

  private func expectEqual(_ first: SweepOutcomes, _ second: SweepOutcomes) {
    #expect(first.coefficients == second.coefficients)
    for (left, right) in [
      (first.correct, second.correct), (first.aligned, second.aligned),
      (first.misaligned, second.misaligned), (first.divergence, second.divergence),
      (first.reverseDivergence, second.reverseDivergence),
    ] {
      for (a, b) in zip(left.elements, right.elements) { #expect(a == b || abs(a - b) < 1e-5) }
    }
  }

  @Test func statesThatWereMovedHaveTheOutcomesOfMovingThem() throws {
    let exact = try LastLayerSweep(head: try head.head, states: states, answers: answers)
      .outcomes(along: [vector], coefficients: coefficients)[0]
    let measured = try MeasuredSweep(coefficients: coefficients, answers: answers)
    let found = try measured.outcomes(
      head: try head.head, states: try coefficients.map { try moved($0) })
    expectEqual(found, exact)
    #expect(exact.divergence[3, 0] > 0.01)
  }

  @Test func logitsHaveTheOutcomesOfTheirStates() throws {
    let sets = try coefficients.map { try moved($0) }
    let measured = try MeasuredSweep(coefficients: coefficients, answers: answers)
    let logits = sets.map { set in
      Matrix(
        rows: (0..<3).map { row in
          head.logits(of: set.row(row).map { Double($0) }).map { Float($0) }
        })
    }
    expectEqual(
      try measured.outcomes(logits: logits),
      try measured.outcomes(head: try head.head, states: sets))
  }

  @Test func whatCannotBeMeasuredIsRefused() throws {
    for coefficients in [[1.0, 2], [0, 1, 1], [0, .nan]] {
      #expect(throws: SteeringError.self) {
        try MeasuredSweep(coefficients: coefficients, answers: answers)
      }
    }
    let measured = try MeasuredSweep(coefficients: [0, 1], answers: answers)
    for sets in [
      [states], [states, Matrix(rowCount: 3, columnCount: 5)],
      [states, Matrix(rowCount: 2, columnCount: 6)],
    ] {
      #expect(throws: SteeringError.self) {
        try measured.outcomes(head: try head.head, states: sets)
      }
    }
    #expect(throws: SteeringError.tokenOutOfRange(set: "answer", token: 5, vocabularySize: 4)) {
      try measured.outcomes(
        logits: [Matrix<Float>](repeating: Matrix(rowCount: 3, columnCount: 4), count: 2))
    }
  }
}
