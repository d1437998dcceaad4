import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// Oracle: NumPy's quantile over all pairs, and sorting them.
@Suite struct SeparationQuantileTests {
  @Test func quantilesAreGolden() throws {
    let iris = try #require(try IndexGolden.datasets()["iris"])
    let rows = iris.labels.indices.filter { iris.labels[$0] > 0 }
    let points = try LabelledPoints(
      Matrix(rows: rows.map { iris.points[$0] }), labels: rows.map { iris.labels[$0] })
    for golden in try PairGolden.read().quantiles {
      let value = try SeparationQuantile.value(
        of: points, share: golden[0], cosineWeight: golden[1])
      #expect(abs(value - golden[2]) <= 1e-12 * golden[2])
    }
  }

  @Test(arguments: [0, 0.03, 0.5, 0.77, 1], [1, 2, 50, 100_000])
  func fewValuesAtATimeGiveTheSame(share: Double, capacity: Int) throws {
    let (matrix, labels) = PairCases.blobs(41, width: 3, classCount: 2, offset: 5)
    let points = try LabelledPoints(matrix, labels: labels)
    let values = labels.indices.filter { labels[$0] == 0 }.flatMap { first in
      labels.indices.filter { labels[$0] == 1 }.map { second in
        let (one, other) = (matrix.view.row(first), matrix.view.row(second))
        let distance = PairCases.distance(matrix, first, second)
        let lengths = dotProduct(one, one).squareRoot() * dotProduct(other, other).squareRoot()
        return distance * distance + 3 * (1 - dotProduct(one, other) / lengths)
      }
    }.sorted()
    let expected = Quantile.value(at: share, ofSorted: values)
    for side in [4, 100] {
      let value = try SeparationQuantile.value(
        of: points, share: share, cosineWeight: 3,
        shape: PairTileShape(blockRowCount: side, panelBlockCount: 2), capacity: capacity)
      #expect(abs(value - expected) <= 1e-12 * expected)
    }
  }

  /// Half of the pairs are one point twice, the others √2 apart.
  @Test func tiesAndGapsEndTheSearch() throws {
    let matrix = Matrix<Double>(rows: [[1, 0], [0, 1], [1, 0], [0, 1]])
    let points = try LabelledPoints(matrix, labels: [0, 0, 1, 1])
    let shape = PairTileShape(blockRowCount: 1, panelBlockCount: 1)
    let value = try SeparationQuantile.value(
      of: points, share: 0.5, cosineWeight: 0, shape: shape, capacity: 1)
    #expect(abs(value - 1) <= 1e-15)
  }

  @Test func aPointOfZerosHasNoDirection() throws {
    let points = try LabelledPoints(Matrix<Double>(rows: [[0, 0], [3, 4]]), labels: [0, 1])
    let value = try SeparationQuantile.value(of: points, share: 0.05, cosineWeight: 2)
    #expect(abs(value - 27) <= 1e-13)
  }

  @Test func whatCannotBeIsRefused() throws {
    let points = try LabelledPoints(Matrix<Double>(rows: [[0], [3], [4]]), labels: [0, 1, 1])
    let three = try LabelledPoints(Matrix<Double>(rows: [[0], [3], [4]]), labels: [0, 1, 2])
    for (points, share, weight) in [
      (points, -0.1, 1.0), (points, 1.1, 1), (points, .nan, 1), (points, 0.5, -1),
      (points, 0.5, .infinity), (three, 0.5, 1),
    ] {
      #expect(throws: AlignmentQualityError.self) {
        try SeparationQuantile.value(of: points, share: share, cosineWeight: weight)
      }
    }
  }
}
