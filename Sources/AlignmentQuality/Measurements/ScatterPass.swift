internal import LinearAlgebra

/// One pass over points in the order of their classes: means and scatters, merged block by block.
///
/// Chan, Golub & LeVeque (1979), eq. 2.1, for the merge.
struct ScatterPass {
  /// (K, d).
  let centroids: Matrix<Double>
  let scatter: ClassScatter

  init<Source: PointSource>(
    _ points: LabelledPoints, source: Source
  ) throws(AlignmentQualityError) {
    let (width, classCount) = (source.width, points.classCount)
    let rows = points.sortedRows
    let rowCount = TileShape.rowCount(width: width, of: Source.Scalar.self)
    let tiles = points.classRanges.enumerated().flatMap { number, range in
      stride(from: range.lowerBound, to: range.upperBound, by: rowCount).map {
        Tile(classNumber: number, rows: rows[$0..<min($0 + rowCount, range.upperBound)])
      }
    }
    let firstRows = points.classRanges.map { rows[$0.lowerBound] }
    var moments = [BlockMoments](repeating: BlockMoments(width: width), count: classCount)
    // Blocks in batches, so that the memory for their means does not grow with the points.
    for batch in stride(from: 0, to: tiles.count, by: TileShape.batchCount) {
      let members = Array(tiles[batch..<min(batch + TileShape.batchCount, tiles.count)])
      let blocks = try Parallel.map(members.count) { (index) throws(AlignmentQualityError) in
        try BlockMoments(members[index], first: firstRows[members[index].classNumber], of: source)
      }
      for (tile, block) in zip(members, blocks) { moments[tile.classNumber].merge(block) }
    }
    centroids = Matrix(
      rowCount: classCount, columnCount: width, elements: moments.flatMap(\.means))
    scatter = Self.scatter(moments, centroids: centroids)
  }

  private static func scatter(
    _ moments: [BlockMoments], centroids: Matrix<Double>
  ) -> ClassScatter {
    var distances = Matrix<Double>(rowCount: moments.count, columnCount: moments.count)
    for first in moments.indices {
      for second in 0..<first {
        let distance = squaredDistance(centroids.view.row(first), centroids.view.row(second))
        distances[first, second] = distance
        distances[second, first] = distance
      }
    }
    return ClassScatter(
      counts: moments.map(\.count), scatters: moments.map(\.squares),
      squaredCentroidDistances: distances, constantClasses: moments.map(\.isConstant),
      centroidRoundings: moments.indices.map { moments[$0].rounding })
  }
}

/// Rows of one class that are read at once.
private struct Tile: Sendable {
  let classNumber: Int
  let rows: ArraySlice<Int>
}

/// How many rows are read at once.
enum TileShape {
  /// How many tiles a batch has.
  static let batchCount = 64

  /// The rows of a tile of half a MiB; by shape alone, so that threads do not change results.
  static func rowCount<Scalar>(width: Int, of type: Scalar.Type) -> Int {
    max(16, (1 << 19) / max(1, width * MemoryLayout<Scalar>.stride))
  }
}

/// The count, mean and scatter of some rows of one class.
private struct BlockMoments: Sendable {
  var count = 0
  var means: [Double]
  var squares = 0.0
  var isConstant = true

  init(width: Int) { means = [Double](repeating: 0, count: width) }

  init<Source: PointSource>(
    _ tile: Tile, first: Int, of source: Source
  ) throws(AlignmentQualityError) {
    let width = source.width
    var buffer = Matrix<Source.Scalar>(rowCount: tile.rows.count, columnCount: width)
    var target = buffer.mutableSpan
    try source.read(tile.rows, into: &target)
    var reference = Matrix<Source.Scalar>(rowCount: 1, columnCount: width)
    var referenceTarget = reference.mutableSpan
    try source.read([first], into: &referenceTarget)
    self.init(width: width)
    count = tile.rows.count
    let places = (0..<Int64(count)).map { $0 }
    var sums = means.mutableSpan
    Source.Scalar.addColumnSums(of: buffer.view, rows: places.span, to: &sums)
    for column in 0..<width { sums[column] /= Double(tile.rows.count) }
    let shared = reference.row(0)
    isConstant = (0..<count).allSatisfy { buffer.row($0) == shared }
    // The mean of equal numbers is that number, whatever division does.
    if isConstant {
      means = shared.map { Double($0) }
      return
    }
    var deviations = [Double](repeating: 0, count: width)
    var deviationSums = deviations.mutableSpan
    Source.Scalar.addColumnSquares(
      of: buffer.view, rows: places.span, around: means.span, to: &deviationSums)
    squares = deviations.reduce(0, +)
  }

  mutating func merge(_ other: BlockMoments) {
    guard count > 0 else {
      self = other
      return
    }
    if isConstant && other.isConstant {
      count += other.count
      return
    }
    isConstant = false
    let total = Double(count + other.count)
    let share = Double(other.count) / total
    var squaredShift = 0.0
    for column in means.indices {
      let shift = other.means[column] - means[column]
      means[column] += shift * share
      squaredShift += shift * shift
    }
    squares += other.squares + squaredShift * Double(count) * share
    count += other.count
  }

  /// Four units in the last place of the mean, one for each kind of operation that it went through, and
  /// for a constant class none.
  var rounding: Double {
    guard !isConstant else { return 0 }
    let norm = means.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let spread = (squares / Double(count)).squareRoot()
    return 4 * Double.ulpOfOne * (norm + spread)
  }
}
