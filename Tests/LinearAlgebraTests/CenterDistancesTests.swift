import LinearAlgebra
import Testing

/// Oracle: the definitions, element by element in float64, and that both forms give the same bytes.
@Suite struct CenterDistancesTests {
  /// Sums of differences, and the sum of their squares.
  static func differences<Scalar: LAPACKScalar>(
    _ matrix: borrowing MatrixView<Scalar>, _ center: [Double]
  ) -> (sums: [Double], squares: Double) {
    var sums = [Double](repeating: 0.5, count: center.count)
    var squares = 0.0
    for row in 0..<matrix.rowCount {
      for column in 0..<matrix.columnCount {
        let difference = Double(matrix[row, column]) - center[column]
        sums[column] += difference
        squares += difference * difference
      }
    }
    return (sums, squares)
  }

  static let rowCounts = [0, 1, 3, 4, 5, 19]
  static let widths = [1, 3, 4, 7, 8, 1023, 1025, 2051]

  @Test(arguments: rowCounts, widths)
  func differencesEqualTheirDefinition(rowCount: Int, width: Int) {
    var random = Reproducible(seed: 20)
    let center: [Double] = random.elements(width)
    // Rows lie apart, and what lies between is not read.
    let floats: Matrix<Float> = random.matrix(rowCount + 1, width + 3)
    let doubles: Matrix<Double> = random.matrix(rowCount + 1, width + 3)
    for form in [KernelForm.automatic, .portable] {
      let view = floats.view.rows(0..<rowCount).columns(2..<2 + width)
      var sums = [Double](repeating: 0.5, count: width)
      var target = sums.mutableSpan
      let squares = Float.addDifferences(of: view, from: center.span, to: &target, form: form)
      Self.expect((sums, squares), near: Self.differences(view, center), rowCount)
      let wide = doubles.view.rows(0..<rowCount).columns(2..<2 + width)
      sums = [Double](repeating: 0.5, count: width)
      target = sums.mutableSpan
      let others = Double.addDifferences(of: wide, from: center.span, to: &target, form: form)
      Self.expect((sums, others), near: Self.differences(wide, center), rowCount)
    }
  }

  /// Any order of n additions of terms below 4 is within n² · 4 · ulp(1) of any other.
  static func expect(
    _ actual: (sums: [Double], squares: Double), near expected: (sums: [Double], squares: Double),
    _ rowCount: Int
  ) {
    let rows = Double(rowCount)
    for (own, other) in zip(actual.sums, expected.sums) {
      #expect(abs(own - other) <= 4 * rows * rows * Double.ulpOfOne)
    }
    let terms = rows * Double(actual.sums.count)
    #expect(abs(actual.squares - expected.squares) <= terms * expected.squares * Double.ulpOfOne)
  }

  @Test(arguments: rowCounts, widths)
  func distancesEqualTheirDefinition(rowCount: Int, width: Int) {
    var random = Reproducible(seed: 21)
    let centers: Matrix<Double> = random.matrix(3, width)
    let floats: Matrix<Float> = random.matrix(rowCount + 1, width + 3)
    let doubles: Matrix<Double> = random.matrix(rowCount + 1, width + 3)
    for form in [KernelForm.automatic, .portable] {
      let view = floats.view.rows(0..<rowCount).columns(2..<2 + width)
      let wide = doubles.view.rows(0..<rowCount).columns(2..<2 + width)
      var own = Matrix<Double>(rowCount: rowCount, columnCount: 3)
      var others = own
      var target = own.mutableSpan
      Float.squaredDistances(of: view, to: centers.view, into: &target, form: form)
      target = others.mutableSpan
      Double.squaredDistances(of: wide, to: centers.view, into: &target, form: form)
      for row in 0..<rowCount {
        for center in 0..<3 {
          let first = (0..<width).reduce(0.0) {
            let difference = Double(view[row, $1]) - centers[center, $1]
            return $0 + difference * difference
          }
          let second = (0..<width).reduce(0.0) {
            let difference = wide[row, $1] - centers[center, $1]
            return $0 + difference * difference
          }
          let tolerance = Double(width) * Double.ulpOfOne
          #expect(abs(own[row, center] - first) <= tolerance * first)
          #expect(abs(others[row, center] - second) <= tolerance * second)
        }
      }
    }
  }

  @Test func bothFormsGiveTheSameBytes() {
    var random = Reproducible(seed: 22)
    let matrix: Matrix<Float> = random.matrix(23, 1501)
    let centers: Matrix<Double> = random.matrix(2, 1501)
    func results(_ form: KernelForm) -> [Double] {
      var sums = [Double](repeating: 0, count: 1501)
      var target = sums.mutableSpan
      let squares = Float.addDifferences(
        of: matrix.view, from: centers.row(0).span, to: &target, form: form)
      var distances = [Double](repeating: 0, count: 46)
      target = distances.mutableSpan
      Float.squaredDistances(of: matrix.view, to: centers.view, into: &target, form: form)
      return sums + distances + [squares]
    }
    #expect(results(.automatic) == results(.portable))
  }

  /// Alone, in a group of four, or after it: a row's distance is the same bytes.
  @Test func aDistanceDoesNotDependOnTheRowsBeside() {
    var random = Reproducible(seed: 23)
    let matrix: Matrix<Float> = random.matrix(6, 1003)
    let center: Matrix<Double> = random.matrix(1, 1003)
    var together = [Double](repeating: 0, count: 6)
    var target = together.mutableSpan
    Float.squaredDistances(of: matrix.view, to: center.view, into: &target)
    for row in 0..<6 {
      var alone = [0.0]
      target = alone.mutableSpan
      Float.squaredDistances(of: matrix.view.rows(row..<row + 1), to: center.view, into: &target)
      #expect(alone[0] == together[row])
    }
  }
}
