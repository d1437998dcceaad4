internal import LinearAlgebra

/// The Hausdorff distance of each two classes, from products and their rounding bound.
///
/// For each point and each other class an interval is kept in which the distance to the nearest point of
/// that class lies, with a point that is about nearest. Only points whose interval reaches the greatest
/// distance found so far are evaluated by differences in float64, so that the result is the one of those
/// evaluations of all pairs.
struct HausdorffSearch<Source: PointSource, Tile: TileScalar>: PairAccumulator {
  private let points: CenteredPoints<Source, Tile>
  private let bound: RoundingBound
  private let low: [Tile]
  private let high: [Tile]
  /// (n, K), the least upper end of the squared distances of a sorted row to a class, in scaled units.
  private var upper: Matrix<Double>
  /// (n, K), the sorted row that has it.
  private var nearest: [Int]

  init(_ points: CenteredPoints<Source, Tile>, bound: RoundingBound) {
    self.points = points
    self.bound = bound
    low = points.norms.map { Tile($0 * (1 - bound.share)) }
    high = points.norms.map { Tile($0 * (1 + bound.share)) }
    upper = Matrix(rowCount: points.count, columnCount: points.classCount, repeating: .infinity)
    nearest = [Int](repeating: 0, count: points.count * points.classCount)
  }

  /// What a tile found for rows and classes.
  struct Partial: Sendable {
    var found: [(row: Int, classNumber: Int, upper: Double, nearest: Int)] = []
  }

  func needs(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool {
    points.classes[rows.lowerBound] != points.classes[columns.upperBound - 1]
  }

  func partial(of tile: PairTile<Tile>) throws(AlignmentQualityError) -> Partial {
    var partial = Partial()
    if !tile.isDiagonal { add(tile, to: &partial) }
    add(tile.exchanged(), to: &partial)
    return partial
  }

  private func add(_ tile: PairTile<Tile>, to partial: inout Partial) {
    let segments = points.segments(of: tile.columns)
    let (low, high) = (low.span, high.span)
    for row in tile.rows {
      let more = points.norms[row] * (1 + bound.share) + bound.floor
      for segment in segments where segment.classNumber != points.classes[row] {
        let products = tile.products(of: row, with: segment.range)
        let bounds = Tile.bounds(
          ofProducts: products, low: low.extracting(segment.range),
          high: high.extracting(segment.range))
        let end = bounds.leastHigh + more
        guard end < upper[row, segment.classNumber] else { continue }
        var best = (place: 0, value: Double.infinity)
        for place in products.indices {
          let value = Double(high[segment.range.lowerBound + place]) - 2 * Double(products[place])
          if value < best.value { best = (place, value) }
        }
        partial.found.append(
          (row, segment.classNumber, end, segment.range.lowerBound + best.place))
      }
    }
  }

  mutating func merge(_ partial: Partial) -> Bool {
    for piece in partial.found where piece.upper < upper[piece.row, piece.classNumber] {
      upper[piece.row, piece.classNumber] = piece.upper
      nearest[piece.row * points.classCount + piece.classNumber] = piece.nearest
    }
    return true
  }

  /// (K, K), max over the points of one class of the distance to the nearest of the other, both ways.
  func distances() throws(AlignmentQualityError) -> Matrix<Double> {
    let classCount = points.classCount
    let directed = try Parallel.map(classCount * classCount) {
      (index) throws(AlignmentQualityError) in
      try directedDistance(from: index / classCount, to: index % classCount)
    }
    return Matrix(rowCount: classCount, columnCount: classCount) {
      max(directed[$0 * classCount + $1], directed[$1 * classCount + $0])
    }
  }

  private func directedDistance(
    from first: Int, to second: Int
  ) throws(AlignmentQualityError) -> Double {
    guard first != second else { return 0 }
    var direct = DirectDistances(source: points.source, rows: points.rows)
    var greatest = 0.0
    let rows = points.classRanges[first].sorted { upper[$0, second] > upper[$1, second] }
    for row in rows {
      let reach = greatest * points.scale * (greatest * points.scale)
      guard upper[row, second] >= reach * (1 - RoundingBound.tie) else { break }
      let candidate = nearest[row * points.classCount + second]
      var least = try direct.distance(row, candidate)
      for other in points.classRanges[second] where least > greatest {
        least = min(least, try direct.distance(row, other))
      }
      greatest = max(greatest, least)
    }
    return greatest
  }
}
