import Evaluation
import Foundation
import LinearAlgebra
import Optimization
import Steering
import Testing

/// Oracle: differences of a sweep at small coefficients.
@Suite struct SweepExpansionTests {
  private static let width = 8

  private func sweep(
    _ norm: FinalHead.Norm, bias: Bool = false, softCap: Double? = nil
  ) throws -> (LastLayerSweep, [Double]) {
    var generator = SeededGenerator(seed: 61)
    func normal(_ count: Int, _ scale: Double) -> [Double] {
      (0..<count).map { _ in scale * generator.nextNormal() }
    }
    let head = DirectHead(
      norm: norm,
      unembedding: Matrix<Float>(
        rowCount: 1500, columnCount: Self.width,
        elements: normal(1500 * Self.width, 0.6).map { Float($0) }),
      bias: bias ? normal(1500, 0.4) : [], scale: 0.8, softCap: softCap)
    let states = Matrix<Float>(
      rowCount: 4, columnCount: Self.width,
      elements: normal(4 * Self.width, 2).map { Float($0) })
    let answers = try PromptAnswers(
      correct: [[3], [7], [], [1200]], aligned: [[4, 1100], [4], [4], []],
      misaligned: [[6], [6, 9], [8], []])
    return (
      try LastLayerSweep(head: try head.head, states: states, answers: answers),
      normal(Self.width, 0.7)
    )
  }

  static let norms: [FinalHead.Norm] = [
    .none, .rootMeanSquare(gain: (0..<width).map { 1 + Double($0) / 10 }, epsilon: 1e-3),
    .layer(
      gain: (0..<width).map { 1 + Double($0) / 10 }, bias: (0..<width).map { Double($0) / 20 },
      epsilon: 1e-3),
  ]

  @Test(arguments: [0, 1, 2], [false, true])
  func slopesAreThoseOfTheSweep(norm: Int, isCapped: Bool) throws {
    let (sweep, vector) = try sweep(
      Self.norms[norm], bias: isCapped, softCap: isCapped ? 5 : nil)
    let step = 0.02
    let outcome = try sweep.outcomes(along: [vector], coefficients: [-step, step])[0]
    let expansions = try sweep.expansions(along: vector)
    #expect(expansions.count == 4)
    for (row, expansion) in expansions.enumerated() {
      // Logits in float32, some 1e-6 off, are divided by the step; the third order adds step².
      let tolerance = 5e-4
      if let helpfulness = expansion.helpfulness {
        let values = (0..<3).map { outcome.helpfulness(coefficient: $0, prompt: row) ?? .nan }
        #expect(abs((values[2] - values[0]) / (2 * step) - helpfulness.slope) < tolerance)
        #expect(abs(values[1] - helpfulness.probability) < 1e-5)
      }
      if let behaviour = expansion.behaviour {
        let values = (0..<3).map { outcome.behaviour(coefficient: $0, prompt: row) ?? .nan }
        #expect(abs((values[2] - values[0]) / (2 * step) - behaviour.slope) < tolerance)
        #expect(behaviour.slope.magnitude > 0.01)
      }
      let divergence = (outcome.divergence[0, row] + outcome.divergence[2, row]) / (step * step)
      #expect(abs(divergence - expansion.slopeVariance) < 0.05 * expansion.slopeVariance)
    }
    #expect((expansions[2].helpfulness == nil) && (expansions[3].behaviour == nil))
  }

  @Test func aLongerVectorHasSteeperSlopes() throws {
    let (sweep, vector) = try sweep(Self.norms[1])
    let once = try sweep.expansions(along: vector)
    let twice = try sweep.expansions(along: vector.map { 2 * $0 })
    for (a, b) in zip(once, twice) {
      #expect(abs(4 * a.slopeVariance - b.slopeVariance) < 1e-9 * b.slopeVariance)
    }
    let summaries = try [once, twice].map { try ExpansionSummary(of: $0) }
    let values = summaries.compactMap(\.efficiencyPerDivergence.finiteValue)
    #expect(values.count == 2 && abs(values[0] - values[1]) < 1e-9 * values[0])
    #expect(summaries[0].helpfulnessSlope?.promptCount == 3)
  }

  @Test(arguments: [1, 2])
  func normedStatesAreRefused(norm: Int) throws {
    let (sweep, _) = try sweep(Self.norms[norm])
    let head = DirectHead(norm: Self.norms[norm], unembedding: Matrix(rowCount: 0, columnCount: 0))
    let normed = Matrix(
      rows: (0..<4).map { row in
        head.normed(sweep.states.row(row).map { Double($0) }).map { Float(Float16($0)) }
      })
    #expect(throws: SteeringError.self) {
      try LastLayerSweep(head: sweep.head, states: normed, answers: sweep.answers)
    }
    let longer = Matrix(rows: (0..<4).map { row in normed.row(row).map { 1.02 * $0 } })
    _ = try LastLayerSweep(head: sweep.head, states: longer, answers: sweep.answers)
  }

  @Test func halfPrecisionEndsWhereItsLargestNumberIs() {
    let states = Matrix<Float>(rows: [[60_000, 0], [-10, -65_000]])
    func flag(_ vector: [Double], _ coefficients: [Double]) -> String? {
      HalfPrecisionRange.flag(for: states, along: vector, coefficients: coefficients)?.detail
    }
    #expect(flag([1000, 0], [-5, 0, 5]) == nil)
    #expect(flag([1000, 0], [0, 5, 6])?.contains("coefficient of 6.0") == true)
    #expect(flag([0, 600], [0, -1])?.contains("coefficient of -1.0") == true)
  }
}
