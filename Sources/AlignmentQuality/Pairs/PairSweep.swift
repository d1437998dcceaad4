internal import LinearAlgebra

/// What is taken from the products of pairs of points, tile by tile.
protocol PairAccumulator<Tile>: Sendable {
  associatedtype Tile: TileScalar
  associatedtype Partial: Sendable

  /// Whether a tile of these sorted rows is looked at.
  func needs(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool

  /// What one tile adds; called from several threads at once.
  func partial(of tile: PairTile<Tile>) throws(AlignmentQualityError) -> Partial

  /// Adds what a tile gave, in the order of the tiles.
  ///
  /// - Returns: Whether to go on.
  mutating func merge(_ partial: Partial) throws(AlignmentQualityError) -> Bool
}

extension PairAccumulator {
  /// Every tile.
  func needs(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool { true }
}

/// Computes the products of all pairs of points once: tiles of the upper triangle of X Xᵀ.
///
/// One panel of converted rows stays while the panels after it pass, so that memory does not grow with the
/// points; the tiles of two panels are computed over ``Parallel``'s threads.
struct PairSweep<Source: PointSource, Tile: TileScalar> {
  let points: CenteredPoints<Source, Tile>
  let shape: PairTileShape

  /// Shows every tile to an accumulator.
  ///
  /// - Returns: Whether the accumulator saw all of them.
  func run<Accumulator: PairAccumulator<Tile>>(
    _ accumulator: inout Accumulator
  ) throws(AlignmentQualityError) -> Bool {
    let blocks = shape.blocks(of: points.count)
    let side = blocks.map(\.count).max() ?? 0
    let panels = stride(from: 0, to: blocks.count, by: shape.panelBlockCount).map {
      Array(blocks[$0..<min($0 + shape.panelBlockCount, blocks.count)])
    }
    let height = min(points.count, side * shape.panelBlockCount)
    var left = Matrix<Tile>(rowCount: height, columnCount: points.width)
    var right = panels.count > 1 ? left : Matrix(rowCount: 0, columnCount: points.width)
    var slots = [Slot<Tile, Accumulator.Partial>](
      repeating: Slot(tile: PairTile(products: Matrix(rowCount: side, columnCount: side))),
      count: min(blocks.count * blocks.count, shape.panelBlockCount * shape.panelBlockCount))
    for (place, rowPanel) in panels.enumerated() {
      try points.read(span(of: rowPanel), into: &left)
      for (other, columnPanel) in panels.enumerated().dropFirst(place) {
        let pairs = tiles(of: rowPanel, columnPanel).filter { accumulator.needs($0, $1) }
        guard !pairs.isEmpty else { continue }
        if other > place { try points.read(span(of: columnPanel), into: &right) }
        for index in slots.indices { slots[index].pair = index < pairs.count ? pairs[index] : nil }
        let origin = (span(of: rowPanel).lowerBound, span(of: columnPanel).lowerBound)
        if other > place {
          try fill(&slots, left: left.view, right: right.view, origin, accumulator)
        } else {
          try fill(&slots, left: left.view, right: left.view, origin, accumulator)
        }
        for slot in slots {
          if let partial = slot.partial, try !accumulator.merge(partial) { return false }
        }
      }
    }
    return true
  }

  /// Computes the tiles of two panels, and what the accumulator makes of each.
  private func fill<Accumulator: PairAccumulator<Tile>>(
    _ slots: inout [Slot<Tile, Accumulator.Partial>], left: MatrixView<Tile>,
    right: MatrixView<Tile>, _ origin: (row: Int, column: Int), _ accumulator: Accumulator
  ) throws(AlignmentQualityError) {
    try Parallel.forEach(in: &slots) { (_, slot) throws(AlignmentQualityError) in
      slot.partial = nil
      guard let (rows, columns) = slot.pair else { return }
      (slot.tile.rows, slot.tile.columns) = (rows, columns)
      slot.tile.multiply(
        left.rows(rows.lowerBound - origin.row..<rows.upperBound - origin.row),
        right.rows(columns.lowerBound - origin.column..<columns.upperBound - origin.column))
      slot.partial = try accumulator.partial(of: slot.tile)
    }
  }

  /// The tiles of two panels on or above the diagonal, those of less work last.
  private func tiles(
    of rows: [Range<Int>], _ columns: [Range<Int>]
  ) -> [(rows: Range<Int>, columns: Range<Int>)] {
    let all = rows.flatMap { row in columns.map { (row, $0) } }
    return all.filter { $0.0.lowerBound < $0.1.lowerBound } + all.filter { $0.0 == $0.1 }
  }

  private func span(of panel: [Range<Int>]) -> Range<Int> {
    (panel.first?.lowerBound ?? 0)..<(panel.last?.upperBound ?? 0)
  }
}

/// A buffer for a tile, used again from panel to panel.
private struct Slot<Tile: TileScalar, Partial: Sendable>: Sendable {
  var tile: PairTile<Tile>
  var pair: (rows: Range<Int>, columns: Range<Int>)?
  var partial: Partial?
}
