import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

@Suite struct CenteredKernelAlignmentTests {
  static let estimators = CenteredKernelAlignment.Estimator.allCases

  private func alignment(
    _ estimator: CenteredKernelAlignment.Estimator, _ layers: Matrix<Double>...
  ) throws -> LayerAlignment {
    var method = CenteredKernelAlignment()
    method.estimator = estimator
    return try method.alignment(of: try layers.map { try MatrixPoints($0) })
  }

  @Test(arguments: estimators)
  func rotationScaleAndOffsetChangeNothing(
    estimator: CenteredKernelAlignment.Estimator
  ) throws {
    let layer = GeometryData.normal(30, 6, seed: 1)
    var moved = try GeometryData.rotated(layer)
    moved.scaleColumns(by: [Double](repeating: -0.003, count: 6))
    moved.subtractFromRows([1, 2, 3, 4, 5, 6])
    let other = GeometryData.normal(30, 9, seed: 2)
    let result = try alignment(estimator, layer, moved, other)
    #expect(result.matrix[0, 0] == 1)
    #expect(agree(result.matrix[0, 1], 1, within: 1e-10))
    #expect(agree(result.matrix[0, 2], result.matrix[1, 2], within: 1e-9))
    #expect(result.matrix[2, 0] == result.matrix[0, 2])
  }

  /// For independent layers the debiased form is a correlation of n(n − 3)/2 numbers.
  ///
  /// So its standard deviation is 1/√1710 = 0.024. The biased one is about 1/(1 + n/d).
  @Test func onlyTheBiasedFormSeesIndependentLayersAsAlike() throws {
    let first = GeometryData.normal(60, 600, seed: 11)
    let second = GeometryData.normal(60, 600, seed: 12)
    #expect(abs(try alignment(.debiased, first, second).matrix[0, 1]) < 5 * 0.0242)
    #expect(abs(try alignment(.biased, first, second).matrix[0, 1] - 1 / 1.1) < 0.05)
  }

  /// Over coordinates instead of points, and without tiles, of which 5200 points have more than a batch.
  @Test(arguments: [1100, 5200])
  func tilesGiveTheCrossProductForm(count: Int) throws {
    var (first, second) = (
      GeometryData.normal(count, 3, seed: 5), GeometryData.normal(count, 4, seed: 6)
    )
    for row in 0..<count { second[row, 1] += first[row, 0] }
    let matrix = try alignment(.biased, first, second).matrix
    first.subtractFromRows(try ColumnMoments(of: first.view).means)
    second.subtractFromRows(try ColumnMoments(of: second.view).means)
    func squaredNorm(_ left: Matrix<Double>, _ right: Matrix<Double>) -> Double {
      let cross = product(of: left.view, and: right.view, leftTransposed: true)
      return dotProduct(cross.span, cross.span)
    }
    let expected =
      squaredNorm(first, second)
      / (squaredNorm(first, first) * squaredNorm(second, second)).squareRoot()
    #expect(agree(matrix[0, 1], expected, within: 1e-11))
  }

  @Test func layersWithoutAlignmentSayWhy() throws {
    let layer = GeometryData.normal(6, 3, seed: 1)
    let constant = Matrix(rowCount: 6, columnCount: 2, repeating: 0.1)
    let result = try alignment(.debiased, layer, constant, layer)
    #expect(result.matrix[0, 1].isNaN && result.matrix[1, 1].isNaN)
    #expect(agree(result.matrix[0, 2], 1, within: 1e-12))
    #expect(result.toPrevious.map(\.value.finiteValue) == [nil, nil, nil])
    #expect(result.value(1, 2) == .undefined("all points are the same point"))
  }

  /// Centred points that are equally far from each other have equal products, of which all is bias.
  ///
  /// Turned and moved, they leave rounding of either sign, and a share of it would be any number.
  @Test(arguments: 4..<12)
  func equallyFarPointsHaveNoAlignment(count: Int) throws {
    let simplex = Matrix<Double>.identity(count)
    var moved = try GeometryData.rotated(simplex)
    moved.subtractFromRows((0..<count).map { Double($0) - 3 })
    let other = GeometryData.normal(count, 3, seed: 4)
    let result = try alignment(.debiased, simplex, moved, other)
    let reason = MeasuredValue.undefined(
      "the points of the layer are no more alike than independent ones")
    for pair in [(0, 1), (0, 2), (1, 2)] {
      #expect(result.value(pair.0, pair.1).value == reason)
    }
    #expect(agree(try alignment(.biased, simplex, moved).matrix[0, 1], 1, within: 1e-12))
  }

  @Test func everyLayerIsComparedWithTheOneBefore() throws {
    let layers = [1, 2, 3].map { GeometryData.normal(12, 4, seed: $0) }
    let result = try alignment(.biased, layers[0], layers[1], layers[2])
    #expect(
      result.toPrevious.map(\.value.finiteValue) == [nil, result.matrix[0, 1], result.matrix[1, 2]])
  }

  @Test func chosenRowsAreAllThatCounts() throws {
    let first = GeometryData.normal(20, 4, seed: 1)
    let second = GeometryData.normal(20, 5, seed: 2)
    let rows = [3, 1, 4, 15, 9, 2, 6]
    let chosen = try CenteredKernelAlignment().alignment(
      of: [try MatrixPoints(first), try MatrixPoints(second)], rows: rows)
    let alone = try alignment(.debiased, first.selectingRows(rows), second.selectingRows(rows))
    #expect(agree(chosen.matrix[0, 1], alone.matrix[0, 1], within: 1e-12))
  }

  @Test func tooFewPointsAndLayersThatDoNotMatch() throws {
    let three = GeometryData.normal(3, 5, seed: 1)
    #expect(try alignment(.debiased, three, three).matrix[0, 1].isNaN)
    #expect(agree(try alignment(.biased, three, three).matrix[0, 1], 1, within: 1e-12))
    #expect(throws: AlignmentQualityError.self) {
      try alignment(.biased, three, GeometryData.normal(4, 5, seed: 1))
    }
    #expect(throws: AlignmentQualityError.noPoints) {
      try CenteredKernelAlignment().alignment(of: [])
    }
  }
}
