internal import LinearAlgebra

/// Squared distances between all points, tile by tile, in float64.
struct DistanceTiles: Sendable {
  let cloud: PointCloud
  /// Whether distances are between the directions of points, which must not be zero, or the points.
  let ofDirections: Bool
  /// Ranges of places, each within one class.
  private let blocks: [(range: Range<Int>, classNumber: Int)]

  init(_ cloud: PointCloud, ofDirections: Bool = false) {
    self.cloud = cloud
    self.ofDirections = ofDirections
    blocks = cloud.points.classRanges.enumerated().flatMap { number, range in
      cloud.blocks(of: range, atMost: 256).map { ($0, number) }
    }
  }

  /// Σ f(D²) over the ordered pairs of two different points, by their classes.
  ///
  /// - Parameter sum: Σ f over values of D².
  /// - Returns: (K, K), symmetric.
  /// - Throws: What reading throws.
  func sums(
    _ sum: @Sendable (Span<Double>) -> Double
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    let pairs = pairsOfBlocks
    let parts = try Parallel.map(pairs.count) { (index) throws(AlignmentQualityError) -> Double in
      let (first, second) = pairs[index]
      let tile = try squares(first, second)
      return (0..<tile.rowCount).reduce(0) { total, row in
        total + sum(tile.view.row(row).extracting((first == second ? row + 1 : 0)...))
      }
    }
    let classCount = cloud.scatter.classCount
    var result = Matrix<Double>(rowCount: classCount, columnCount: classCount)
    for (pair, part) in zip(pairs, parts) {
      let (one, other) = (blocks[pair.0].classNumber, blocks[pair.1].classNumber)
      // Pairs within a class were met in one of their two orders.
      result[one, other] += one == other ? 2 * part : part
      if one != other { result[other, one] += part }
    }
    return result
  }

  /// D² of every unordered pair of two different points.
  func all() throws(AlignmentQualityError) -> [Double] {
    let pairs = pairsOfBlocks
    return try Parallel.map(pairs.count) { (index) throws(AlignmentQualityError) -> [Double] in
      let (first, second) = pairs[index]
      let tile = try squares(first, second)
      return (0..<tile.rowCount).flatMap { row in
        Array(tile.row(row).dropFirst(first == second ? row + 1 : 0))
      }
    }.flatMap { $0 }
  }

  /// The smallest D² of every point to other points, ascending.
  ///
  /// - Parameter count: How many, below n.
  /// - Returns: (n, count).
  /// - Throws: What reading throws.
  func nearest(_ count: Int) throws(AlignmentQualityError) -> Matrix<Double> {
    let parts = try Parallel.map(blocks.count) { (index) throws(AlignmentQualityError) in
      try nearest(count, toBlock: index)
    }
    return Matrix(
      rowCount: cloud.count, columnCount: count, elements: parts.flatMap(\.elements))
  }

  private func nearest(
    _ count: Int, toBlock index: Int
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    let own = try rows(index)
    var smallest = Matrix(rowCount: own.rowCount, columnCount: count, repeating: Double.infinity)
    for other in blocks.indices {
      let candidates = try rows(other)
      smallest.mergeSmallest(
        of: squaredDistances(own.view, candidates.view), skippingDiagonal: index == other)
    }
    return smallest
  }

  private var pairsOfBlocks: [(Int, Int)] {
    blocks.indices.flatMap { first in (first..<blocks.count).map { (first, $0) } }
  }

  private func squares(_ first: Int, _ second: Int) throws(AlignmentQualityError) -> Matrix<Double>
  {
    let left = try rows(first)
    guard first != second else { return squaredDistances(left.view, left.view) }
    let right = try rows(second)
    return squaredDistances(left.view, right.view)
  }

  private func rows(_ block: Int) throws(AlignmentQualityError) -> Matrix<Double> {
    var rows = try cloud.read(blocks[block].range, ofDirections ? .none : .mean)
    if ofDirections { rows.scaleRowsToUnitNorm() }
    return rows
  }
}
