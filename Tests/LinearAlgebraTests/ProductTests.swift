import LinearAlgebra
import Testing

/// Oracle: the product of three loops, in float64.
///
/// Tolerance: 4 · k · ulp(1) for k products below 1.
@Suite struct ProductTests {
  struct Shape: Sendable {
    let rows: Int
    let inner: Int
    let columns: Int
  }

  static let shapes = [
    Shape(rows: 1, inner: 1, columns: 1), Shape(rows: 3, inner: 2, columns: 5),
    Shape(rows: 4, inner: 4, columns: 4), Shape(rows: 150, inner: 20, columns: 31),
    Shape(rows: 20, inner: 150, columns: 1), Shape(rows: 0, inner: 3, columns: 4),
    Shape(rows: 3, inner: 0, columns: 4), Shape(rows: 3, inner: 4, columns: 0),
    Shape(rows: 600, inner: 9, columns: 1100),
  ]

  func check<Scalar: LAPACKScalar>(_ type: Scalar.Type, _ shape: Shape) {
    var random = Reproducible(seed: 5)
    let left: Matrix<Scalar> = random.matrix(shape.rows, shape.inner)
    let right: Matrix<Scalar> = random.matrix(shape.inner, shape.columns)
    let (leftT, rightT) = (left.transposed(), right.transposed())
    let expected = naiveProduct(left, right)
    let tolerance = 4 * Scalar(max(1, shape.inner)) * Scalar.ulpOfOne
    let results = [
      product(of: left.view, and: right.view),
      product(of: leftT.view, and: right.view, leftTransposed: true),
      product(of: left.view, and: rightT.view, rightTransposed: true),
      product(of: leftT.view, and: rightT.view, leftTransposed: true, rightTransposed: true),
    ]
    for result in results { #expect(largestDifference(result, expected) <= tolerance) }

    let start: Matrix<Scalar> = random.matrix(shape.rows, shape.columns)
    var accumulated = start
    accumulateProduct(
      of: left.view, and: rightT.view, rightTransposed: true, scale: -2, into: &accumulated,
      destinationScale: 3)
    let combined = Matrix<Scalar>(rowCount: shape.rows, columnCount: shape.columns) {
      3 * start[$0, $1] - 2 * expected[$0, $1]
    }
    #expect(largestDifference(accumulated, combined) <= 4 * tolerance)
  }

  @Test(arguments: shapes)
  func productsEqualThreeLoopsInFloat(shape: Shape) { check(Float.self, shape) }

  @Test(arguments: shapes)
  func productsEqualThreeLoopsInDouble(shape: Shape) { check(Double.self, shape) }

  @Test func stridesBeyondTheWidthAreKept() {
    var random = Reproducible(seed: 6)
    let left: Matrix<Float> = random.matrix(9, 30)
    let right: Matrix<Float> = random.matrix(40, 17)
    let (a, b) = (left.view.columns(3..<14), right.view.rows(5..<16).columns(2..<9))
    let expected = naiveProduct(Matrix(a), Matrix(b))
    #expect(largestDifference(product(of: a, and: b), expected) <= 44 * Float.ulpOfOne)
    let vector = (0..<11).map { Float($0) - 5 }
    let column = Matrix(rowCount: 11, columnCount: 1, elements: vector)
    let byVector = product(of: a, and: vector.span)
    let wanted = naiveProduct(Matrix(a), column)
    #expect(zip(byVector, wanted.elements).allSatisfy { abs($0 - $1) <= 220 * Float.ulpOfOne })
    let rowVector = (0..<9).map { Float($0) - 4 }
    let transposedProduct = product(of: a, and: rowVector.span, transposed: true)
    let wantedRow = naiveProduct(
      Matrix(rowCount: 1, columnCount: 9, elements: rowVector), Matrix(a))
    #expect(
      zip(transposedProduct, wantedRow.elements).allSatisfy { abs($0 - $1) <= 180 * Float.ulpOfOne }
    )
  }

  @Test func anOverwrittenDestinationMayHoldNaN() {
    let one = Matrix<Float>(rows: [[1, 2]])
    var destination = Matrix<Float>(rowCount: 1, columnCount: 1, repeating: .nan)
    accumulateProduct(
      of: one.view, and: one.view, rightTransposed: true, into: &destination, destinationScale: 0)
    #expect(destination[0, 0] == 5)
  }

  @Test(arguments: [(1, 1), (3, 2), (150, 20), (20, 150), (30, 1100), (0, 3)])
  func symmetricProductsEqualThreeLoops(rowCount: Int, columnCount: Int) {
    var random = Reproducible(seed: 7)
    let matrix: Matrix<Float> = random.matrix(rowCount, columnCount)
    let transposed = matrix.transposed()
    let inner = symmetricProduct(of: matrix.view, transposed: true)
    let outer = symmetricProduct(of: matrix.view, transposed: false)
    let tolerance = 4 * Float(max(1, rowCount, columnCount)) * Float.ulpOfOne
    #expect(largestDifference(inner, naiveProduct(transposed, matrix)) <= tolerance)
    #expect(largestDifference(outer, naiveProduct(matrix, transposed)) <= tolerance)
    #expect(inner == inner.transposed() && outer == outer.transposed())
  }

  @Test func innerSidesMustAgree() async {
    await #expect(processExitsWith: .failure) {
      let matrix = Matrix<Float>(rowCount: 2, columnCount: 3)
      _ = product(of: matrix.view, and: matrix.view)
    }
  }
}
