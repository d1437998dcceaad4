package import LinearAlgebra
package import Optimization

/// The contrast-consistent loss of linear probes and its gradient over normalised pairs, for a method
/// that needs both to be precise.
///
/// A parameter vector is (w, b), the bias last. Products with the activations are taken in single
/// precision; logits, losses and slopes are double. The rows are cut into blocks whose shape depends on
/// the data alone, each goes forward and backward while its rows are in the cache, and the blocks are
/// added in order: any number of threads gives the same bytes, and a try the same whichever others
/// are evaluated with it.
///
/// - Complexity: O(n · d · tries) for each evaluation.
package struct ContrastObjective: Sendable {
  /// κ of a penalty on the logits, the mean of ½ κ (z⁺² + z⁻²).
  package var logitPenalty = 0.0
  private let term: ConfidenceTerm
  private let penalty: Double
  private let positive: Side
  private let negative: Side
  private var blocks: [ContrastBlock] = []

  /// One side's activations.
  struct Side: Sendable {
    let rows: Matrix<Float>
    /// ‖(x, 1)‖ of each row: how far a slope of 1 in its logit moves the gradient.
    let norms: [Double]

    init(_ rows: Matrix<Float>) {
      self.rows = rows
      norms = rows.rowNorms().map { ($0 * $0 + 1).squareRoot() }
    }
  }

  /// Takes the data of an objective.
  ///
  /// - Parameters:
  ///   - term: The form of the confidence term.
  ///   - penalty: λ of the penalty λ (‖w‖² + b²) on top of the loss.
  ///   - positive: Normalised positive sides, (n, d).
  ///   - negative: Normalised negative sides, (n, d).
  package init(
    _ term: ConfidenceTerm, penalty: Double, positive: Matrix<Float>, negative: Matrix<Float>
  ) {
    self.term = term
    self.penalty = penalty
    self.positive = Side(positive)
    self.negative = Side(negative)
  }

  /// Computes loss and gradient at several points.
  ///
  /// - Parameter points: (tries, d + 1), the bias last.
  /// - Returns: Penalised losses, their gradients, and the sums of the norms of the gradients' terms.
  package mutating func evaluate(_ points: Matrix<Double>) -> LBFGSEvaluation {
    let width = points.columnCount - 1
    let weights = Matrix(
      rowCount: points.rowCount, columnCount: width,
      elements: Self.rounded(points, columns: width))
    let biases = points.column(width)
    prepareBlocks(tryCount: points.rowCount)
    Parallel.forEach(in: &blocks) { [term, logitPenalty, positive, negative] _, block in
      block.evaluate(
        term, logitPenalty: logitPenalty, weights: weights, biases: biases, positive: positive,
        negative: negative)
    }
    return gathered(at: points)
  }

  /// Keeps the blocks' buffers while the number of tries stays the same.
  private mutating func prepareBlocks(tryCount: Int) {
    guard blocks.first?.tryCount != tryCount else { return }
    let rows = 0..<positive.rows.rowCount
    blocks = (0..<BlockRange.count(of: rows)).map {
      ContrastBlock(
        rows: BlockRange.range($0, of: rows), width: positive.rows.columnCount, tryCount: tryCount)
    }
  }

  /// Adds up the blocks, in order, and the penalty.
  private func gathered(at points: Matrix<Double>) -> LBFGSEvaluation {
    let share = 1 / Double(positive.rows.rowCount)
    var gradients = Matrix<Double>(rowCount: points.rowCount, columnCount: points.columnCount)
    gradients.forEachRowBlock(of: 1) { [blocks, penalty] rows, gradient in
      for block in blocks {
        block.addGradient(of: rows.lowerBound, times: share, to: &gradient)
      }
      let point = points.view(rows: rows)
      addProduct(of: 2 * penalty, and: point.row(0), to: &gradient)
    }
    var values = [Double](repeating: 0, count: points.rowCount)
    var scales = values
    for attempt in values.indices {
      let norm = euclideanNorm(points.view.row(attempt))
      for block in blocks {
        values[attempt] += block.sums[attempt].loss * share
        scales[attempt] += block.sums[attempt].gradientScale * share
      }
      values[attempt] += penalty * norm * norm
      scales[attempt] += 2 * penalty * norm
    }
    return LBFGSEvaluation(values: values, gradients: gradients, gradientScales: scales)
  }

  /// The first columns in single precision, row by row.
  private static func rounded(_ points: Matrix<Double>, columns: Int) -> [Float] {
    [Float](capacity: points.rowCount * columns) { output in
      for row in 0..<points.rowCount {
        let source = points.view.row(row)
        for column in 0..<columns { output.append(Float(source[column])) }
      }
    }
  }
}
