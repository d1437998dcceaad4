import LinearAlgebra
import Testing

@Suite struct MatrixTests {
  let matrix = Matrix<Float>(rows: [[1, 2, 3], [4, 5, 6]])

  @Test func elementsAreRowMajor() {
    #expect(matrix.elements == [1, 2, 3, 4, 5, 6])
    #expect(matrix[1, 0] == 4)
    #expect(matrix.row(1) == [4, 5, 6])
    #expect(matrix.column(2) == [3, 6])
    #expect(matrix == Matrix(rowCount: 2, columnCount: 3) { Float($0 * 3 + $1 + 1) })
  }

  @Test func transposeSwapsRowsAndColumns() {
    #expect(matrix.transposed() == Matrix(rows: [[1, 4], [2, 5], [3, 6]]))
    var random = Reproducible(seed: 8)
    let large: Matrix<Double> = random.matrix(70, 45)
    let transposed = large.transposed()
    #expect((0..<70).allSatisfy { large.row($0) == transposed.column($0) })
    #expect(transposed.transposed() == large)
  }

  /// Identity: widening is exact, rounding undoes it, and what lies between rounds to the nearest.
  @Test func precisionsAreConverted() {
    let wide = Matrix<Double>(matrix)
    #expect(wide == Matrix(rows: [[1, 2, 3], [4, 5, 6]]))
    #expect(Matrix<Float>(wide) == matrix)
    let between = Matrix<Double>(rows: [[1 + 0x1p-25, 1 + 0x1.8p-24, 1e300]])
    #expect(Matrix<Float>(between) == Matrix(rows: [[1, 1 + 0x1p-23, .infinity]]))
  }

  @Test func rowsAreSelectedInOrderWithRepeats() {
    #expect(matrix.selectingRows([1, 0, 1]).elements == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(matrix.selectingRows([]).rowCount == 0)
  }

  @Test func viewsLookAtTheirPart() {
    let view = matrix.view(rows: 1..<2)
    #expect(view[0, 2] == 6)
    #expect(Matrix(matrix.view.columns(1..<3)) == Matrix(rows: [[2, 3], [5, 6]]))
    #expect(Matrix(matrix.view.rows(0..<0)).rowCount == 0)
    #expect(matrix.view.columns(1..<2).row(1)[0] == 5)
    #expect(matrix.view.columns(3..<3).columnCount == 0)
  }

  @Test func writesReachTheElements() {
    var changed = matrix
    changed[0, 1] = 9
    var span = changed.mutableSpan
    span[5] = 8
    #expect(changed.elements == [1, 9, 3, 4, 5, 8])
    #expect(matrix[0, 1] == 2)
  }

  @Test func aViewBeyondItsElementsIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let elements: [Float] = [1, 2, 3, 4, 5]
      _ = MatrixView(elements.span, rowCount: 2, columnCount: 2, rowStride: 4)
    }
  }

  @Test func aNonFiniteElementIsReportedWithItsPlace() throws {
    var changed = matrix
    try changed.view.requireFinite()
    changed[1, 2] = .nan
    let whole = #expect(throws: LinearAlgebraError.self) { try changed.view.requireFinite() }
    #expect(whole == .nonFinite(row: 1, column: 2))
    let part = #expect(throws: LinearAlgebraError.self) {
      try changed.view.columns(1..<3).requireFinite()
    }
    #expect(part == .nonFinite(row: 1, column: 1))
    #expect(part?.description.contains("row 1, column 1") == true)
    try changed.view.columns(0..<2).requireFinite()
  }
}
