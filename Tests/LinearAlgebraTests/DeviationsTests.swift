import LinearAlgebra
import Testing

/// Oracle: closed forms in numbers that are exact in both precisions.
@Suite struct DeviationsTests {
  private let center = [0.5, 1.0, -1.0]

  @Test func deviationsAreAddedWithTheirSquares() {
    var sums = [10.0, 1, 1, 1, 10]
    var target = sums.mutableSpan
    let squares = addDeviations(
      of: ([1, 3, -4] as [Float]).span, from: center.span, to: &target, at: 1)
    #expect(squares == 0.25 + 4 + 9)
    #expect(sums == [10, 1.5, 3, -2, 10])
    var wide = [0.0, 0, 0]
    var wideTarget = wide.mutableSpan
    #expect(
      addDeviations(of: ([1, 3, -4] as [Double]).span, from: center.span, to: &wideTarget, at: 0)
        == squares)
    #expect(wide == [0.5, 2, -3])
  }

  /// 2²⁴ + 0.5 less 2²⁴ is 0.5, which float32 alone would lose.
  @Test func deviationsAreRoundedOnce() {
    var written: [Float] = [9, 9, 9, 9]
    var target = written.mutableSpan
    let rows = Matrix<Double>(rows: [[16_777_216.5, 3, -4]])
    let center: [Double] = [16_777_216, 1, -1]
    let norms = Double.center(rows.view, around: center.span, scale: 2, into: &target)
    #expect(written == [1, 4, -6, 9])
    #expect(norms == [53])
  }

  @Test func indicatorsAndSumsGoByLabel() {
    let labels: [UInt16] = [2, 0, 2, 1]
    var indicators: [Float] = [7, 7, 7, 7, 7]
    var target = indicators.mutableSpan
    writeIndicators(of: labels.span, equalTo: 2, to: &target, at: 1)
    #expect(indicators == [7, 1, 0, 1, 0])
    var sums = [100.0, 0, 0, 0]
    var sumTarget = sums.mutableSpan
    addSums(of: [1, 2, 4, 8].span, by: labels.span, to: &sumTarget, at: 1)
    #expect(sums == [100, 2, 8, 5])
  }

  @Test func squaredNormsAreOfEveryRow() {
    let matrix = Matrix<Float>(rows: [[3, 4], [0, 0], [1e20, 0]])
    let norms = squaredRowNorms(of: matrix.view)
    #expect(norms[0] == 25 && norms[1] == 0)
    // 1e20 in float32, squared in float64, is beyond float32's range.
    #expect(abs(norms[2] / 1e40 - 1) < 1e-6)
  }

  /// Distributivity: a product in pieces, over tiles and threads.
  @Test func tiledProductsAddUp() {
    let left = Matrix<Double>(rowCount: 700, columnCount: 9) { Double(($0 * 7 + $1 * 3) % 5) }
    let right = Matrix<Double>(rowCount: 9, columnCount: 1100) { Double(($0 * 5 + $1) % 7) }
    var sum = Matrix<Double>(rowCount: 700, columnCount: 1100, repeating: 1)
    addTiledProduct(of: left.view, and: right.view, to: &sum)
    var expected = product(of: left.view, and: right.view)
    expected.addElements(of: Matrix(rowCount: 700, columnCount: 1100, repeating: 1))
    #expect(sum == expected)
  }
}
