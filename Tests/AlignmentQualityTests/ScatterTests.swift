import AlignmentQuality
import LinearAlgebra
import TestSupport
import Testing

/// Oracle: by hand, the definition by two passes in float64, and invariances.
@Suite(.serialized) struct ScatterTests {
  /// By hand: centroids (2/3, 2/3) and (32/3, 2), scatters 16/3 and 32/3.
  static let six = Matrix<Double>(rows: [[0, 0], [0, 2], [2, 0], [10, 0], [10, 4], [12, 2]])
  static let ingredients: Set<Ingredient> = [.scatter, .ownDistances, .centroidDistances]

  @Test func sixPointsByHand() throws {
    let points = try LabelledPoints(Self.six, labels: [0, 0, 0, 1, 1, 1])
    let measurements = try ClusterMeasurer.measure(points, Self.ingredients)
    let scatter = measurements.scatter
    #expect(scatter.counts == [3, 3])
    #expect(abs(scatter.scatters[0] - 16.0 / 3) < 1e-14)
    #expect(abs(scatter.scatters[1] - 32.0 / 3) < 1e-14)
    #expect(abs(scatter.between - 458.0 / 3) < 1e-12)
    let value = try CalinskiHarabaszIndex().value(of: points)
    #expect(abs(value.doubleValue - 229.0 / 6) < 1e-12)
    let own = measurements.ownDistances ?? []
    #expect(own.count == 6)
    #expect(abs(own[0] - (8.0 / 9).squareRoot()) < 1e-15)
    #expect(abs(own[4] - (40.0 / 9).squareRoot()) < 1e-15)
    // From (10, 0) to (2/3, 2/3) and to (32/3, 2).
    let all = try #require(measurements.centroidDistances)
    #expect(abs(all[3, 0] - (788.0 / 9).squareRoot()) < 1e-14)
    #expect(abs(all[3, 1] - (40.0 / 9).squareRoot()) < 1e-15)
  }

  /// Unit spread around an offset, in four unequal classes that alternate.
  static func drawn(_ count: Int, _ width: Int, offset: Double) -> (Matrix<Double>, [Int]) {
    var random = TestGenerator(seed: 40)
    let labels = (0..<count).map { ($0 * $0 + $0 / 7) % 4 }
    let matrix = Matrix<Double>(rowCount: count, columnCount: width) { row, column in
      // Multiples of 2⁻²⁰, so that adding the offset is exact.
      let value = Double.random(in: -1..<1, using: &random) + Double(labels[row] * (column % 3))
      return (value * 0x1p20).rounded() * 0x1p-20 + offset
    }
    return (matrix, labels)
  }

  /// The definition: means first, then squares of differences from them.
  static func reference(
    _ matrix: Matrix<Double>, _ labels: [Int]
  ) -> (means: [[Double]], scatters: [Double], own: [Double]) {
    let groups = Set(labels).sorted().map { label in labels.indices.filter { labels[$0] == label } }
    // Around the first row, so that the reference's own mean has its digits.
    let origin = (0..<matrix.columnCount).map { matrix[0, $0] }
    let means = groups.map { rows in
      origin.indices.map { column in
        rows.reduce(0) { $0 + (matrix[$1, column] - origin[column]) } / Double(rows.count)
      }
    }
    var own = [Double](repeating: 0, count: matrix.rowCount)
    for (rows, mean) in zip(groups, means) {
      for row in rows {
        own[row] = origin.indices.reduce(0) {
          let deviation = (matrix[row, $1] - origin[$1]) - mean[$1]
          return $0 + deviation * deviation
        }
      }
    }
    let scatters = groups.map { rows in rows.reduce(0) { $0 + own[$1] } }
    let centered = means.map { mean in mean.indices.map { mean[$0] + origin[$0] } }
    return (centered, scatters, own.map { $0.squareRoot() })
  }

  /// A source whose tiles have at least as many rows as asked.
  struct Tiled<Scalar: LAPACKScalar>: PointSource {
    let points: MatrixPoints<Scalar>
    let leastRowCount: Int

    var rowCount: Int { points.rowCount }
    var width: Int { points.width }

    func read(_ rows: ArraySlice<Int>, into target: inout MutableSpan<Scalar>) {
      points.read(rows, into: &target)
    }
  }

  /// Tiles of 16 rows in blocks of 512 at width 2048, and one tile a class, are the same but for rounding.
  ///
  /// With the offset a mean is known to a last place of it.
  @Test(arguments: [0.0, 0x1p20])
  func oneBlockEqualsManyAndTheDefinition(offset: Double) throws {
    let (matrix, labels) = Self.drawn(4000, 2048, offset: offset)
    let (means, scatters, own) = Self.reference(matrix, labels)
    let source = try MatrixPoints(matrix)
    for leastRowCount in [1, 100, 4000] {
      let points = try LabelledPoints(
        Tiled(points: source, leastRowCount: leastRowCount), labels: labels)
      let measurements = try ClusterMeasurer.measure(points, Self.ingredients)
      for (actual, expected) in zip(measurements.scatter.scatters, scatters) {
        #expect(abs(actual - expected) <= 1e-12 * expected)
      }
      // The reference adds a thousand numbers below 8 one after the other; means are stored to a last
      // place of the offset.
      let tolerance = 1000 * 8 * 0x1p-53 + 4 * offset * Double.ulpOfOne
      for (actual, expected) in zip(measurements.centroids?.elements ?? [], means.joined()) {
        #expect(abs(actual - expected) <= tolerance)
      }
      // A coordinate of a centroid that is off moves a distance by at most √d times as much.
      for (actual, expected) in zip(measurements.ownDistances ?? [], own) {
        #expect(abs(actual - expected) <= 1e-13 * expected + tolerance * 2048.0.squareRoot())
      }
    }
  }

  @Test func threadsDoNotChangeABit() throws {
    let (matrix, labels) = Self.drawn(3000, 1024, offset: 0)
    let floats = Matrix<Float>(rowCount: 3000, columnCount: 1024) { Float(matrix[$0, $1]) }
    let points = try LabelledPoints(floats, labels: labels)
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    let results = try [1, 2, 5].map {
      Parallel.threadCount = $0
      return try ClusterMeasurer.measure(points, Self.ingredients)
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  /// A frequency weight is the point as often, in every number.
  @Test func weightsAreRepeatedPoints() throws {
    let (matrix, labels) = Self.drawn(60, 5, offset: 3)
    let weights = (0..<60).map { [1, 2, 0, 3][$0 % 4] }
    let repeated = (0..<60).flatMap { Array(repeating: $0, count: weights[$0]) }
    let weighted = try LabelledPoints(matrix, labels: labels, weights: weights)
    let plain = try LabelledPoints(
      matrix.selectingRows(repeated), labels: repeated.map { labels[$0] })
    #expect(
      try ClusterMeasurer.measure(weighted, Self.ingredients)
        == ClusterMeasurer.measure(plain, Self.ingredients))
  }

  /// Equal rows in many blocks: exactly constant, whatever division would do to their sum.
  @Test func aRepeatedPointIsExactlyConstant() throws {
    let point: [Float] = (0..<2048).map { 0.1 * Float($0) + 1e-3 }
    var matrix = Matrix<Float>(rowCount: 3000, columnCount: 2048) { $0 % 3 == 0 ? 1 : point[$1] }
    let labels = (0..<3000).map { $0 % 3 == 0 ? 0 : 1 }
    let constant = try ClusterMeasurer.measure(
      try LabelledPoints(matrix, labels: labels), [.scatter, .ownDistances])
    #expect(constant.scatter.constantClasses == [true, true])
    #expect(constant.scatter.scatters == [0, 0])
    #expect(constant.scatter.centroidRoundings == [0, 0])
    #expect(constant.ownDistances?.allSatisfy { $0 == 0 } == true)
    let centroids = try #require(constant.centroids)
    #expect(centroids.row(1) == point.map(Double.init))
    // One coordinate of the last row differs by its last place.
    matrix[2999, 2047] = matrix[2999, 2047].nextUp
    let scatter = try ClusterMeasurer.measure(
      try LabelledPoints(matrix, labels: labels), [.scatter]
    ).scatter
    #expect(scatter.constantClasses == [true, false])
    #expect(scatter.scatters[1] > 0)
  }
}
