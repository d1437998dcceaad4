import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// Oracles: values by hand, golden values to 1e-12, and what a degenerate clustering must say.
@Suite struct DunnTests {
  private static func index(
    _ compatibility: IndexCompatibility = .strict
  ) -> GeneralizedDunnIndex {
    var index = GeneralizedDunnIndex()
    index.compatibility = compatibility
    return index
  }

  private static func agree(_ value: Double, _ expected: Double) -> Bool {
    abs(value - expected) <= 1e-12 * abs(expected)
  }

  @Test(arguments: ["iris", "wine", "blobs", "tiny6"])
  func everyVariantIsGolden(name: String) throws {
    let data = try #require(try IndexGolden.datasets()[name])
    let golden = try #require(try PairGolden.read().values[name])
    let points = try LabelledPoints(Matrix(rows: data.points), labels: data.labels)
    for (variant, expected) in golden.dunn {
      let named = try #require(GeneralizedDunnIndex.variants.first { $0.name == variant })
      let index = try Settings.decode(GeneralizedDunnIndex.self, overrides: named.overrides)
      // torchmetrics computes its centroids in another order.
      #expect(Self.agree(try index.value(of: points).doubleValue, expected), "\(variant)")
    }
    let all = GeneralizedDunnIndex.allValues(
      of: try ClusterMeasurer.measure(points, GeneralizedDunnIndex.allIngredients))
    #expect(all.count == 18)
    for (name, value) in all {
      #expect(Self.agree(value.doubleValue, try #require(golden.dunn[name])), "\(name)")
    }
    let sums = try #require(try ClusterMeasurer.measure(points, [.pairSums]).pairSums)
    for (row, expected) in golden.pairSums.enumerated() {
      for (sum, expected) in zip(sums.row(row), expected) { #expect(Self.agree(sum, expected)) }
    }
  }

  /// The distances alone give the same; those to centroids come from differences of squares.
  @Test(arguments: ["iris", "wine", "blobs", "tiny6"])
  func precomputedDistancesGiveTheSame(name: String) throws {
    let data = try #require(try IndexGolden.datasets()[name])
    let golden = try #require(try PairGolden.read().values[name])
    let matrix = Matrix(rows: data.points)
    let distances = Matrix<Double>(rowCount: matrix.rowCount, columnCount: matrix.rowCount) {
      PairCases.distance(matrix, $0, $1)
    }
    let measured = try ClusterMeasurements(precomputedDistances: distances, labels: data.labels)
    for (name, value) in GeneralizedDunnIndex.allValues(of: measured) {
      let expected = try #require(golden.dunn[name])
      #expect(abs(value.doubleValue - expected) <= 1e-11 * expected, "\(name)")
    }
    let points = try LabelledPoints(matrix, labels: data.labels)
    let direct = try ClusterMeasurer.measure(points, [.pairExtremes])
    let nearest = try #require(direct.pairExtremes?.nearest)
    #expect(measured.pairExtremes?.nearest.keys == nearest.keys)
  }

  /// δ₁ = 8, δ₂ = √152, δ₆ = √104; Δ₁ = 4.
  @Test func sixPointsByHand() throws {
    let points = try LabelledPoints(ScatterTests.six, labels: [0, 0, 0, 1, 1, 1])
    let measured = try ClusterMeasurer.measure(points, GeneralizedDunnIndex.allIngredients)
    #expect(measured.pairExtremes?.smallest[0, 1] == 8)
    #expect(measured.pairExtremes?.nearest[1] == [2, 3])
    #expect(measured.pairExtremes?.largest[1, 1] == 4)
    #expect(measured.hausdorffDistances?[0, 1] == 104.0.squareRoot())
    #expect(try GeneralizedDunnIndex().value(of: points) == .finite(2))
  }

  @Test func aPointInTwoClassesIsNamed() throws {
    let matrix = Matrix<Double>(rows: [[0, 0], [1, 0], [5, 5], [1, 0]])
    let points = try LabelledPoints(matrix, labels: [7, 7, 9, 9])
    let value = try Self.index().value(of: points)
    #expect(value.value == .finite(0))
    #expect(value.flags.map(\.name) == ["coincident-points"])
    #expect(value.flags.first?.detail?.contains("samples 1 and 3") == true)
    #expect(value.flags.first?.detail?.contains("classes 0 and 1") == true)
    // Separations of 0 dropped, none is left.
    #expect(try Self.index(.aqiEval).value(of: points).doubleValue == 0.001)
  }

  @Test func classesWithoutExtentAreInfinitelyApartOrUndefined() throws {
    let apart = Matrix<Double>(rows: [[0.1, 0], [0.1, 0], [3, 0.7], [3, 0.7]])
    let coincident = Matrix<Double>(rows: [[1], [1], [1], [1], [4], [4]])
    let two = [0, 0, 1, 1]
    for separation in GeneralizedDunnIndex.Separation.allCases.dropLast() {
      for diameter in GeneralizedDunnIndex.Diameter.allCases {
        let index = GeneralizedDunnIndex(separation: separation, diameter: diameter)
        let value = try index.value(of: try LabelledPoints(apart, labels: two))
        #expect(value.doubleValue == .infinity, "\(separation) \(diameter)")
        let none = try index.value(
          of: try LabelledPoints(coincident, labels: [0, 0, 1, 1, 2, 2]))
        #expect(none.doubleValue.isNaN, "\(separation) \(diameter)")
      }
    }
    let points = try LabelledPoints(apart, labels: two)
    #expect(try Self.index(.permetrics).value(of: points).doubleValue == 0)
    #expect(try Self.index(.aqiEval).value(of: points).doubleValue == 0.001)
    #expect(try Self.index(.torchmetrics).value(of: points).doubleValue == .infinity)
  }

  /// Limits: no extent of repeated points gives +∞ or no value, and never a share of rounding.
  @Test(arguments: [1, 3, 33, 130])
  func repeatedPointsHaveNoExtentWhateverTheirDigits(width: Int) throws {
    let numbered = GeneralizedDunnIndex.Separation.allCases.dropLast()
    for seed in 1...8 as ClosedRange<UInt64> {
      let points = GeometryData.normal(2, width, seed: seed)
      // Of different points, and where two classes are the same point.
      for (repeated, expected) in [([0, 1], Double.infinity), ([0, 0, 1], .nan)] {
        let labels = zip(repeated.indices, [5, 7, 3]).flatMap {
          [Int](repeating: $0, count: $1)
        }
        var rows = points.selectingRows(labels.map { repeated[$0] })
        rows.subtractFromRows([Double](repeating: 1000.1, count: width))
        let all = GeneralizedDunnIndex.allValues(
          of: try ClusterMeasurer.measure(
            try LabelledPoints(rows, labels: labels), GeneralizedDunnIndex.allIngredients))
        #expect(all.count == 3 * numbered.count)
        for (name, value) in all {
          let number = value.doubleValue
          #expect(number == expected || expected.isNaN && number.isNaN, "\(name): \(number)")
        }
      }
    }
  }

  @Test func clusteringsWithoutAnIndexAreUndefined() throws {
    let matrix = Matrix<Double>(rows: [[0, 0], [1, 0], [5, 5], [2, 0]])
    let same = Matrix<Double>(rowCount: 4, columnCount: 2, repeating: 0.1)
    for points in [
      try LabelledPoints(matrix, labels: [1, 1, 1, 1]),
      try LabelledPoints(matrix, labels: [1, 2, 3, 4]),
      try LabelledPoints(same, labels: [0, 0, 1, 1]),
    ] {
      let all = GeneralizedDunnIndex.allValues(
        of: try ClusterMeasurer.measure(points, GeneralizedDunnIndex.allIngredients))
      #expect(all.count == 18 && all.values.allSatisfy { $0.doubleValue.isNaN })
    }
  }

  @Test func aClassOfOnePointHasNoExtent() throws {
    let matrix = Matrix<Double>(rows: [[0, 0], [2, 0], [5, 0]])
    let points = try LabelledPoints(matrix, labels: [0, 0, 1])
    let all = GeneralizedDunnIndex.allValues(
      of: try ClusterMeasurer.measure(points, GeneralizedDunnIndex.allIngredients))
    #expect(all["gd11"]?.doubleValue == 1.5)
    #expect(Self.agree(try #require(all["gd32"]).doubleValue, 2))
    #expect(Self.agree(try #require(all["gd43"]).doubleValue, 2))
  }

  @Test func coincidentCentroidsAreNotApart() throws {
    let matrix = Matrix<Double>(rows: [[1, 0], [-1, 0], [0, 2], [0, -2]])
    let points = try LabelledPoints(matrix, labels: [0, 0, 1, 1])
    let all = GeneralizedDunnIndex.allValues(
      of: try ClusterMeasurer.measure(points, GeneralizedDunnIndex.allIngredients))
    #expect(all["gd41"]?.doubleValue == 0)
    #expect(all["gd11"]?.doubleValue == 5.0.squareRoot() / 4)
  }

  /// A minimum drops a NaN that does not come first: here of centroids whose squared distance underflows.
  @Test(arguments: [[0, 1, 2], [1, 2, 0], [2, 0, 1]])
  func aSeparationOutOfRangeIsNotPassedOver(classes: [Int]) throws {
    let matrix = Matrix<Double>(rows: [
      [5, 5], [7, 5], [-1, 0], [1, 0], [-1, 1e-170], [1, 1e-170],
    ])
    let points = try LabelledPoints(matrix, labels: (0..<6).map { classes[$0 / 2] })
    for diameter in GeneralizedDunnIndex.Diameter.allCases {
      let index = GeneralizedDunnIndex(separation: .centroid, diameter: diameter)
      #expect(try index.value(of: points).doubleValue.isNaN)
    }
  }

  @Test func indicesMeasureWhatTheyNeedAlone() {
    typealias Index = GeneralizedDunnIndex
    #expect(Index().ingredients == [.scatter, .pairExtremes])
    #expect(
      Index(separation: .centroid, diameter: .centroid).ingredients == [.scatter, .ownDistances])
    #expect(
      Index(separation: .toOtherCentroid, diameter: .centroid).ingredients
        == [.scatter, .centroidDistances, .ownDistances])
    #expect(
      Index(separation: .hausdorff, diameter: .average).ingredients
        == [.scatter, .hausdorffDistances, .pairSums])
  }

  @Test func peersHaveTheirOwnDistancesOnly() throws {
    let points = try LabelledPoints(ScatterTests.six, labels: [0, 0, 0, 1, 1, 1])
    for peer in [IndexCompatibility.permetrics, .torchmetrics, .aqiEval] {
      var index = Self.index(peer)
      index.diameter = .average
      #expect(throws: AlignmentQualityError.self) { try index.value(of: points) }
    }
    #expect(throws: AlignmentQualityError.self) { try Self.index(.sklearn).value(of: points) }
    var own = Self.index(.clusterCrit)
    own.separation = .toOtherCentroid
    let other = GeneralizedDunnIndex(separation: .toOwnCentroid, diameter: .complete)
    #expect(try own.value(of: points) == (try other.value(of: points)))
  }

  @Test func whatWasNotMeasuredHasNoValue() throws {
    let points = try LabelledPoints(ScatterTests.six, labels: [0, 0, 0, 1, 1, 1])
    let scatter = try ClusterMeasurer.measure(points, [.scatter])
    for value in GeneralizedDunnIndex.allValues(of: scatter).values {
      #expect(value.doubleValue.isNaN)
    }
  }
}
