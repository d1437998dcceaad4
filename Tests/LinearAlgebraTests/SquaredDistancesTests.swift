import LinearAlgebra
import Testing

@Suite struct SquaredDistancesTests {
  /// Far from each other by one product, near each other by differences: 3² + 4², and 2⁻⁴⁰ exactly.
  @Test func farAndNearPairs() {
    let left = Matrix<Double>(rows: [[1, 2], [1000, 0]])
    let right = Matrix<Double>(rows: [[4, 6], [1 + 0x1p-20, 2], [1, 2], [1000, 0x1p-30]])
    let squares = squaredDistances(left.view, right.view)
    #expect(squares.row(0).prefix(3) == [25, 0x1p-40, 0])
    #expect(squares[1, 3] == 0x1p-60)
    #expect(squares.rowCount == 2 && squares.columnCount == 4)
  }

  @Test func sumsOfFunctions() {
    let values: [Double] = [4, 9, 0]
    #expect(sumOfSquareRoots(values.span) == 5)
    #expect(sumOfExponentials(values.span, factor: 0) == 3)
    #expect(abs(sumOfExponentials([2.0].span, factor: -0.5) - 0.36787944117144232) < 1e-16)
  }

  @Test func smallestAreMergedInOrder() {
    var smallest = Matrix(rowCount: 2, columnCount: 2, repeating: Double.infinity)
    smallest.mergeSmallest(of: Matrix(rows: [[5, 1, 7], [2, 0, 2]]), skippingDiagonal: true)
    #expect(smallest == Matrix(rows: [[1, 7], [2, 2]]))
    smallest.mergeSmallest(of: Matrix(rows: [[3], [9]]))
    #expect(smallest == Matrix(rows: [[1, 3], [2, 2]]))
  }

  @Test func widenedRowsLoseTheirOwnCenter() {
    let matrix = Matrix<Float>(rows: [[1, 2], [3, 4]])
    let centers = Matrix<Double>(rows: [[0.5, 0], [1, 1e-9]])
    var target = [Double](repeating: 0, count: 4)
    var span = target.mutableSpan
    matrix.copyWidenedRows(subtracting: centers, choosing: [1, 0][...], into: &span)
    #expect(target == [0, 2 - 1e-9, 2.5, 4])
  }

  @Test func unitRowsOfAnySize() {
    var matrix = Matrix<Double>(rows: [[3, 4], [0, 0], [3e-320, 0], [0, 1e300]])
    matrix.scaleRowsToUnitNorm()
    for (row, expected) in [[0.6, 0.8], [0, 0], [1, 0], [0, 1]].enumerated() {
      for column in 0..<2 { #expect(abs(matrix[row, column] - expected[column]) < 1e-15) }
    }
  }

  @Test(arguments: [(5, 3), (3, 5), (1, 4)])
  func singularValuesAloneAreThoseWithVectors(rowCount: Int, columnCount: Int) throws {
    var state = 1.0
    let matrix = Matrix<Double>(rowCount: rowCount, columnCount: columnCount) { _, _ in
      state = (state * 7.3 + 1.7).truncatingRemainder(dividingBy: 3.1)
      return state
    }
    let alone = try SingularValueDecomposition.singularValues(of: matrix.view)
    let full = try SingularValueDecomposition(matrix.view).singularValues
    #expect(alone.count == full.count)
    for (one, other) in zip(alone, full) { #expect(abs(one - other) < 1e-14 * full[0]) }
  }
}
