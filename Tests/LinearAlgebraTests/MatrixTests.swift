import LinearAlgebra
import Testing

@Test func transposeSwapsRowsAndColumns() {
  let matrix = Matrix<Float>(rows: [[1, 2, 3], [4, 5, 6]])
  #expect(matrix.transposed() == Matrix(rows: [[1, 4], [2, 5], [3, 6]]))
}
