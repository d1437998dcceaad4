internal import LinearAlgebra

/// How a pass goes over points: class by class, in blocks that threads take and tiles that are read at
/// once.
///
/// All is cut by shape alone, so that results are the same bytes at any thread count.
struct PassPlan: Sendable {
  /// Rows of one class that one thread handles, as a range of the sorted points.
  struct Block: Sendable {
    let classNumber: Int
    let range: Range<Int>
  }

  /// The row of each point, sorted by class.
  let rows: [Int]
  let classCount: Int
  let width: Int
  let blocks: [Block]
  let tileRowCount: Int

  /// Plans a pass over points of some sources, all as wide as each other.
  init<Source: PointSource>(_ points: LabelledPoints, sources: [Source]) {
    rows = points.sortedRows
    classCount = points.classCount
    width = sources.first?.width ?? 0
    let tile = max(
      TileShape.rowCount(width: width, of: Source.Scalar.self),
      sources.map(\.leastRowCount).max() ?? 1)
    tileRowCount = tile
    blocks = points.classRanges.enumerated().flatMap { number, range in
      Self.pieces(of: range, length: tile * TileShape.tilesInBlock).map {
        Block(classNumber: number, range: $0)
      }
    }
  }

  /// The tiles of a block.
  func tiles(of block: Block) -> [Range<Int>] { Self.pieces(of: block.range, length: tileRowCount) }

  private static func pieces(of range: Range<Int>, length: Int) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: length).map {
      $0..<min($0 + length, range.upperBound)
    }
  }
}

extension PassPlan {
  /// Reads a block at every source, tile by tile.
  ///
  /// A tile is read at all sources before the next one, because those of a dump are neighbours in the
  /// file.
  func read<Source: PointSource>(
    _ block: Block, of sources: [Source],
    _ body: (_ source: Int, _ tile: borrowing MatrixView<Source.Scalar>) -> Void
  ) throws(AlignmentQualityError) {
    var buffer = Matrix<Source.Scalar>(
      rowCount: min(tileRowCount, block.range.count), columnCount: width)
    for tile in tiles(of: block) {
      for (number, source) in sources.enumerated() {
        var target = buffer.mutableSpan
        try source.read(rows[tile], into: &target)
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
