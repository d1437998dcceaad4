import AlignmentQuality
import LinearAlgebra
import Testing

/// Oracle: the definition, one pair after another.
@Suite struct PairSumsTests {
  @Test(arguments: [1, 3, 8, 64], [1, 2, 3])
  func sumsEqualTheirDefinitionWhateverTheTiles(side: Int, panel: Int) throws {
    let (matrix, labels) = PairCases.blobs(37, width: 5, classCount: 3)
    let points = try LabelledPoints(matrix, labels: labels)
    let expected = PairCases.sums(points, matrix)
    let sums = try #require(
      try PairCases.measure(points, [.pairSums], side: side, panel: panel).pairSums)
    for (actual, expected) in zip(sums.elements, expected.elements) {
      #expect(abs(actual - expected) <= 1e-13 * expected)
    }
  }

  /// Cancellation would leave distances of about the root of the rounding, 10⁻⁸ of the norms.
  @Test func duplicatesHaveNoDistanceAndNearPointsTheirOwn() throws {
    var (matrix, labels) = PairCases.blobs(24, width: 7, classCount: 2)
    for column in 0..<7 {
      matrix[3, column] = matrix[1, column]
      matrix[5, column] = matrix[2, column] + (column == 0 ? 0x1p-40 : 0)
    }
    labels[1] = 0
    labels[3] = 1
    let points = try LabelledPoints(matrix, labels: labels)
    let two = try points.selecting([1, 3])
    let sums = try #require(try ClusterMeasurer.measure(two, [.pairSums]).pairSums)
    #expect(sums.elements == [0, 0, 0, 0])
    let near = try points.selecting([2, 5, 9])
    let expected = PairCases.sums(near, matrix)
    let actual = try #require(try ClusterMeasurer.measure(near, [.pairSums]).pairSums)
    for (actual, expected) in zip(actual.elements, expected.elements) {
      #expect(abs(actual - expected) <= 1e-14 * expected)
    }
  }

  @Test func sumsHaveTheSameBytesAtAnyThreadCount() throws {
    let (matrix, labels) = PairCases.blobs(61, width: 9, classCount: 4)
    let points = try LabelledPoints(Matrix<Float>(matrix), labels: labels)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try PairCases.measure(points, [.pairSums], side: 7).pairSums
    Parallel.threadCount = 2
    #expect(try PairCases.measure(points, [.pairSums], side: 7).pairSums == one)
  }

  /// Scale and place do not change ratios, even where squares leave the range of numbers.
  @Test(arguments: [0x1p-20, 0x1p-480, 0x1p300])
  func sumsScaleWithThePoints(scale: Double) throws {
    let (matrix, labels) = PairCases.blobs(12, width: 3, classCount: 2)
    let scaled = Matrix<Double>(rowCount: 12, columnCount: 3) { matrix[$0, $1] * scale }
    let sums = try #require(
      try ClusterMeasurer.measure(try LabelledPoints(matrix, labels: labels), [.pairSums]).pairSums)
    let other = try #require(
      try ClusterMeasurer.measure(try LabelledPoints(scaled, labels: labels), [.pairSums]).pairSums)
    for (sum, scaledSum) in zip(sums.elements, other.elements) {
      #expect(abs(scaledSum - sum * scale) <= 1e-13 * sum * scale)
    }
  }
}
