internal import LinearAlgebra

/// A block of rows: their losses and their share of the gradients, for all problems of a batch at once.
struct LogisticBlock: Sendable {
  /// What the rows of a block add up to, for one problem.
  struct Sums: Sendable {
    /// Σ sᵢ ℓᵢ.
    var loss = 0.0
    /// Σ of the derivatives in the logits, which is that in the intercept.
    var slope = 0.0
    /// Σ of the sizes of those derivatives.
    var slopeSize = 0.0

    static func + (left: Sums, right: Sums) -> Sums {
      Sums(
        loss: left.loss + right.loss, slope: left.slope + right.slope,
        slopeSize: left.slopeSize + right.slopeSize)
    }
  }

  private(set) var sums: [Sums] = []
  private let rows: Range<Int>
  /// (problems, features), in single precision: a block is short.
  private var gradient = Matrix<Float>(rowCount: 0, columnCount: 0)

  /// How many elements stay in the cache between the two products.
  private static let pieceElementCount = 1 << 16
  private static let smallestRowCount = 128
  private static let mostBlocks = 16

  /// The blocks of so many rows, cut by their number alone so that sums have one order at any number of
  /// threads.
  static func blocks(rowCount: Int) -> [LogisticBlock] {
    let length = max(smallestRowCount, (rowCount + mostBlocks - 1) / mostBlocks)
    return stride(from: 0, to: rowCount, by: length).map {
      LogisticBlock(rows: $0..<min($0 + length, rowCount))
    }
  }

  private init(rows: Range<Int>) { self.rows = rows }

  /// Computes sums and gradients.
  ///
  /// - Parameters:
  ///   - batch: Rows, labels and sample weights.
  ///   - weights: (problems, features).
  ///   - intercepts: One a problem.
  ///   - parts: The part that each problem learns from.
  mutating func evaluate(
    _ batch: LogisticBatch, weights: Matrix<Float>, intercepts: [Double], parts: [Int]
  ) {
    let count = weights.rowCount
    if gradient.rowCount == count {
      gradient.fill(0)
    } else {
      gradient = Matrix(rowCount: count, columnCount: weights.columnCount)
    }
    sums = Array(repeating: Sums(), count: count)
    let features = batch.data.rows.features
    let length = min(max(16, Self.pieceElementCount / max(1, features.columnCount)), 512)
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: length) {
      let piece = first..<min(first + length, rows.upperBound)
      var slopes = Matrix<Float>(rowCount: piece.count, columnCount: count)
      var slopeSpan = slopes.mutableSpan
      SkinnyProduct.scores(of: features.view(rows: piece), weights: weights.view, into: &slopeSpan)
      for row in piece {
        replaceScores(
          from: (row - first) * count, in: &slopeSpan, sign: batch.data.signs[row],
          sampleWeights: batch.sampleWeights.view.row(row), intercepts: intercepts, parts: parts)
      }
      var gradientSpan = gradient.mutableSpan
      SkinnyProduct.accumulateGradient(
        of: features.view(rows: piece), residuals: slopes.span, into: &gradientSpan)
    }
  }

  /// Puts the derivatives of one row's losses in place of its scores.
  private mutating func replaceScores(
    from start: Int, in scores: inout MutableSpan<Float>, sign: Double,
    sampleWeights: Span<Double>, intercepts: [Double], parts: [Int]
  ) {
    for problem in parts.indices {
      let sampleWeight = sampleWeights[parts[problem]]
      guard sampleWeight > 0 else {
        scores[start + problem] = 0
        continue
      }
      let margin = sign * (Double(scores[start + problem]) + intercepts[problem])
      let (loss, missing) = LogisticLoss.valueAndMissingProbability(margin: margin)
      let slope = -sign * sampleWeight * missing
      sums[problem].loss += sampleWeight * loss
      sums[problem].slope += slope
      sums[problem].slopeSize += abs(slope)
      scores[start + problem] = Float(slope)
    }
  }

  /// Adds the block's share of one problem's gradient.
  func addGradient(of problem: Int, to elements: inout MutableSpan<Double>) {
    let share = gradient.view.row(problem)
    for place in share.indices { elements[place] += Double(share[place]) }
  }
}
