public import LinearAlgebra

/// What steering at the last layer does to next-token distributions: exact, without running the model.
///
/// Moving a state by ρ v̂ changes its logits by ρ times the same slopes for every state, and by the final norm's
/// divisor, which is one number a state. So one product of all states with the unembedding serves all coefficients,
/// all operations along a vector, and all vectors. The vocabulary is read in chunks; sums over it are relative to
/// the largest logit and are kept in float64.
///
/// - Complexity: O(*n* · *V* · *d*) once, and an exponential for each prompt, token, coefficient and vector.
public struct LastLayerSweep: Sendable {
  /// What turns states into logits.
  public let head: FinalHead
  /// The last states before the final norm, (prompts, width).
  public let states: Matrix<Float>
  /// Which tokens count as which answer.
  public let answers: PromptAnswers

  /// A sweep over prompts.
  ///
  /// - Parameters:
  ///   - head: What turns states into logits.
  ///   - states: The last states before the final norm, (prompts, width), finite.
  ///   - answers: Which tokens count as which answer, of each prompt.
  /// - Throws: ``SteeringError``: states of another width, or of another number of prompts than the answers; tokens
  ///   that the vocabulary does not have; states that look as if they were normed already.
  public init(
    head: FinalHead, states: Matrix<Float>, answers: PromptAnswers
  ) throws(SteeringError) {
    guard states.columnCount == head.width else {
      throw .widthMismatch(
        what: "the last states", expected: head.width, actual: states.columnCount)
    }
    guard states.rowCount > 0, states.rowCount == answers.count else {
      throw .invalidSetting(
        method: "sweep", name: "answers", value: "of \(answers.count) prompts",
        expected: "those of the \(states.rowCount) states, at least 1")
    }
    if let place = firstNonFinite(in: states.span) {
      throw .nonFinite(
        what: "the last states", row: place / states.columnCount,
        column: place % states.columnCount)
    }
    guard !head.looksNormed(states) else {
      throw .invalidSetting(
        method: "sweep", name: "states",
        value: "as long, each, as the final norm makes them",
        expected:
          "states before the final norm; export the residual stream, and not what Hugging Face returns last "
          + "(finalLayer: \"pre-norm\")")
    }
    for token in answers.all where token < 0 || token >= head.vocabularyCount {
      throw .tokenOutOfRange(set: "answer", token: token, vocabularySize: head.vocabularyCount)
    }
    self.head = head
    self.states = states
    self.answers = answers
  }

  /// The outcomes of an operation along some vectors.
  ///
  /// - Parameters:
  ///   - vectors: Of the width of the states, each its own sweep.
  ///   - coefficients: The strengths, in any order; 0 is put among them for operations that do nothing at 0.
  ///   - preservesNorm: Whether each state keeps its length.
  ///   - operation: What is done at a strength; by default it adds so many times the vector.
  /// - Returns: One outcome a vector.
  /// - Throws: ``SteeringError`` for vectors of another width or of zeros, no coefficient, or one that is not finite.
  public func outcomes(
    along vectors: [[Double]], coefficients: [Double], preservesNorm: Bool = false,
    operation: (Double) -> SteeringOperation = { .add($0) }
  ) throws(SteeringError) -> [SweepOutcomes] {
    var grid = Set(coefficients)
    if operation(0).coefficient(projection: 1, norm: 1) == 0 { grid.insert(0) }
    let sorted = grid.sorted()
    guard !coefficients.isEmpty else {
      throw .invalidSetting(
        method: "sweep", name: "coefficients", value: "none", expected: "at least one")
    }
    var sweeps: [VectorSweep] = []
    for vector in vectors {
      guard vector.count == head.width else {
        throw .widthMismatch(
          what: "the steering vector", expected: head.width, actual: vector.count)
      }
      let operators = try sorted.map { strength throws(SteeringError) in
        try SteeringOperator(operation(strength), along: vector, preservesNorm: preservesNorm)
      }
      sweeps.append(try VectorSweep(self, operators))
    }
    try run(&sweeps)
    return try sweeps.map { sweep throws(SteeringError) in
      try sweep.outcomes(coefficients: sorted, answers: answers, head: head)
    }
  }

  /// Goes through the vocabulary once for all vectors.
  private func run(_ sweeps: inout [VectorSweep]) throws(SteeringError) {
    guard let numerators = sweeps.first?.line.numerators else { return }
    for tokens in head.chunks {
      let rows = try head.unembeddingRows(of: tokens)
      let base = product(of: numerators.view, and: rows.view, rightTransposed: true)
      let offsets = head.hasOffsets ? head.offsets(of: rows, tokens: tokens).map { Float($0) } : []
      for place in sweeps.indices {
        sweeps[place].add(base: base, unembedding: rows, offsets: offsets)
      }
    }
  }
}

/// One vector's part of a sweep: what has been summed over the vocabulary so far.
struct VectorSweep: Sendable {
  let line: LineOfStates
  /// ρ of each state at each coefficient, (coefficients, prompts).
  private let moves: Matrix<Double>
  /// What logits are multiplied by, (coefficients, prompts).
  private let factors: Matrix<Double>
  private let baseFactors: [Double]
  private let cap: Float
  private var prompts: [PromptSums]

  init(_ sweep: LastLayerSweep, _ operators: [SteeringOperator]) throws(SteeringError) {
    let head = sweep.head
    let unit = operators[0].direction.elements
    line = LineOfStates(sweep.states, along: unit, head: head)
    let count = sweep.states.rowCount
    var moves = Matrix<Double>(rowCount: operators.count, columnCount: count)
    var factors = moves
    for (place, steering) in operators.enumerated() {
      for (row, move) in try steering.coefficients(for: sweep.states).enumerated() {
        moves[place, row] = move
        factors[place, row] =
          head.scale
          * (try line.factor(
            row: row, coefficient: move, preservesNorm: steering.preservesNorm))
      }
    }
    self.moves = moves
    self.factors = factors
    var baseFactors: [Double] = []
    for row in 0..<count {
      baseFactors.append(
        head.scale * (try line.factor(row: row, coefficient: 0, preservesNorm: false)))
    }
    self.baseFactors = baseFactors
    cap = Float(head.softCap ?? 0)
    prompts = (0..<count).map { _ in PromptSums(coefficientCount: operators.count) }
  }

  /// Adds a chunk of tokens.
  mutating func add(base: Matrix<Float>, unembedding: Matrix<Float>, offsets: [Float]) {
    let slope = DirectionReadings.projections(of: unembedding, on: line.slope).map { Float($0) }
    let (moves, factors, baseFactors, cap) = (moves, factors, baseFactors, cap)
    Parallel.forEach(in: &prompts) { row, sums in
      let logits = MovingLogits(
        base: base.view.row(row), slope: slope.span, offset: offsets.span, cap: cap)
      let chunk = sums.addUnsteered(
        logits, count: slope.count, factor: Float(baseFactors[row]))
      for place in 0..<moves.rowCount {
        sums.add(
          logits, at: place, move: Float(moves[place, row]), factor: Float(factors[place, row]),
          chunk: chunk)
      }
    }
  }

  /// The outcomes, once the whole vocabulary is in.
  func outcomes(
    coefficients: [Double], answers: PromptAnswers, head: FinalHead
  ) throws(SteeringError) -> SweepOutcomes {
    let logits = try AnswerLogits(answers.all, line: line, head: head)
    return SweepOutcomes(
      coefficients: coefficients, answers: answers, sums: prompts,
      order: Array(coefficients.indices)
    ) { place, row, token in
      logits.value(
        of: token, row: row, move: place.map { moves[$0, row] } ?? 0,
        factor: place.map { factors[$0, row] } ?? baseFactors[row])
    }
  }
}
