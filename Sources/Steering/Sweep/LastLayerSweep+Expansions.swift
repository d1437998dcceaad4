internal import LinearAlgebra
internal import RealModule

extension LastLayerSweep {
  /// What adding a little of a vector does to each prompt, exactly to second order.
  ///
  /// The logits' slopes are their derivatives at 0, through the final norm and the cap; so the expansion is that of the
  /// logits' tangent.
  ///
  /// - Parameter vector: Of the width of the states; not zero.
  /// - Returns: One expansion a prompt, by the coefficient of the vector. Of several right tokens the first counts.
  /// - Throws: ``SteeringError`` for a vector of another width, or of zeros.
  /// - Complexity: O(*n* · *V* · *d*); memory for the logits of a few prompts.
  public func expansions(along vector: [Double]) throws(SteeringError) -> [LocalExpansion] {
    guard vector.count == head.width else {
      throw .widthMismatch(
        what: "the steering vector", expected: head.width, actual: vector.count)
    }
    let unit = try UnitVector(vector, of: "the steering vector")
    let line = LineOfStates(states, along: unit.elements, head: head)
    var slopes: [Double] = []
    slopes.reserveCapacity(head.vocabularyCount)
    for tokens in head.chunks {
      slopes += DirectionReadings.projections(
        of: try head.unembeddingRows(of: tokens), on: line.slope)
    }
    var all: [LocalExpansion] = []
    let height = max(1, Self.expansionElementCount / head.vocabularyCount)
    for first in stride(from: 0, to: states.rowCount, by: height) {
      let rows = Array(first..<min(first + height, states.rowCount))
      all += try expansions(of: rows, line: line, slopes: slopes, norm: unit.norm)
    }
    return all
  }

  /// How many logits are held at a time.
  private static let expansionElementCount = 1 << 22

  private func expansions(
    of rows: [Int], line: LineOfStates, slopes: [Double], norm: Double
  ) throws(SteeringError) -> [LocalExpansion] {
    let numerators = line.numerators.selectingRows(rows)
    var logits = [[Double]](repeating: [], count: rows.count)
    var tangents = logits
    for place in rows.indices {
      logits[place].reserveCapacity(head.vocabularyCount)
      tangents[place].reserveCapacity(head.vocabularyCount)
    }
    for tokens in head.chunks {
      let unembedding = try head.unembeddingRows(of: tokens)
      let base = product(of: numerators.view, and: unembedding.view, rightTransposed: true)
      let offsets = head.hasOffsets ? head.offsets(of: unembedding, tokens: tokens) : []
      for (place, row) in rows.enumerated() {
        let factor = try line.factor(row: row, coefficient: 0, preservesNorm: false)
        for column in tokens.indices {
          let numerator = Double(base[place, column])
          let offset = offsets.isEmpty ? 0 : offsets[column]
          var logit = head.scale * factor * numerator + offset
          var tangent =
            head.scale * norm
            * (try line.derivative(row: row, numerator: numerator, slope: slopes[tokens[column]]))
          if let cap = head.softCap {
            let share = Double.tanh(logit / cap)
            (logit, tangent) = (cap * share, tangent * (1 - share * share))
          }
          logits[place].append(logit)
          tangents[place].append(tangent)
        }
      }
    }
    var expansions: [LocalExpansion] = []
    for (place, row) in rows.enumerated() {
      let line = try LinearLogits(logits: logits[place], slopes: tangents[place])
      // A prompt without any tokens still has a divergence.
      let tokens =
        answers.correct[row].isEmpty && answers.aligned[row].isEmpty
        ? nil
        : try AnswerTokens(
          correct: answers.correct[row].first, aligned: answers.aligned[row],
          misaligned: answers.misaligned[row])
      expansions.append(try LocalExpansion(of: line, answers: tokens))
    }
    return expansions
  }
}
