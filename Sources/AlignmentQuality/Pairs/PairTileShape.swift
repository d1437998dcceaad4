internal import LinearAlgebra

/// How all pairs of points are cut into tiles: by the points alone, so that threads do not change results.
package struct PairTileShape: Sendable, Equatable {
  /// The most rows, and columns, of a tile.
  package let blockRowCount: Int
  /// How many blocks of rows are held converted at once, on each of the two sides.
  package let panelBlockCount: Int

  /// A shape.
  ///
  /// - Parameters:
  ///   - blockRowCount: The most rows of a tile.
  ///   - panelBlockCount: How many blocks are held converted at once.
  package init(blockRowCount: Int, panelBlockCount: Int) {
    self.blockRowCount = max(1, blockRowCount)
    self.panelBlockCount = max(1, panelBlockCount)
  }

  /// Two panels of at most 64 MiB each, and tiles of about a thousand rows and columns.
  ///
  /// Each row is converted once for every panel before its own; at 2048 rows a panel that is a few
  /// hundredths of the time of the products.
  package init<Tile: TileScalar>(width: Int, of type: Tile.Type) {
    let fitting = (1 << 26) / max(1, width * MemoryLayout<Tile>.stride)
    let rowCount = min(1024, max(64, fitting / 2))
    self.init(blockRowCount: rowCount, panelBlockCount: 2)
  }

  /// Blocks of nearly equal length.
  func blocks(of count: Int) -> [Range<Int>] {
    let blockCount = (count + blockRowCount - 1) / blockRowCount
    return (0..<blockCount).map {
      ($0 * count / blockCount)..<(($0 + 1) * count / blockCount)
    }
  }
}
