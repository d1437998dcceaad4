import LinearAlgebra
import Testing

@Suite struct RowDifferencesTests {
  @Test func differencesAreWrittenFromTheirPlaceOn() {
    let rows = Matrix<Float>(rows: [[1, 2, 3], [4, 5, 6]])
    let reference = [0.5, 2, -1]
    var target = [Double](repeating: 9, count: 8)
    var span = target.mutableSpan
    #expect(!writeDifferences(of: rows.view, from: reference.span, into: &span, at: 1))
    #expect(target == [9, 0.5, 0, 4, 3.5, 3, 7, 9])
  }

  /// Only a last element differs, and only rows that are all equal to the reference are zeros.
  @Test(arguments: [0.0, 1e-300, -1]) func zerosAreExact(difference: Double) {
    let row = (0..<37).map { Double($0) / 3 }
    var other = row
    other[36] += difference
    if difference == 1e-300 { other[0] = difference }
    let rows = Matrix(rows: [row, other])
    var target = [Double](repeating: 9, count: 74)
    var span = target.mutableSpan
    let areZero = writeDifferences(of: rows.view, from: row.span, into: &span, at: 0)
    #expect(areZero == (difference == 0))
    #expect(target.prefix(37).allSatisfy { $0 == 0 })
  }

  /// Small whole numbers: exact.
  @Test func theBilinearFormIsTheSumOverElements() {
    let matrix = Matrix<Double>(rows: [[1, 2, 3], [4, 5, 6]])
    let (left, right) = ([2.0, -1], [1.0, 0, 2])
    #expect(bilinearForm(matrix.view, left.span, right.span) == 2 * 7 - 16)
  }
}
