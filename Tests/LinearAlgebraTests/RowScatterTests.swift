import LinearAlgebra
import Testing

/// Oracle: the definition by two passes in float64, and identities of merging.
@Suite struct RowScatterTests {
  static func reference<Scalar: LAPACKScalar>(
    _ matrix: Matrix<Scalar>
  ) -> (means: [Double], squares: Double) {
    let means = (0..<matrix.columnCount).map { column in
      matrix.column(column).reduce(0) { $0 + Double($1) } / Double(matrix.rowCount)
    }
    let squares = (0..<matrix.rowCount).reduce(0.0) { sum, row in
      means.indices.reduce(sum) {
        let deviation = Double(matrix[row, $1]) - means[$1]
        return $0 + deviation * deviation
      }
    }
    return (means, squares)
  }

  static func scatter<Scalar: LAPACKScalar>(
    _ matrix: Matrix<Scalar>, rows: Range<Int>, tileRowCount: Int
  ) -> RowScatter {
    var accumulator = RowScatterAccumulator(columnCount: matrix.columnCount)
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: tileRowCount) {
      accumulator.add(matrix.view.rows(first..<min(first + tileRowCount, rows.upperBound)))
    }
    return accumulator.scatter
  }

  @Test(arguments: [1, 2, 7, 100], [1, 3, 16, 100])
  func scatterEqualsItsDefinition(rowCount: Int, tileRowCount: Int) {
    var random = Reproducible(seed: 30)
    let matrix: Matrix<Float> = random.matrix(rowCount, 21)
    let scatter = Self.scatter(matrix, rows: 0..<rowCount, tileRowCount: tileRowCount)
    let (means, squares) = Self.reference(matrix)
    #expect(scatter.count == rowCount)
    #expect(scatter.isConstant == (rowCount == 1))
    // 1 + n/m times the scatter is summed, each of 21 n terms with a rounding.
    let factor = 1 + Double(rowCount) / Double(min(tileRowCount, rowCount))
    #expect(
      abs(scatter.squares - squares) <= 21 * Double(rowCount) * factor * squares * 0x1p-53)
    for (own, other) in zip(scatter.means, means) {
      #expect(abs(own - other) <= 4 * Double(rowCount) * 0x1p-53)
    }
  }

  @Test(arguments: [1, 5, 16, 250])
  func mergedPartsEqualTheWhole(partRowCount: Int) {
    var random = Reproducible(seed: 31)
    let matrix: Matrix<Double> = random.matrix(250, 9)
    var merged = RowScatter(columnCount: 9)
    for first in stride(from: 0, to: 250, by: partRowCount) {
      let rows = first..<min(first + partRowCount, 250)
      merged.merge(Self.scatter(matrix, rows: rows, tileRowCount: 16))
    }
    let (means, squares) = Self.reference(matrix)
    #expect(merged.count == 250)
    #expect(abs(merged.squares - squares) <= 1e-13 * squares)
    for (own, other) in zip(merged.means, means) { #expect(abs(own - other) <= 1e-14) }
  }

  /// The offset is exact in every element, so that the scatter may not change beyond rounding of the
  /// differences from a centre that itself is known to a last place of the offset, 2⁻³³.
  @Test func aLargeOffsetCostsNoDigits() {
    var random = Reproducible(seed: 32)
    let small: Matrix<Double> = random.matrix(400, 7)
    let plain = Matrix<Double>(rowCount: 400, columnCount: 7) {
      (small[$0, $1] * 4096).rounded() / 4096
    }
    let shifted = Matrix<Double>(rowCount: 400, columnCount: 7) { plain[$0, $1] + 0x1p20 }
    let expected = Self.reference(plain).squares
    for tileRowCount in [8, 400] {
      let scatter = Self.scatter(shifted, rows: 0..<400, tileRowCount: tileRowCount)
      #expect(abs(scatter.squares - expected) <= 1e-13 * expected)
    }
  }

  /// One far row first: the centre is as bad as it can be, and the scatter still has its digits.
  @Test func aFarFirstRowCostsNoMoreThanTheBoundSays() {
    var random = Reproducible(seed: 33)
    let small: Matrix<Double> = random.matrix(1000, 5)
    let matrix = Matrix<Double>(rowCount: 1000, columnCount: 5) {
      $0 == 0 ? 1e5 : small[$0, $1]
    }
    let expected = Self.reference(matrix).squares
    let scatter = Self.scatter(matrix, rows: 0..<1000, tileRowCount: 16)
    #expect(abs(scatter.squares - expected) <= (1 + 1000.0 / 16) * 1e-14 * expected)
  }

  @Test func equalRowsHaveExactlyTheirMeanAndNoScatter() {
    let row: [Float] = [0.1, -3.3, 1e-30, 7]
    let matrix = Matrix<Float>(rows: Array(repeating: row, count: 101))
    var scatter = Self.scatter(matrix, rows: 0..<101, tileRowCount: 7)
    #expect(scatter.isConstant)
    #expect(scatter.squares == 0)
    #expect(scatter.means == row.map(Double.init))
    #expect(scatter.rounding == 0)
    scatter.merge(Self.scatter(matrix, rows: 0..<13, tileRowCount: 7))
    #expect(scatter.isConstant)
    #expect(scatter.count == 114)
    var other = matrix
    other[100, 3] = Float(7).nextUp
    #expect(!Self.scatter(other, rows: 0..<101, tileRowCount: 7).isConstant)
    scatter.merge(Self.scatter(other, rows: 100..<101, tileRowCount: 7))
    #expect(!scatter.isConstant)
    #expect(scatter.squares > 0)
  }

  /// Differences whose squares are below the range of float64 are still differences.
  @Test func rowsThatDifferBelowTheSquareRootOfTheRangeAreNotEqual() {
    let matrix = Matrix<Double>(rows: [[1e-180], [2e-180], [1e-180]])
    #expect(!Self.scatter(matrix, rows: 0..<3, tileRowCount: 3).isConstant)
  }

  @Test func noRowsAreTheIdentityOfMerging() {
    let none = RowScatterAccumulator(columnCount: 2).scatter
    #expect(none == RowScatter(columnCount: 2))
    let matrix = Matrix<Double>(rows: [[1, 2], [3, 5]])
    let scatter = Self.scatter(matrix, rows: 0..<2, tileRowCount: 2)
    var merged = none
    merged.merge(scatter)
    merged.merge(none)
    #expect(merged == scatter)
    // By hand: the mean is (2, 3.5), and 2 · (1 + 2.25) = 6.5.
    #expect(scatter.means == [2, 3.5])
    #expect(scatter.squares == 6.5)
  }
}
