internal import LinearAlgebra

/// The sum of the distances from each point to the points of each class, from float64 products.
///
/// A distance that is small beside the lengths of its points, so that cancellation would cost it digits,
/// is taken by differences instead. The others are off by a relative error of at most E/(2 D²), with E the
/// ``RoundingBound``; pairs that are close are subtracted coordinate by coordinate.
struct DistanceSums<Source: PointSource>: PairAccumulator {
  private let points: CenteredPoints<Source, Double>
  /// (n, K), by position.
  private(set) var sums: Matrix<Double>
  private let positions: [Int]

  /// The part of s_i + s_j below which a squared distance is taken by differences.
  private static var closeness: Double { 0x1p-10 }

  /// Sums of a part of the rows.
  struct Partial: Sendable {
    var pieces: [(position: Int, classNumber: Int, sum: Double)] = []
  }

  init(_ points: CenteredPoints<Source, Double>, order: [Int]) {
    self.points = points
    positions = order
    sums = Matrix(rowCount: points.count, columnCount: points.classCount)
  }

  func partial(of tile: PairTile<Double>) throws(AlignmentQualityError) -> Partial {
    var partial = Partial()
    let exchanged = tile.exchanged()
    try add(exchanged, to: &partial)
    if !tile.isDiagonal { try add(tile, to: &partial) }
    return partial
  }

  private func add(
    _ tile: PairTile<Double>, to partial: inout Partial
  ) throws(AlignmentQualityError) {
    var direct = DirectDistances(source: points.source, rows: points.rows)
    let segments = points.segments(of: tile.columns)
    let norms = points.norms.span
    for row in tile.rows {
      for segment in segments {
        let products = tile.products(of: row, with: segment.range)
        var (sum, hasClose) = sumOfDistances(
          products: products, norms: norms.extracting(segment.range), norm: norms[row],
          threshold: Self.closeness)
        if hasClose {
          sum += try correction(products, of: row, segment.range, &direct)
        }
        partial.pieces.append((positions[row], segment.classNumber, sum / points.scale))
      }
    }
  }

  /// What taking the close pairs of a row by differences changes, in scaled units.
  private func correction(
    _ products: Span<Double>, of row: Int, _ columns: Range<Int>,
    _ direct: inout DirectDistances<Source>
  ) throws(AlignmentQualityError) -> Double {
    var result = 0.0
    for (place, column) in columns.enumerated() {
      let normSum = points.norms[row] + points.norms[column]
      let square = normSum - 2 * products[place]
      guard square <= Self.closeness * normSum else { continue }
      let exact = column == row ? 0 : try direct.distance(row, column) * points.scale
      result += exact - max(0, square).squareRoot()
    }
    return result
  }

  mutating func merge(_ partial: Partial) -> Bool {
    for piece in partial.pieces { sums[piece.position, piece.classNumber] += piece.sum }
    return true
  }
}
