import LinearAlgebra
import Testing

/// Oracle: the definitions, in float64 over float64 data, and identities of merging.
@Suite struct MomentsTests {
  /// Mean and sum of squared deviations of one column, by two passes.
  static func reference(_ values: [Double]) -> (mean: Double, squares: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) })
  }

  @Test(arguments: [1, 2, 3, 255, 256, 257, 1000], [1, 5, 1027])
  func momentsEqualTheirDefinition(rowCount: Int, columnCount: Int) throws {
    var random = Reproducible(seed: 10)
    let matrix: Matrix<Float> = random.matrix(rowCount, columnCount + 1)
    let moments = try ColumnMoments(of: matrix.view.columns(1..<(columnCount + 1)))
    #expect(moments.count == rowCount)
    let tolerance = 4 * Double(rowCount) * Double.ulpOfOne
    for column in stride(from: 0, to: columnCount, by: 97) {
      let (mean, squares) = Self.reference(matrix.column(column + 1).map(Double.init))
      #expect(abs(moments.means[column] - mean) <= tolerance)
      #expect(abs(moments.squaredDeviations[column] - squares) <= tolerance)
    }
  }

  @Test func aLargeOffsetCostsNoDigits() throws {
    var random = Reproducible(seed: 11)
    let small: Matrix<Double> = random.matrix(700, 3)
    // A multiple of the elements' last place, so that the shifted elements are exact.
    let rounded = Matrix<Double>(rowCount: 700, columnCount: 3) {
      (small[$0, $1] * 1024).rounded() / 1024
    }
    let shifted = Matrix<Double>(rowCount: 700, columnCount: 3) { rounded[$0, $1] + 1e9 }
    let expected = try ColumnMoments(of: rounded.view).variances(.countMinusOne)
    let actual = try ColumnMoments(of: shifted.view).variances(.countMinusOne)
    // Means near 1e9 are known to their last place, 1.2e-7, and block means below 1 apart bring at
    // most that into the variance. A sum of squares would be off by hundreds.
    for (left, right) in zip(expected, actual) { #expect(abs(left - right) <= Double(1e9).ulp) }
  }

  @Test func divisorsAreNAndNMinusOne() throws {
    let moments = try ColumnMoments(of: Matrix<Double>(rows: [[1], [2], [6]]).view)
    #expect(moments.means == [3])
    #expect(try moments.variances(.count) == [14.0 / 3])
    #expect(try moments.variances(.countMinusOne) == [7])
    #expect(try moments.standardDeviations(.countMinusOne) == [Double(7).squareRoot()])
  }

  @Test func aConstantColumnHasNoVariance() throws {
    let matrix = Matrix<Float>(rowCount: 513, columnCount: 2, repeating: 0.1)
    let moments = try ColumnMoments(of: matrix.view)
    #expect(moments.means.allSatisfy { abs($0 - Double(Float(0.1))) <= 1e-16 })
    #expect(try moments.variances(.count).allSatisfy { $0 <= 1e-30 })
  }

  @Test func tooFewRowsAreRefused() throws {
    let one = try ColumnMoments(of: Matrix<Float>(rows: [[1, 2]]).view)
    #expect(try one.variances(.count) == [0, 0])
    let error = #expect(throws: LinearAlgebraError.self) { try one.variances(.countMinusOne) }
    #expect(
      error == .countOutOfRange(name: "row count", value: 1, minimum: 2, maximum: .max))
    #expect(throws: LinearAlgebraError.self) {
      try ColumnMoments(columnCount: 2).variances(.count)
    }
  }

  @Test(arguments: [0, 1, 100, 299, 300])
  func mergedPartsEqualTheWhole(cut: Int) throws {
    var random = Reproducible(seed: 12)
    let matrix: Matrix<Float> = random.matrix(300, 4)
    let whole = try ColumnMoments(of: matrix.view)
    var merged = try ColumnMoments(of: matrix.view(rows: 0..<cut))
    merged.merge(try ColumnMoments(of: matrix.view(rows: cut..<300)))
    #expect(merged.count == whole.count)
    for column in 0..<4 {
      #expect(abs(merged.means[column] - whole.means[column]) <= 1e-15)
      #expect(
        abs(merged.squaredDeviations[column] - whole.squaredDeviations[column]) <= 1e-12)
    }
  }

  @Test func classesHaveTheirOwnMoments() throws {
    var random = Reproducible(seed: 13)
    let matrix: Matrix<Float> = random.matrix(400, 6)
    let labels = (0..<400).map { ($0 * 7) % 3 }
    let moments = try ClassMoments(of: matrix.view, labels: labels, classCount: 4)
    #expect(moments.counts == [134, 133, 133, 0])
    for label in 0..<3 {
      let rows = (0..<400).filter { labels[$0] == label }
      #expect(moments.classes[label] == (try ColumnMoments(of: matrix.selectingRows(rows).view)))
    }
    let whole = try ColumnMoments(of: matrix.view)
    #expect(moments.pooled.count == 400)
    for column in 0..<6 {
      #expect(abs(moments.pooled.means[column] - whole.means[column]) <= 1e-15)
      #expect(
        abs(moments.pooled.squaredDeviations[column] - whole.squaredDeviations[column]) <= 1e-12)
    }
    #expect(moments.means.row(1) == moments.classes[1].means)
  }

  @Test func labelsAreChecked() {
    let matrix = Matrix<Float>(rowCount: 2, columnCount: 1)
    let outside = #expect(throws: LinearAlgebraError.self) {
      try ClassMoments(of: matrix.view, labels: [0, 2], classCount: 2)
    }
    #expect(outside == .labelOutOfRange(label: 2, index: 1, classCount: 2))
    #expect(throws: LinearAlgebraError.self) {
      try ClassMoments(of: matrix.view, labels: [0], classCount: 2)
    }
  }

  @Test func nonFiniteElementsAreNamed() {
    var matrix = Matrix<Float>(rowCount: 300, columnCount: 5)
    matrix[270, 3] = .infinity
    let error = #expect(throws: LinearAlgebraError.self) { try ColumnMoments(of: matrix.view) }
    #expect(error == .nonFinite(row: 270, column: 3))
    let median = #expect(throws: LinearAlgebraError.self) { try medianOfColumns(matrix.view) }
    #expect(median == .nonFinite(row: 270, column: 3))
  }

  @Test(arguments: [1, 2, 3, 4, 100, 101, 1000], [1, 15, 16, 35])
  func mediansAreTheMiddleOfTheSorted(rowCount: Int, columnCount: Int) throws {
    var random = Reproducible(seed: 14)
    let uniform: Matrix<Float> = random.matrix(rowCount, columnCount)
    // Every third column has many equal elements.
    let matrix = Matrix<Float>(rowCount: rowCount, columnCount: columnCount) {
      $1 % 3 == 0 ? (uniform[$0, $1] * 4).rounded() : uniform[$0, $1]
    }
    let medians = try medianOfColumns(matrix.view)
    for column in 0..<columnCount {
      let sorted = matrix.column(column).sorted()
      let expected =
        rowCount % 2 == 1
        ? sorted[rowCount / 2] : (sorted[rowCount / 2 - 1] + sorted[rowCount / 2]) / 2
      #expect(medians[column] == expected)
    }
  }

  @Test func hardOrdersStillHaveMedians() throws {
    let rising = (0..<4001).map(Double.init)
    let organPipe = (0..<4001).map { Double(min($0, 4000 - $0)) }
    #expect(try median(of: rising) == 2000)
    #expect(try median(of: rising.reversed()) == 2000)
    #expect(try median(of: organPipe) == organPipe.sorted()[2000])
    #expect(try median(of: [Double](repeating: 3, count: 999)) == 3)
    #expect(
      try median(of: [Double.greatestFiniteMagnitude, .greatestFiniteMagnitude])
        == .greatestFiniteMagnitude)
    #expect(throws: LinearAlgebraError.empty(dimension: "element")) {
      try median(of: [] as [Double])
    }
  }
}
