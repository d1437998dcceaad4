import AlignmentQuality
import Evaluation
import Glibc
import LinearAlgebra
import Testing

/// Points that fill several tiles, against sums that know no tiles.
@Suite struct GeometryTileTests {
  static let labels = [Int](repeating: 0, count: 310) + [Int](repeating: 1, count: 290)
  static let points: Matrix<Double> = {
    var points = GeometryData.normal(600, 3, seed: 21)
    for row in 310..<600 { points[row, 1] += 1 }
    return points
  }()

  private func distance(_ first: Int, _ second: Int) -> Double {
    (0..<3).reduce(0) {
      let difference = Self.points[first, $1] - Self.points[second, $1]
      return $0 + difference * difference
    }.squareRoot()
  }

  @Test func energyDistanceOverTiles() throws {
    var sums = [0.0, 0, 0]
    for row in 0..<600 {
      for other in 0..<600 { sums[Self.labels[row] + Self.labels[other]] += distance(row, other) }
    }
    // Sums between the classes hold both orders.
    let expected = sums[1] / (310 * 290) - sums[0] / (310 * 310) - sums[2] / (290 * 290)
    let labelled = try LabelledPoints(Self.points, labels: Self.labels)
    let value = try GeometryData.value("energy-distance", of: labelled).doubleValue
    #expect(agree(value, expected, within: 1e-11))
  }

  @Test func neighboursOverTiles() throws {
    let logarithms = (0..<600).map { row in
      let near = (0..<600).filter { $0 != row }.map { distance(row, $0) }.sorted()
      return log(near[1] / near[0])
    }
    let labelled = try LabelledPoints(Self.points, labels: Self.labels)
    let value = try GeometryData.value("two-nearest-neighbours", of: labelled).doubleValue
    #expect(agree(value, 599 / logarithms.reduce(0, +), within: 1e-10))
  }

  /// Three tiles are factored one after the other.
  @Test func effectiveRankOverTiles() throws {
    var centered = Self.points
    centered.subtractFromRows(try ColumnMoments(of: centered.view).means)
    let gram = symmetricProduct(of: centered.view, transposed: true)
    let values = try SymmetricEigendecomposition.eigenvalues(of: gram.view).map { $0.squareRoot() }
    let sum = values.reduce(0, +)
    let expected = exp(values.reduce(0) { $0 - $1 / sum * log($1 / sum) })
    let value = try GeometryData.value("effective-rank", of: Self.points).doubleValue
    #expect(agree(value, expected, within: 1e-12))
  }

  /// X Xᵀ and XᵀX have the same eigenvalues but zeros.
  @Test func participationRatioOverTiles() throws {
    let points = GeometryData.normal(2100, 1050, seed: 8)
    var centered = points
    centered.subtractFromRows(try ColumnMoments(of: centered.view).means)
    let gram = symmetricProduct(of: centered.view, transposed: false)
    let trace = (0..<2100).reduce(0) { $0 + gram[$1, $1] }
    let expected = trace * trace / dotProduct(gram.span, gram.span)
    let value = try GeometryData.value("participation-ratio", of: points).doubleValue
    #expect(agree(value, expected, within: 1e-10))
  }

  /// The median over a sample is that of all points but for sampling: of 2 million dependent distances.
  @Test func medianOfASampleIsFlagged() throws {
    let points = GeometryData.normal(2100, 2, seed: 4)
    let labels = (0..<2100).map { $0 % 2 }
    let labelled = try LabelledPoints(points, labels: labels)
    let value = try MaximumMeanDiscrepancy().value(of: labelled)
    #expect(value.flags.map(\.name) == ["median-of-sample"])
    // The distance of two normal points in the plane is √2 times a Rayleigh variable: 2 √log 2.
    #expect(agree(value.detail("bandwidth"), 2 * log(2.0).squareRoot(), within: 0.05))
    #expect(try MaximumMeanDiscrepancy().value(of: labelled) == value)
  }
}
