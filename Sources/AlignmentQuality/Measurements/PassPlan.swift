internal import LinearAlgebra

/// How a pass goes over points: cell by cell, in blocks that threads take and tiles that are read at
/// once.
///
/// All is cut by shape alone, so that results are the same bytes at any thread count.
struct PassPlan: Sendable {
  /// Points of one cell that one thread handles, as a range of the cell's.
  struct Block: Sendable {
    let cell: Int
    let range: Range<Int>
  }

  let cells: [PointCells.Cell]
  let blocks: [Block]
  private let width: Int
  private let tileRowCount: Int

  /// Plans a pass over points at some sources, all as wide as each other.
  init<Source: PointSource>(_ cells: [PointCells.Cell], sources: [Source]) {
    self.cells = cells
    let width = sources.first?.width ?? 0
    let tileRowCount = max(
      TileShape.rowCount(width: width, of: Source.Scalar.self),
      sources.map(\.leastRowCount).max() ?? 1)
    self.width = width
    self.tileRowCount = tileRowCount
    blocks = cells.enumerated().flatMap { number, cell in
      Self.pieces(of: cell.rows.indices, length: tileRowCount * TileShape.tilesInBlock).map {
        Block(cell: number, range: $0)
      }
    }
  }

  /// Reads a block at a source again, and looks for NaN and infinities.
  ///
  /// - Parameters:
  ///   - block: A block whose numbers are not finite.
  ///   - source: Where it was read.
  /// - Throws: The place of the first one.
  func check<Source: PointSource>(
    _ block: Block, of source: Source
  ) throws(AlignmentQualityError) {
    var buffer = Matrix<Source.Scalar>(rowCount: block.range.count, columnCount: width)
    var target = buffer.mutableSpan
    try source.read(cells[block.cell].rows[block.range], into: &target)
  }

  private static func pieces(of range: Range<Int>, length: Int) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: length).map {
      $0..<min($0 + length, range.upperBound)
    }
  }

  /// Reads a block at every source, tile by tile.
  ///
  /// A tile is read at all sources before the next one, because the layers of a dump are neighbours in
  /// the file. NaN and infinities are not looked for.
  func read<Source: PointSource>(
    _ block: Block, of sources: [Source],
    _ body: (_ source: Int, _ tile: borrowing MatrixView<Source.Scalar>) -> Void
  ) throws(AlignmentQualityError) {
    let rows = cells[block.cell].rows
    var buffer = Matrix<Source.Scalar>(
      rowCount: min(tileRowCount, block.range.count), columnCount: width)
    for tile in Self.pieces(of: block.range, length: tileRowCount) {
      for (number, source) in sources.enumerated() {
        var target = buffer.mutableSpan
        try source.readUnchecked(rows[tile], into: &target)
        body(number, buffer.view.rows(0..<tile.count))
      }
    }
  }
}

/// How many rows are read at once, and how many tiles go together.
enum TileShape {
  /// The size of a tile: it stays in the second-level cache while it is worked on.
  static let byteCount = 1 << 18
  /// How many tiles a block has.
  static let tilesInBlock = 32
  /// The most pieces whose results are kept until they are merged in order.
  static let batchCount = 64

  /// The rows of a tile; by shape alone, so that threads do not change results.
  static func rowCount<Scalar>(width: Int, of type: Scalar.Type) -> Int {
    max(16, byteCount / max(1, width * MemoryLayout<Scalar>.stride))
  }
}
