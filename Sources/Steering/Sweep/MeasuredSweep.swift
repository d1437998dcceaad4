public import LinearAlgebra

/// A sweep that was measured by running the model: its last states, or its logits, at every coefficient.
///
/// Exact for steering at any layer, at the coefficients that were run.
public struct MeasuredSweep: Sendable {
  /// The coefficients that were run, in the order of what was exported.
  public let coefficients: [Double]
  private let answers: PromptAnswers
  private let unsteered: Int

  /// A sweep at some coefficients, among them 0.
  ///
  /// - Parameters:
  ///   - coefficients: The coefficients, each once.
  ///   - answers: Which tokens count as which answer, of each prompt.
  /// - Throws: ``SteeringError/invalidSetting(method:name:value:expected:)`` without a coefficient of 0, with one
  ///   twice, or one that is not finite.
  public init(coefficients: [Double], answers: PromptAnswers) throws(SteeringError) {
    func refusal(_ value: String, _ expected: String) -> SteeringError {
      .invalidSetting(
        method: "sweep", name: "coefficients", value: value, expected: expected)
    }
    if let value = coefficients.first(where: { !$0.isFinite }) {
      throw refusal("\(value)", "finite numbers")
    }
    guard Set(coefficients).count == coefficients.count else {
      throw refusal("not all different", "each coefficient once")
    }
    guard let unsteered = coefficients.firstIndex(of: 0) else {
      throw refusal(
        "without 0", "a coefficient of 0, the unsteered model that all others are compared with")
    }
    self.coefficients = coefficients
    self.answers = answers
    self.unsteered = unsteered
  }

  /// The outcomes of last states before the final norm.
  ///
  /// - Parameters:
  ///   - head: What turns states into logits.
  ///   - states: The states at each coefficient, (prompts, width) each.
  /// - Returns: The outcomes, by ascending coefficient.
  /// - Throws: ``SteeringError`` for states of other counts or widths.
  /// - Complexity: O(*R* · *n* · *V* · *d*).
  public func outcomes(
    head: FinalHead, states: [Matrix<Float>]
  ) throws(SteeringError) -> SweepOutcomes {
    try check(states, columns: head.width, what: "the swept states")
    for token in answers.all where token < 0 || token >= head.vocabularyCount {
      throw .tokenOutOfRange(set: "answer", token: token, vocabularySize: head.vocabularyCount)
    }
    let still = [Double](repeating: 0, count: head.width)
    let lines = states.map { LineOfStates($0, along: still, head: head) }
    var factors: [[Double]] = []
    for line in lines {
      factors.append(
        try (0..<answers.count).map { row throws(SteeringError) in
          head.scale * (try line.factor(row: row, coefficient: 0, preservesNorm: false))
        })
    }
    var sums = startingSums
    for tokens in head.chunks {
      let rows = try head.unembeddingRows(of: tokens)
      let offsets = head.hasOffsets ? head.offsets(of: rows, tokens: tokens).map { Float($0) } : []
      let products = lines.map {
        product(of: $0.numerators.view, and: rows.view, rightTransposed: true)
      }
      add(
        products, factors: factors, offsets: offsets, cap: Float(head.softCap ?? 0), to: &sums)
    }
    let logits = try lines.map { line throws(SteeringError) in
      try AnswerLogits(answers.all, line: line, head: head)
    }
    return outcomes(sums) { place, row, token in
      let place = place ?? unsteered
      return logits[place].value(of: token, row: row, move: 0, factor: factors[place][row])
    }
  }

  /// The outcomes of logits.
  ///
  /// - Parameter logits: The logits at each coefficient, (prompts, vocabulary) each.
  /// - Returns: The outcomes, by ascending coefficient.
  /// - Throws: ``SteeringError`` for logits of other counts, or tokens that the vocabulary does not have.
  /// - Complexity: O(*R* · *n* · *V*).
  public func outcomes(logits: [Matrix<Float>]) throws(SteeringError) -> SweepOutcomes {
    let vocabularyCount = logits.first?.columnCount ?? 0
    try check(logits, columns: vocabularyCount, what: "the swept logits")
    for token in answers.all where token < 0 || token >= vocabularyCount {
      throw .tokenOutOfRange(set: "answer", token: token, vocabularySize: vocabularyCount)
    }
    var sums = startingSums
    let factors = logits.map { _ in [Double](repeating: 1, count: answers.count) }
    add(logits, factors: factors, offsets: [], cap: 0, to: &sums)
    return outcomes(sums) { place, row, token in Double(logits[place ?? unsteered][row, token]) }
  }

  private var startingSums: [PromptSums] {
    [PromptSums](repeating: PromptSums(coefficientCount: coefficients.count), count: answers.count)
  }

  private func check(
    _ matrices: [Matrix<Float>], columns: Int, what: String
  ) throws(SteeringError) {
    guard matrices.count == coefficients.count else {
      throw .invalidSetting(
        method: "sweep", name: "coefficients", value: "\(coefficients.count) numbers",
        expected: "one for each of the \(matrices.count) sets of states")
    }
    for matrix in matrices {
      guard matrix.columnCount == columns else {
        throw .widthMismatch(what: what, expected: columns, actual: matrix.columnCount)
      }
      guard matrix.rowCount == answers.count, !matrix.elements.isEmpty else {
        throw .invalidSetting(
          method: "sweep", name: "answers", value: "of \(answers.count) prompts",
          expected: "those of the \(matrix.rowCount) prompts of \(what), at least 1")
      }
      if let place = firstNonFinite(in: matrix.span) {
        throw .nonFinite(what: what, row: place / columns, column: place % columns)
      }
    }
  }

  /// Adds a chunk of tokens, whose logits do not move here but are given at every coefficient.
  private func add(
    _ products: [Matrix<Float>], factors: [[Double]], offsets: [Float], cap: Float,
    to sums: inout [PromptSums]
  ) {
    let unsteered = unsteered
    Parallel.forEach(in: &sums) { row, sums in
      let count = products[unsteered].columnCount
      let still = [Float](repeating: 0, count: count)
      let base = products[unsteered]
      let logits = MovingLogits(
        base: base.view.row(row), slope: still.span, offset: offsets.span, cap: cap)
      let chunk = sums.addUnsteered(logits, count: count, factor: Float(factors[unsteered][row]))
      for (place, product) in products.enumerated() {
        let logits = MovingLogits(
          base: product.view.row(row), slope: still.span, offset: offsets.span, cap: cap)
        sums.add(logits, at: place, move: 0, factor: Float(factors[place][row]), chunk: chunk)
      }
    }
  }

  private func outcomes(
    _ sums: [PromptSums], logit: (_ place: Int?, _ row: Int, _ token: Int) -> Double
  ) -> SweepOutcomes {
    let order = coefficients.indices.sorted { coefficients[$0] < coefficients[$1] }
    return SweepOutcomes(
      coefficients: order.map { coefficients[$0] }, answers: answers, sums: sums, order: order,
      logit: logit)
  }
}
