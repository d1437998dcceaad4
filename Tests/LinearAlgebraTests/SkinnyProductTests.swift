import LinearAlgebra
import Testing

/// Oracle: the product of three loops, in float64.
///
/// Tolerance: a sum of k products of numbers below 1 is off by at most k · ulp(1)/2 · k in the worst case
/// and by its square root in practice; 4 · k · ulp(1) is allowed.
@Suite struct SkinnyProductTests {
  struct Shape: Sendable {
    let rows: Int
    let width: Int
    let tries: Int
  }

  static let shapes = [
    Shape(rows: 1, width: 1, tries: 1), Shape(rows: 3, width: 7, tries: 2),
    Shape(rows: 2, width: 8, tries: 5), Shape(rows: 33, width: 17, tries: 10),
    Shape(rows: 65, width: 515, tries: 3), Shape(rows: 40, width: 1100, tries: 6),
    Shape(rows: 9, width: 1025, tries: 4), Shape(rows: 0, width: 5, tries: 3),
    Shape(rows: 5, width: 0, tries: 3), Shape(rows: 5, width: 3, tries: 0),
  ]

  @Test(arguments: shapes, [KernelForm.automatic, .portable])
  func scoresEqualTheNaiveProduct(shape: Shape, form: KernelForm) {
    var random = Reproducible(seed: 1)
    let padded: Matrix<Float> = random.matrix(shape.rows, shape.width + 3)
    let weights: Matrix<Float> = random.matrix(shape.tries, shape.width)
    var scores = Matrix<Float>(rowCount: shape.rows, columnCount: shape.tries, repeating: 9)
    let view = padded.view.columns(1..<(1 + shape.width))
    var span = scores.mutableSpan
    SkinnyProduct.scores(of: view, weights: weights.view, into: &span, form: form)
    let expected = naiveProduct(Matrix(view), weights.transposed())
    let tolerance = 4 * Float(max(1, shape.width)) * Float.ulpOfOne
    #expect(largestDifference(scores, expected) <= tolerance)
  }

  @Test(arguments: shapes, [KernelForm.automatic, .portable])
  func gradientsAddTheNaiveProduct(shape: Shape, form: KernelForm) {
    var random = Reproducible(seed: 2)
    let padded: Matrix<Float> = random.matrix(shape.rows, shape.width + 3)
    let residuals: Matrix<Float> = random.matrix(shape.rows, shape.tries)
    let start: Matrix<Float> = random.matrix(shape.tries, shape.width)
    var gradient = start
    let view = padded.view.columns(2..<(2 + shape.width))
    var span = gradient.mutableSpan
    SkinnyProduct.accumulateGradient(
      of: view, residuals: residuals.span, into: &span, form: form)
    var expected = naiveProduct(residuals.transposed(), Matrix(view))
    for place in 0..<start.rowCount {
      for column in 0..<start.columnCount { expected[place, column] += start[place, column] }
    }
    if shape.rows == 0 { expected = start }
    let tolerance = 4 * Float(max(1, shape.rows)) * Float.ulpOfOne
    #expect(largestDifference(gradient, expected) <= tolerance)
  }

  @Test(arguments: [1, 2, 3, 16, 50])
  func anyCutOfTheRowsGivesTheSameBytes(blockRowCount: Int) {
    var random = Reproducible(seed: 3)
    let samples: Matrix<Float> = random.matrix(103, 1031)
    let weights: Matrix<Float> = random.matrix(10, 1031)
    let (scores, gradient) = Self.bothProducts(samples, weights, blockRowCount: 103)
    let cut = Self.bothProducts(samples, weights, blockRowCount: blockRowCount)
    #expect(cut.scores == scores)
    #expect(cut.gradient == gradient)
  }

  static func bothProducts(
    _ samples: Matrix<Float>, _ weights: Matrix<Float>, blockRowCount: Int
  ) -> (scores: [Float], gradient: Matrix<Float>) {
    var all: [Float] = []
    var gradient = Matrix<Float>(
      rowCount: weights.rowCount, columnCount: weights.columnCount)
    for first in stride(from: 0, to: samples.rowCount, by: blockRowCount) {
      let rows = first..<min(first + blockRowCount, samples.rowCount)
      var scores = [Float](repeating: 0, count: rows.count * weights.rowCount)
      var scoreSpan = scores.mutableSpan
      SkinnyProduct.scores(
        of: samples.view(rows: rows), weights: weights.view, into: &scoreSpan)
      var gradientSpan = gradient.mutableSpan
      SkinnyProduct.accumulateGradient(
        of: samples.view(rows: rows), residuals: scores.span, into: &gradientSpan)
      all += scores
    }
    return (all, gradient)
  }
}
