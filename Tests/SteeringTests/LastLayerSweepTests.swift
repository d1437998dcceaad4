import Foundation
import LinearAlgebra
import Optimization
import Steering
import Testing

/// Oracle: the head and the operations written out, state by state, in float64.
@Suite struct LastLayerSweepTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    var norm = "rms"
    var vocabulary = 40
    var bias = false
    var scale = 1.0
    var softCap: Double?
    var operation: @Sendable (Double) -> SteeringOperation = { .add($0) }
    var preservesNorm = false

    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "no norm", norm: "none"), Case(name: "root mean square"),
    Case(name: "layer norm", norm: "layer"),
    Case(name: "bias and scale", bias: true, scale: 0.25),
    Case(name: "layer norm, bias and scale", norm: "layer", bias: true, scale: 1.5),
    Case(name: "soft cap", bias: true, softCap: 2),
    Case(name: "more than one chunk", norm: "layer", vocabulary: 2500, bias: true),
    Case(name: "norm kept", norm: "rms", preservesNorm: true),
    Case(name: "norm kept, layer norm", norm: "layer", preservesNorm: true),
    Case(name: "norm kept, no norm", norm: "none", preservesNorm: true),
    Case(name: "ablation", operation: { .ablate($0) }),
    Case(name: "ablation, layer norm", norm: "layer", operation: { .ablate($0) }),
    Case(name: "projection set", operation: { .setProjection($0) }),
    Case(name: "projection raised", operation: { .raiseProjection($0) }),
    Case(name: "projection lowered", operation: { .lowerProjection($0) }),
    Case(name: "outward", operation: { .addOutward($0) }),
  ]
  static let coefficients = [-1.5, -0.4, 0, 0.3, 1, 4]
  static let width = 12

  private func drawn(_ setting: Case) -> (DirectHead, Matrix<Float>, [[Double]]) {
    var generator = SeededGenerator(seed: 5, stream: UInt64(setting.vocabulary))
    let width = Self.width
    func vector(_ middle: Double, _ spread: Double, _ count: Int) -> [Double] {
      (0..<count).map { _ in middle + spread * generator.nextNormal() }
    }
    let norm: FinalHead.Norm
    switch setting.norm {
    case "rms": norm = .rootMeanSquare(gain: vector(1, 0.3, width), epsilon: 1e-3)
    case "layer":
      norm = .layer(gain: vector(1, 0.3, width), bias: vector(0, 0.3, width), epsilon: 1e-3)
    default: norm = .none
    }
    let unembedding = Matrix<Float>(
      rowCount: setting.vocabulary, columnCount: width,
      elements: vector(0, 0.7, setting.vocabulary * width).map { Float($0) })
    let states = Matrix<Float>(
      rowCount: 5, columnCount: width, elements: vector(0.2, 1, 5 * width).map { Float($0) })
    let head = DirectHead(
      norm: norm, unembedding: unembedding,
      bias: setting.bias ? vector(0, 0.5, setting.vocabulary) : [], scale: setting.scale,
      softCap: setting.softCap)
    return (head, states, [vector(0, 0.6, width), vector(0, 0.6, width)])
  }

  private static let answers = try? PromptAnswers(
    correct: [[3], [7], [], [1, 2], [39]],
    aligned: [[4, 5], [4, 5], [4], [], [0]],
    misaligned: [[6], [6], [8, 9], [], [1]])

  @Test(arguments: cases)
  func outcomesAreThoseOfEveryStateByItself(setting: Case) throws {
    let (direct, states, vectors) = drawn(setting)
    let answers = try #require(Self.answers)
    let sweep = try LastLayerSweep(head: try direct.head, states: states, answers: answers)
    let found = try sweep.outcomes(
      along: vectors, coefficients: Self.coefficients, preservesNorm: setting.preservesNorm,
      operation: setting.operation)
    #expect(found.count == 2)
    // Logits are sums of float32 products of magnitude 10: their rounding, and a little for the sums over tokens.
    let tolerance = 2e-5
    for (outcome, vector) in zip(found, vectors) {
      #expect(outcome.coefficients == Self.coefficients)
      for row in 0..<states.rowCount {
        let state = states.row(row).map { Double($0) }
        let unsteered = direct.logProbabilities(of: state)
        for (place, strength) in Self.coefficients.enumerated() {
          let moved = steered(
            state, setting.operation(strength), along: vector, preservesNorm: setting.preservesNorm)
          let expected = direct.logProbabilities(of: moved)
          func mass(_ tokens: [Int]) -> Double { log(tokens.reduce(0) { $0 + exp(expected[$1]) }) }
          func agrees(_ actual: Double, _ tokens: [Int]) -> Bool {
            tokens.isEmpty ? actual == -.infinity : abs(actual - mass(tokens)) < tolerance
          }
          #expect(agrees(outcome.correct[place, row], answers.correct[row]))
          #expect(agrees(outcome.aligned[place, row], answers.aligned[row]))
          #expect(agrees(outcome.misaligned[place, row], answers.misaligned[row]))
          let forward = zip(unsteered, expected).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
          let reverse = zip(unsteered, expected).reduce(0) { $0 + exp($1.1) * ($1.1 - $1.0) }
          #expect(abs(outcome.divergence[place, row] - forward) < tolerance)
          #expect(abs(outcome.reverseDivergence[place, row] - reverse) < tolerance)
          try expectBounds(
            outcome, place: place, row: row, answers: answers, unsteered: unsteered,
            steered: expected)
          let behaviour = outcome.behaviour(coefficient: place, prompt: row)
          if answers.aligned[row].isEmpty {
            #expect(behaviour == nil)
          } else {
            let (a, m) = (exp(mass(answers.aligned[row])), exp(mass(answers.misaligned[row])))
            #expect(abs((behaviour ?? .nan) - (a - m) / (a + m)) < tolerance)
          }
          #expect(
            (outcome.helpfulness(coefficient: place, prompt: row) == nil)
              == answers.correct[row].isEmpty)
        }
      }
    }
  }

  /// Oracle: the bounds of one prompt from its whole logits.
  private func expectBounds(
    _ outcome: SweepOutcomes, place: Int, row: Int, answers: PromptAnswers, unsteered: [Double],
    steered: [Double]
  ) throws {
    let single = answers.correct[row].count == 1 ? answers.correct[row].first : nil
    let hasSets = !answers.aligned[row].isEmpty
    guard single != nil || hasSets else {
      #expect(outcome.helpfulnessUpper[place, row] == 1 && outcome.behaviourLower[place, row] == -1)
      return
    }
    let bounds = try TradeoffBounds(
      base: try TokenLogits(unsteered), steered: try TokenLogits(steered),
      answers: try AnswerTokens(
        correct: single, aligned: answers.aligned[row], misaligned: answers.misaligned[row]))
    #expect(abs(outcome.helpfulnessUpper[place, row] - (bounds.helpfulnessUpper ?? 1)) < 2e-5)
    #expect(abs(outcome.behaviourLower[place, row] - (bounds.behaviourLower ?? -1)) < 2e-5)
    #expect(abs(outcome.behaviourUpper[place, row] - (bounds.behaviourUpper ?? 1)) < 2e-5)
  }

  /// Logits of three hundred, whose exponentials overflow, and tokens so unlikely that theirs vanish.
  @Test func largeLogitsDoNotOverflow() throws {
    let direct = DirectHead(
      norm: .none, unembedding: Matrix(rows: [[300, 0], [0, 1], [-300, 0]]))
    let answers = try PromptAnswers(correct: [[0]], aligned: [[0]], misaligned: [[2]])
    let sweep = try LastLayerSweep(
      head: try direct.head, states: Matrix(rows: [[1, 0]]), answers: answers)
    let found = try sweep.outcomes(along: [[-1, 0]], coefficients: [0, 1, 2])[0]
    #expect(found.correct[0, 0] == 0 && abs(found.correct[2, 0] + 600) < 1e-3)
    #expect(abs(found.misaligned[0, 0] + 600) < 1e-3 && found.misaligned[2, 0] == 0)
    #expect(abs(found.divergence[2, 0] - 600) < 1e-3)
    #expect(abs(found.correct[1, 0] + log(3)) < 1e-6)
    #expect(found.behaviour(coefficient: 1, prompt: 0) == 0)
  }

  @Test func nothingChangesAtZeroAndZeroIsPutIn() throws {
    let (direct, states, vectors) = drawn(Case(name: ""))
    let answers = try #require(Self.answers)
    let sweep = try LastLayerSweep(head: try direct.head, states: states, answers: answers)
    let found = try sweep.outcomes(along: vectors, coefficients: [1, -1])[0]
    #expect(found.coefficients == [-1, 0, 1] && found.unsteered == 1)
    for row in 0..<5 {
      #expect(found.divergence[1, row] < 1e-7 && found.reverseDivergence[1, row] < 1e-7)
    }
    let set = try sweep.outcomes(along: vectors, coefficients: [1]) { .setProjection($0) }[0]
    #expect(set.coefficients == [1] && set.unsteered == nil)
  }

  @Test func bytesDoNotDependOnThreads() throws {
    let (direct, states, vectors) = drawn(Case(name: "", vocabulary: 3000))
    let answers = try #require(Self.answers)
    let sweep = try LastLayerSweep(head: try direct.head, states: states, answers: answers)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let serial = try sweep.outcomes(along: vectors, coefficients: Self.coefficients)
    Parallel.threadCount = 4
    #expect(try sweep.outcomes(along: vectors, coefficients: Self.coefficients) == serial)
  }

  @Test func whatCannotBeSweptIsRefused() throws {
    let (direct, states, vectors) = drawn(Case(name: ""))
    let head = try direct.head
    let answers = try #require(Self.answers)
    func refuses(_ body: () throws -> Void) { #expect(throws: SteeringError.self) { try body() } }
    refuses {
      _ = try LastLayerSweep(
        head: head, states: Matrix(rowCount: 5, columnCount: 3), answers: answers)
    }
    refuses {
      _ = try LastLayerSweep(
        head: head, states: Matrix(rowCount: 4, columnCount: 12), answers: answers)
    }
    var broken = states
    broken[2, 3] = .infinity
    #expect(throws: SteeringError.nonFinite(what: "the last states", row: 2, column: 3)) {
      try LastLayerSweep(head: head, states: broken, answers: answers)
    }
    let outside = try PromptAnswers(
      correct: [[40], [], [], [], []], aligned: answers.aligned, misaligned: answers.misaligned)
    #expect(throws: SteeringError.tokenOutOfRange(set: "answer", token: 40, vocabularySize: 40)) {
      try LastLayerSweep(head: head, states: states, answers: outside)
    }
    let sweep = try LastLayerSweep(head: head, states: states, answers: answers)
    refuses { _ = try sweep.outcomes(along: vectors, coefficients: []) }
    refuses { _ = try sweep.outcomes(along: vectors, coefficients: [.nan]) }
    refuses { _ = try sweep.outcomes(along: [[1, 2]], coefficients: [1]) }
    refuses {
      _ = try sweep.outcomes(along: [[Double](repeating: 0, count: 12)], coefficients: [1])
    }
    #expect(throws: SteeringError.tokenInBothSets(token: 4)) {
      try PromptAnswers(correct: [[], []], aligned: [[1], [4]], misaligned: [[2], [3, 4]])
    }
    refuses { _ = try PromptAnswers(correct: [[]], aligned: [[1]], misaligned: [[]]) }
    refuses { _ = try PromptAnswers(correct: [[]], aligned: [[1], [2]], misaligned: [[3], [4]]) }
  }

  @Test func aStateThatIsMovedToZeroNeedsAnEpsilon() throws {
    for (epsilon, isRight) in [(0.0, false), (1e-5, true)] {
      let direct = DirectHead(
        norm: .rootMeanSquare(gain: [1, 1], epsilon: epsilon),
        unembedding: Matrix(rows: [[1, 0], [0, 1]]))
      let answers = try PromptAnswers(correct: [[0]], aligned: [[]], misaligned: [[]])
      let sweep = try LastLayerSweep(
        head: try direct.head, states: Matrix(rows: [[3, 0]]), answers: answers)
      if isRight {
        let found = try sweep.outcomes(along: [[1, 0]], coefficients: [-3])[0]
        #expect(abs(found.correct[0, 0] + log(2)) < 1e-6)
      } else {
        #expect(throws: SteeringError.self) {
          try sweep.outcomes(along: [[1, 0]], coefficients: [-3])
        }
      }
    }
  }
}
