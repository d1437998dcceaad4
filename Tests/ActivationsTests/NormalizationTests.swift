import Activations
import LinearAlgebra
import TestSupport
import Testing

@Suite struct NormalizationTests {
  static func draw(seed: UInt64, offset: Float = 3) throws -> ContrastPairs {
    var generator = TestGenerator(seed: seed)
    var pairs = try SyntheticActivations(sampleCount: 60, width: 17, offset: offset)
      .draw(using: &generator).layers[0]
    pairs.categories = (0..<60).map { [4, 9, -2][$0 % 3] }
    return pairs
  }

  static func means(_ matrix: Matrix<Float>, rows: [Int]? = nil) -> [Double] {
    let rows = rows ?? Array(0..<matrix.rowCount)
    return (0..<matrix.columnCount).map { column in
      rows.reduce(0.0) { $0 + Double(matrix[$1, column]) } / Double(rows.count)
    }
  }

  static func largest(_ matrix: Matrix<Float>) -> Double {
    Double(matrix.elements.map(\.magnitude).max() ?? 0)
  }

  /// An identity: a stored mean is off by half an ulp of itself, and so is each difference.
  @Test func theTrainingMeanOfEachSideBecomesZero() throws {
    var pairs = try Self.draw(seed: 1)
    let bound = Tolerance.rounding(count: 1, scale: Self.largest(pairs.positive), in: Float.self)
    let fitted = try Normalization().fit(pairs)
    try fitted.apply(to: &pairs)
    for side in [pairs.positive, pairs.negative] {
      #expect(Self.means(side).allSatisfy { $0.magnitude <= bound })
    }
  }

  @Test func theMeanOfEachCategoryBecomesZero() throws {
    var pairs = try Self.draw(seed: 2)
    let bound = Tolerance.rounding(count: 1, scale: Self.largest(pairs.positive), in: Float.self)
    let fitted = try Normalization(scope: .perCategory).fit(pairs)
    #expect(fitted.categories == [-2, 4, 9])
    try fitted.apply(to: &pairs)
    for first in 0..<3 {
      let rows = Array(stride(from: first, to: 60, by: 3))
      #expect(Self.means(pairs.negative, rows: rows).allSatisfy { $0.magnitude <= bound })
    }
  }

  @Test func theMedianOfEachFeatureBecomesZero() throws {
    var pairs = try Self.draw(seed: 3)
    try Normalization(center: .median).fit(pairs).apply(to: &pairs)
    for column in 0..<pairs.width {
      let sorted = pairs.positive.column(column).sorted()
      #expect(
        (sorted[29] + sorted[30]).magnitude <= 4 * Float.ulpOfOne * sorted[59].magnitude + 1e-6)
    }
  }

  @Test func rowsBecomeUnitVectorsAndStaySo() throws {
    var pairs = try Self.draw(seed: 4)
    let settings = Normalization(rowNorm: .l2, center: .none)
    try settings.fit(pairs).apply(to: &pairs)
    for norm in pairs.positive.rowNorms() {
      #expect((norm - 1).magnitude <= Tolerance.rounding(count: 4, scale: 1, in: Float.self))
    }
    let once = pairs
    try settings.fit(pairs).apply(to: &pairs)
    #expect(
      Tolerance.largestDifference(once.positive, pairs.positive)
        <= Tolerance.rounding(count: 2, scale: 1, in: Float.self))
  }

  @Test func deviationsBecomeOne() throws {
    var pairs = try Self.draw(seed: 5)
    try Normalization(scale: .standardDeviation, epsilon: 0).fit(pairs).apply(to: &pairs)
    let means = Self.means(pairs.positive)
    for column in 0..<pairs.width {
      let variance =
        pairs.positive.column(column).reduce(0.0) {
          $0 + (Double($1) - means[column]) * (Double($1) - means[column])
        } / 60
      #expect((variance - 1).magnitude < 60 * Double(Float.ulpOfOne) * 10)
    }
  }

  /// Oracle: the definition, in float64: the mean norm of both centred sides is √(2d).
  @Test func theMeanNormOfBothSidesTogetherBecomesTheRootOfTheirWidth() throws {
    var pairs = try Self.draw(seed: 6)
    let fitted = try Normalization(scale: .meanNorm).fit(pairs)
    #expect(fitted.positive.scales == fitted.negative?.scales)
    try fitted.apply(to: &pairs)
    var total = 0.0
    for row in 0..<60 {
      let both = pairs.positive.row(row) + pairs.negative.row(row)
      total += both.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    #expect((total / 60 - (2 * 17.0).squareRoot()).magnitude < 1e-5)
  }

  static let everySetting: [Normalization] = Normalization.RowNorm.allCases.flatMap { rowNorm in
    Normalization.Center.allCases.flatMap { center in
      Normalization.Scope.allCases.flatMap { scope in
        Normalization.Scale.allCases.map {
          Normalization(rowNorm: rowNorm, center: center, scope: scope, scale: $0)
        }
      }
    }
  }

  /// A training row is transformed the same way alone, among others, and after saving.
  @Test(arguments: everySetting)
  func testRowsGetTheTransformOfTrainingRows(_ settings: Normalization) throws {
    let pairs = try Self.draw(seed: 7)
    let fitted = try settings.fit(pairs)
    var whole = pairs
    try fitted.apply(to: &whole)
    let folder = try TemporaryFolder()
    try ParameterFile.write(fitted, kind: "normalization", to: folder.file("n.json"))
    let saved = try ParameterFile.read(FittedNormalization.self, from: folder.file("n.json"))
    #expect(saved == fitted)
    for row in [0, 31, 59] {
      var single = pairs.selecting([row])
      try saved.apply(to: &single)
      #expect(single.positive == whole.positive.selectingRows([row]))
      #expect(single.negative == whole.negative.selectingRows([row]))
    }
    #expect(whole.positive != pairs.positive || settings.isIdentity)
  }

  @Test func statisticsFromTheTestRowsCenterTheTestRows() throws {
    let settings = Normalization(statistics: .test)
    let fitted = try settings.fit(try Self.draw(seed: 8))
    var other = try Self.draw(seed: 9, offset: 40)
    try fitted.apply(to: &other)
    #expect(Self.means(other.positive).allSatisfy { $0.magnitude < 1e-4 })
    var single = try Self.draw(seed: 9).selecting([3])
    let error = #expect(throws: ActivationsError.self) { try fitted.apply(to: &single) }
    #expect(
      error?.description.contains("needs at least 2 rows for statistics from the test rows") == true
    )
  }

  @Test func anUnknownCategoryIsNamed() throws {
    let fitted = try Normalization(scope: .perCategory).fit(try Self.draw(seed: 10))
    var other = try Self.draw(seed: 11)
    other.categories?[5] = 77
    let error = #expect(throws: ActivationsError.self) { try fitted.apply(to: &other) }
    #expect(
      error?.description.contains(
        "row 5 is of category 77, which the training data did not have (it had -2, 4, 9)") == true)
    other.categories = nil
    #expect(throws: ActivationsError.self) { try fitted.apply(to: &other) }
  }

  @Test func constantFeaturesAreRefusedWithoutEpsilonOnly() throws {
    var pairs = try Self.draw(seed: 12)
    for row in 0..<60 { pairs.negative[row, 6] = 2.5 }
    let error = #expect(throws: ActivationsError.self) {
      try Normalization(scale: .standardDeviation, epsilon: 0).fit(pairs)
    }
    #expect(
      error?.description.contains("1 of 17 features are constant, the first of them 6") == true)
    try Normalization(scale: .standardDeviation, epsilon: 1e-6).fit(pairs).apply(to: &pairs)
    #expect(pairs.negative.column(6).allSatisfy { $0 == 0 })
  }

  @Test func rowsOfZerosStayAndAreCounted() throws {
    var pairs = try Self.draw(seed: 13)
    for column in 0..<17 { pairs.positive[8, column] = 0 }
    let fitted = try Normalization(rowNorm: .l2, center: .none).fit(pairs)
    #expect(fitted.positive.zeroRowCount == 1)
    #expect(fitted.negative?.zeroRowCount == 0)
    let report = try fitted.apply(to: &pairs)
    #expect(report.zeroRowCount == 1)
    #expect(pairs.positive.row(8).allSatisfy { $0 == 0 })
  }

  @Test func equalRowsHaveNoMeanNorm() throws {
    let ones = Matrix<Float>(rowCount: 4, columnCount: 3, repeating: 1)
    let pairs = try ContrastPairs(positive: ones, negative: ones)
    let error = #expect(throws: ActivationsError.self) {
      try Normalization(scale: .meanNorm).fit(pairs)
    }
    #expect(error?.description.contains("mean norm is 0") == true)
  }

  @Test func anotherWidthIsRefused() throws {
    let fitted = try Normalization().fit(try Self.draw(seed: 14))
    let narrow = Matrix<Float>(rowCount: 4, columnCount: 3, repeating: 1)
    var pairs = try ContrastPairs(positive: narrow, negative: narrow)
    #expect(throws: ActivationsError.self) { try fitted.apply(to: &pairs) }
    #expect(throws: ActivationsError.self) {
      try ContrastPairs(
        positive: narrow, negative: Matrix<Float>(rowCount: 5, columnCount: 3, repeating: 1))
    }
  }

  @Test func singleActivationsAreNormalisedAsOneSide() throws {
    let pairs = try Self.draw(seed: 15)
    var single = try LabelledActivations(
      activations: pairs.positive, categories: pairs.categories)
    var both = pairs
    let settings = Normalization(rowNorm: .l2, scope: .perCategory, scale: .standardDeviation)
    try settings.fit(single).apply(to: &single)
    try settings.fit(pairs).apply(to: &both)
    #expect(single.activations == both.positive)
  }
}

extension Normalization {
  fileprivate var isIdentity: Bool { rowNorm == .none && center == .none && scale == .none }
}
