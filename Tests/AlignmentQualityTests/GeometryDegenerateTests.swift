import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// Points on which a careless formula gives a number.
@Suite struct GeometryDegenerateTests {
  static let same = Matrix(rowCount: 8, columnCount: 3, repeating: 0.1)
  static let halves = [0, 0, 0, 0, 1, 1, 1, 1]

  private func value(_ name: String, _ matrix: Matrix<Double>, _ labels: [Int]) throws -> IndexValue
  {
    try GeometryData.value(name, of: try LabelledPoints(matrix, labels: labels))
  }

  private func isInfinite(_ value: IndexValue) -> Bool {
    if case .infinite = value.value { true } else { false }
  }

  /// Cosines are then 1, and that is the worst end of both measures.
  @Test(arguments: GeometryData.names)
  func identicalPoints(name: String) throws {
    let value = try value(name, Self.same, Self.halves)
    switch name {
    case "anisotropy": #expect(abs(value.doubleValue - 1) < 1e-14)
    case "uniformity": #expect(abs(value.doubleValue) < 1e-14)
    default: #expect(value.doubleValue.isNaN, "\(value.value)")
    }
  }

  @Test(arguments: GeometryData.names)
  func onePoint(name: String) throws {
    #expect(try value(name, Matrix(rows: [[1, 2]]), [0]).doubleValue.isNaN)
  }

  @Test(arguments: GeometryData.names)
  func pointsAtTheOrigin(name: String) throws {
    let zeros = Matrix<Double>(rowCount: 8, columnCount: 3)
    #expect(try value(name, zeros, Self.halves).doubleValue.isNaN)
  }

  @Test(arguments: GeometryData.names)
  func oneClass(name: String) throws {
    let identifier = MethodName(parsing: name).identifier
    let needsClasses = try GeometryCatalog.measure(named: identifier).needsClasses
    let value = try value(
      name, GeometryData.twoClasses, [Int](repeating: 3, count: 24))
    #expect(value.doubleValue.isNaN == needsClasses)
  }

  @Test func comparisonsOfTwoClassesRefuseThree() throws {
    let labels = (0..<24).map { $0 % 3 }
    for name in [
      "mahalanobis", "bures-wasserstein", "maximum-mean-discrepancy", "energy-distance",
    ] {
      let result = try value(name, GeometryData.twoClasses, labels)
      guard case .undefined(let reason) = result.value else {
        Issue.record("\(name) has \(result.value)")
        continue
      }
      #expect(reason.contains("there are 3"))
    }
  }

  /// Two different repeated points.
  @Test func classesWithoutScatter() throws {
    var matrix = Self.same
    for row in 4..<8 { matrix[row, 1] = 5 }
    #expect(isInfinite(try value("fisher-ratio", matrix, Self.halves)))
    #expect(isInfinite(try value("fisher-ratio/inverse-trace", matrix, Self.halves)))
    #expect(isInfinite(try value("mahalanobis", matrix, Self.halves)))
    let collapse = try value("neural-collapse", matrix, Self.halves)
    #expect(collapse.doubleValue == 0)
    #expect(collapse.flags.map(\.name) == ["zero-within-scatter"])
    #expect(try value("two-nearest-neighbours", matrix, Self.halves).doubleValue.isNaN)
    #expect(
      agree(
        try value("participation-ratio", matrix, Self.halves).doubleValue, 1, within: 1e-15))
    // Both halves have the median distance 4.9 or 0: 12 of 28 pairs are equal points, 16 are not.
    let discrepancy = try value("maximum-mean-discrepancy", matrix, Self.halves)
    #expect(agree(discrepancy.detail("bandwidth"), 4.9, within: 1e-14))
  }

  /// Most pairs are equal points, so that the median distance says nothing.
  @Test func medianDistanceOfZero() throws {
    var matrix = Self.same
    matrix[7, 0] = 3
    let result = try value("maximum-mean-discrepancy", matrix, Self.halves)
    guard case .undefined(let reason) = result.value else {
      Issue.record("there is \(result.value)")
      return
    }
    #expect(reason.contains("bandwidth"))
  }

  /// A pseudo-inverse of nothing is 0, which would be perfect.
  @Test func coincidentMeansAreNoCollapse() throws {
    let matrix = GeometryData.line(-1, 1, -2, 2)
    #expect(isInfinite(try value("neural-collapse", matrix, [0, 0, 1, 1])))
  }

  /// Centroids far from the origin leave rounding in a dimension that their differences do not have.
  @Test func collapseIsThatOfCentroidDifferencesFarFromTheOrigin() throws {
    let near = GeometryData.twoClasses
    var far = near
    far.subtractFromRows([0x1p24, -0x1p23, 0x1p24, 0x1p22])
    let expected = try value("neural-collapse", near, GeometryData.labels)
    let result = try value("neural-collapse", far, GeometryData.labels)
    #expect(agree(result.doubleValue, expected.doubleValue, within: 1e-6))
    #expect(result.flags == expected.flags)
  }

  @Test func meansOnALineAreFlagged() throws {
    let matrix = Matrix<Double>(rows: [
      [-1, 0], [1, 0], [4, 0], [6, 0], [9, 1], [11, -1],
    ])
    let result = try value("neural-collapse", matrix, [0, 0, 1, 1, 2, 2])
    #expect(result.flags.map(\.name) == ["dependent-centroids"])
  }

  @Test func tooManyCoordinatesForAnUnshrunkCovariance() throws {
    let matrix = GeometryData.normal(8, 7, seed: 1)
    #expect(try value("mahalanobis/unshrunk", matrix, Self.halves).doubleValue.isNaN)
    #expect(try value("mahalanobis", matrix, Self.halves).doubleValue.isFinite)
    let enough = GeometryData.normal(8, 6, seed: 1)
    #expect(try value("mahalanobis/unshrunk", enough, Self.halves).doubleValue.isFinite)
  }

  @Test func constantColumnMakesTheCovarianceSingular() throws {
    var matrix = GeometryData.normal(8, 3, seed: 2)
    for row in 0..<8 { matrix[row, 1] = 0.3 }
    #expect(try value("mahalanobis/unshrunk", matrix, Self.halves).doubleValue.isNaN)
    #expect(try value("mahalanobis", matrix, Self.halves).doubleValue.isFinite)
  }

  /// Of a dependent column, Cholesky's pivot is rounding, and of either sign.
  @Test func dependentColumnMakesTheCovarianceSingular() throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      var matrix = GeometryData.normal(8, 3, seed: seed)
      for row in 0..<8 { matrix[row, 2] = 0.7 * matrix[row, 0] - 0.3 * matrix[row, 1] }
      #expect(try value("mahalanobis/unshrunk", matrix, Self.halves).doubleValue.isNaN)
      #expect(try value("mahalanobis", matrix, Self.halves).doubleValue.isFinite)
    }
  }

  /// A mean of numbers around 0.1 has an error of their last digit, which is all that they differ by.
  @Test(arguments: [
    "participation-ratio", "effective-rank", "stable-rank", "two-nearest-neighbours",
    "mahalanobis", "bures-wasserstein", "energy-distance",
  ])
  func pointsThatDifferByTheirLastDigit(name: String) throws {
    var matrix = Self.same
    for row in 0..<8 { matrix[row, row % 3] = row < 4 ? 0.1.nextUp : 0.1.nextDown }
    guard case .undefined(let reason) = try value(name, matrix, Self.halves).value else {
      Issue.record("there is a value")
      return
    }
    #expect(reason == "the points differ by no more than the rounding of their mean")
  }

  /// Squared distances are not below 0, whatever rounding of equal classes says.
  @Test func equalClassesAreNotApart() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let half = GeometryData.normal(9, 4, seed: seed)
      let both = GeometryData.stacked(half, half.selectingRows([3, 1, 4, 0, 5, 8, 2, 6, 7]))
      let labels = [Int](repeating: 0, count: 9) + [Int](repeating: 1, count: 9)
      let distances = [
        try value("energy-distance", both, labels).doubleValue,
        try value("bures-wasserstein", both, labels).detail("squared-covariance-distance"),
      ]
      for distance in distances { #expect(distance >= 0 && distance < 1e-13) }
    }
  }

  @Test func zeroRowsAreCountedAndLeftOut() throws {
    let with = Matrix<Double>(rows: [[0, 0], [2, 0], [0, 5], [0, 0]])
    for (name, expected) in [("anisotropy", 0.0), ("uniformity", -4)] {
      let result = try GeometryData.value(name, of: with)
      #expect(abs(result.doubleValue - expected) < 1e-14)
      #expect(
        result.flags == [Flag("zero-rows", detail: "zero, without a direction: 2 of 4 points")])
    }
  }

  @Test func duplicatesAreCountedAndLeftOut() throws {
    let result = try GeometryData.value(
      "two-nearest-neighbours", of: GeometryData.line(0, 0, 1, 3, 7))
    // r₂/r₁ of the others: 1, 3/2 and 3/2.
    #expect(agree(result.doubleValue, 2 / (2 * 0.405465108108164381978), within: 1e-14))
    #expect(result.flags.map(\.name) == ["duplicate-points"])
    #expect(result.flags[0].detail?.hasPrefix("2 points") == true)
  }

  @Test func equallyFarNeighboursHaveNoDimension() throws {
    let triangle = Matrix<Double>.identity(3)
    #expect(isInfinite(try GeometryData.value("two-nearest-neighbours", of: triangle)))
    var method = LevinaBickelDimension()
    method.neighbourCount = 2
    #expect(isInfinite(try method.value(of: try LabelledPoints(triangle, labels: [0, 0, 0]))))
  }

  @Test func oneDimension() throws {
    let line = GeometryData.line(0, 1, 3, 7, 12)
    for name in ["effective-rank", "participation-ratio", "stable-rank"] {
      #expect(agree(try GeometryData.value(name, of: line).doubleValue, 1, within: 1e-14))
    }
    #expect(try GeometryData.value("iso-score", of: line).doubleValue.isNaN)
    let labels = [0, 0, 0, 1, 1]
    let points = try LabelledPoints(line, labels: labels)
    // W/(n − 2) = (14/3 + 12.5)/3 and the means 4/3 and 9.5.
    let expected = (9.5 - 4.0 / 3) * (9.5 - 4.0 / 3) / ((14.0 / 3 + 12.5) / 3)
    #expect(
      agree(try GeometryData.value("mahalanobis", of: points).doubleValue, expected, within: 1e-13)
    )
  }

  @Test func settingsThatCannotBe() throws {
    let points = try LabelledPoints(GeometryData.twoClasses, labels: GeometryData.labels)
    var discrepancy = MaximumMeanDiscrepancy()
    discrepancy.bandwidth = 0
    #expect(throws: AlignmentQualityError.self) { try discrepancy.value(of: points) }
    var dimension = LevinaBickelDimension()
    dimension.neighbourCount = 1
    #expect(throws: AlignmentQualityError.self) { try dimension.value(of: points) }
    dimension.neighbourCount = 24
    #expect(try dimension.value(of: points).doubleValue.isNaN)
    var uniformity = Uniformity()
    uniformity.decay = .nan
    #expect(throws: AlignmentQualityError.self) { try uniformity.value(of: points) }
    var rank = EffectiveRank()
    rank.addedShare = -1
    #expect(throws: AlignmentQualityError.self) { try rank.value(of: points) }
  }

  /// A source that cannot be read: the size is refused before.
  @Test func tooLargeForADecomposition() throws {
    struct Huge: PointSource {
      let rowCount = 20_000
      let width = 20_000
      func read(
        _ rows: ArraySlice<Int>, into target: inout MutableSpan<Float>
      ) throws(AlignmentQualityError) {
        throw .noPoints
      }
    }
    let points = try LabelledPoints(Huge(), labels: (0..<20_000).map { $0 % 2 })
    for name in [
      "mahalanobis", "bures-wasserstein", "effective-rank", "participation-ratio", "stable-rank",
      "fisher-ratio/inverse-trace",
    ] {
      #expect(
        throws: AlignmentQualityError.tooLarge(
          what: "rows of the smaller Gram matrix", count: 20_000, limit: 16_384)
      ) { try GeometryData.value(name, of: points) }
    }
  }
}
