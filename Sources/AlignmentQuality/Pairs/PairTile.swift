internal import LinearAlgebra

/// The products of some rows with some others, once the tile is computed.
struct PairTile<Tile: TileScalar>: Sendable {
  /// Sorted rows.
  var rows = 0..<0
  /// Sorted rows, the same or later ones.
  var columns = 0..<0
  /// Row-major, `stride` columns a row, of which the first `columns.count` are in use.
  var products: Matrix<Tile>

  /// Whether pairs within the tile are met in both orders.
  var isDiagonal: Bool { rows == columns }

  /// The products of a sorted row with a range of columns.
  @_lifetime(borrow self)
  func products(of row: Int, with range: Range<Int>) -> Span<Tile> {
    let start = (row - rows.lowerBound) * products.columnCount - columns.lowerBound
    return products.span.extracting(start + range.lowerBound..<start + range.upperBound)
  }

  /// Multiplies rows of two panels.
  mutating func multiply(_ left: MatrixView<Tile>, _ right: MatrixView<Tile>) {
    let (stride, isDiagonal) = (products.columnCount, isDiagonal)
    var target = products.mutableSpan
    if isDiagonal {
      Tile.upperSymmetricProduct(of: left, transposed: false, into: &target, rowStride: stride)
    } else {
      Tile.accumulateProduct(
        of: left, transposed: false, and: right, transposed: true, scale: 1, into: &target,
        rowStride: stride, destinationScale: 0)
    }
  }

  /// The same products with rows and columns exchanged; on the diagonal, with the lower triangle filled.
  func exchanged() -> PairTile {
    var result = PairTile(rows: columns, columns: rows, products: products)
    if isDiagonal {
      result.products.mirrorUpperTriangle()
    } else {
      result.products = products.transposed()
    }
    return result
  }
}
