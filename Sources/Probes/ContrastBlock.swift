internal import LinearAlgebra

/// A block of pairs: its share of the loss and of the gradient of ``ContrastObjective``.
struct ContrastBlock: Sendable {
  /// What is added up for a try in double precision.
  struct Sums: Sendable {
    var loss = 0.0
    var biasSlope = 0.0
    /// Σ |slope| · ‖(x, 1)‖ over both sides' terms.
    var gradientScale = 0.0
    /// The gradient is kept in units of two to this power; `nil` until there is a slope.
    var exponent: Int?
  }

  /// One a try.
  private(set) var sums: [Sums]
  private var pieces: [Piece]
  /// (tries, width), each row in a unit of its own.
  private var gradient: Matrix<Float>

  var tryCount: Int { sums.count }

  /// Makes the buffers of a block.
  init(rows: Range<Int>, width: Int, tryCount: Int) {
    pieces = BlockRange.pieces(of: rows, width: width).map { Piece(rows: $0, tryCount: tryCount) }
    sums = [Sums](repeating: Sums(), count: tryCount)
    gradient = Matrix(rowCount: tryCount, columnCount: width)
  }

  /// Computes the block's sums and its share of the gradient.
  mutating func evaluate(
    _ term: ConfidenceTerm, logitPenalty: Double, weights: Matrix<Float>, biases: [Double],
    positive: ContrastObjective.Side, negative: ContrastObjective.Side
  ) {
    gradient.fill(0)
    sums = [Sums](repeating: Sums(), count: tryCount)
    for index in pieces.indices {
      pieces[index].computeSlopes(
        term, logitPenalty: logitPenalty, weights: weights, biases: biases, positive: positive,
        negative: negative, sums: &sums)
      for attempt in sums.indices {
        adaptUnit(of: attempt, to: pieces[index].largestSlopes[attempt])
      }
      pieces[index].addGradient(
        positive: positive.rows, negative: negative.rows, sums: sums, to: &gradient)
    }
  }

  /// Chooses a unit in which a try's slopes fit into single precision.
  ///
  /// Slopes of a saturated probe, 1e-60 say, would all become zero. The first piece with a slope
  /// sets the unit; it grows where later slopes are larger by 2⁴⁰ and might overflow.
  private mutating func adaptUnit(of attempt: Int, to largestSlope: Double) {
    guard largestSlope > 0 else { return }
    // No lower than where two to its opposite is still finite.
    let exponent = max(Int(largestSlope.exponent), -1000)
    if let current = sums[attempt].exponent {
      guard exponent > current + 40 else { return }
      let change = Float(sign: .plus, exponent: current - exponent, significand: 1)
      gradient.scaleRow(attempt, by: change)
    }
    sums[attempt].exponent = exponent
  }

  /// Adds a multiple of a try's gradient, (width + 1) with the bias last.
  func addGradient(of attempt: Int, times factor: Double, to target: inout MutableSpan<Double>) {
    let unit = Double(sign: .plus, exponent: sums[attempt].exponent ?? 0, significand: factor)
    let matrix = gradient.view
    let row = matrix.row(attempt)
    for column in row.indices { target[column] += unit * Double(row[column]) }
    target[row.count] += factor * sums[attempt].biasSlope
  }
}

/// As many pairs as fit into the cache at once.
private struct Piece: Sendable {
  let rows: Range<Int>
  /// The largest slope of each try in this piece.
  private(set) var largestSlopes: [Double]
  private var positiveScores: Matrix<Float>
  private var negativeScores: Matrix<Float>
  private var positiveSlopes: [Double]
  private var negativeSlopes: [Double]

  init(rows: Range<Int>, tryCount: Int) {
    self.rows = rows
    largestSlopes = [Double](repeating: 0, count: tryCount)
    positiveScores = Matrix(rowCount: rows.count, columnCount: tryCount)
    negativeScores = positiveScores
    positiveSlopes = [Double](repeating: 0, count: rows.count * tryCount)
    negativeSlopes = positiveSlopes
  }

  /// The forward pass, and the slopes of the loss in every logit.
  mutating func computeSlopes(
    _ term: ConfidenceTerm, logitPenalty: Double, weights: Matrix<Float>, biases: [Double],
    positive: ContrastObjective.Side, negative: ContrastObjective.Side,
    sums: inout [ContrastBlock.Sums]
  ) {
    Self.score(positive.rows.view(rows: rows), weights: weights, into: &positiveScores)
    Self.score(negative.rows.view(rows: rows), weights: weights, into: &negativeScores)
    for attempt in biases.indices { largestSlopes[attempt] = 0 }
    for row in rows {
      let local = row - rows.lowerBound
      for (attempt, bias) in biases.enumerated() {
        let slopes = LogitSlopes(
          term, positiveLogit: Double(positiveScores[local, attempt]) + bias,
          negativeLogit: Double(negativeScores[local, attempt]) + bias, penalty: logitPenalty)
        sums[attempt].loss += slopes.value
        sums[attempt].biasSlope += slopes.positive + slopes.negative
        sums[attempt].gradientScale +=
          slopes.positiveScale * positive.norms[row] + slopes.negativeScale * negative.norms[row]
        positiveSlopes[local * biases.count + attempt] = slopes.positive
        negativeSlopes[local * biases.count + attempt] = slopes.negative
        let largest = max(abs(slopes.positive), abs(slopes.negative))
        largestSlopes[attempt] = max(largestSlopes[attempt], largest)
      }
    }
  }

  /// The backward pass.
  mutating func addGradient(
    positive: Matrix<Float>, negative: Matrix<Float>, sums: [ContrastBlock.Sums],
    to gradient: inout Matrix<Float>
  ) {
    let units = sums.map { Double(sign: .plus, exponent: -($0.exponent ?? 0), significand: 1) }
    Self.convert(positiveSlopes, times: units, into: &positiveScores)
    Self.convert(negativeSlopes, times: units, into: &negativeScores)
    var elements = gradient.mutableSpan
    SkinnyProduct.accumulateGradient(
      of: positive.view(rows: rows), residuals: positiveScores.span, into: &elements)
    SkinnyProduct.accumulateGradient(
      of: negative.view(rows: rows), residuals: negativeScores.span, into: &elements)
  }

  private static func score(
    _ samples: MatrixView<Float>, weights: Matrix<Float>, into scores: inout Matrix<Float>
  ) {
    var elements = scores.mutableSpan
    SkinnyProduct.scores(of: samples, weights: weights.view, into: &elements)
  }

  private static func convert(
    _ slopes: [Double], times units: [Double], into residuals: inout Matrix<Float>
  ) {
    var elements = residuals.mutableSpan
    for first in stride(from: 0, to: elements.count, by: units.count) {
      for attempt in units.indices {
        elements[first + attempt] = Float(slopes[first + attempt] * units[attempt])
      }
    }
  }
}
