internal import LinearAlgebra

/// One pass over points, cell by cell: means and scatters, merged block by block.
///
/// Of several sources, the layers of a dump for example, all are measured in the same pass.
struct ScatterPass<Source: PointSource> {
  let plan: PassPlan
  let sources: [Source]

  /// For each source, the scatter of each cell.
  func scatters() throws(AlignmentQualityError) -> [[RowScatter]] {
    let none = RowScatter(columnCount: sources.first?.width ?? 0)
    var cells = sources.map { _ in [RowScatter](repeating: none, count: plan.cells.count) }
    // Blocks in batches, so that the memory for their means does not grow with the points.
    for first in stride(from: 0, to: plan.blocks.count, by: batchCount) {
      let batch = plan.blocks[first..<min(first + batchCount, plan.blocks.count)]
      let parts = try Parallel.map(batch.count) { (number) throws(AlignmentQualityError) in
        try scatters(of: batch[first + number])
      }
      for (block, part) in zip(batch, parts) {
        for (source, scatter) in part.enumerated() { cells[source][block.cell].merge(scatter) }
      }
    }
    return cells
  }

  /// As many blocks as have 32 MiB of means, but enough to keep threads busy.
  private var batchCount: Int {
    let byteCount = sources.count * (sources.first?.width ?? 0) * MemoryLayout<Double>.stride
    return min(max(16, (1 << 25) / max(1, byteCount)), TileShape.batchCount)
  }

  private func scatters(
    of block: PassPlan.Block
  ) throws(AlignmentQualityError) -> [RowScatter] {
    var accumulators = sources.map { RowScatterAccumulator(columnCount: $0.width) }
    try plan.read(block, of: sources) { source, tile in accumulators[source].add(tile) }
    let scatters = accumulators.map(\.scatter)
    // A NaN or an infinity anywhere reaches the sum of squares; only then is it looked for.
    for (source, scatter) in zip(sources, scatters) where !scatter.squares.isFinite {
      try plan.check(block, of: source)
    }
    return scatters
  }
}

extension ClassScatter {
  /// The sufficient statistics of classes whose rows scatter so around these means.
  init(_ classes: [RowScatter], centroids: Matrix<Double>) {
    var distances = Matrix<Double>(rowCount: classes.count, columnCount: classes.count)
    for first in classes.indices {
      for second in 0..<first {
        let distance = squaredDistance(centroids.view.row(first), centroids.view.row(second))
        distances[first, second] = distance
        distances[second, first] = distance
      }
    }
    self.init(
      counts: classes.map(\.count), scatters: classes.map(\.squares),
      squaredCentroidDistances: distances, constantClasses: classes.map(\.isConstant),
      centroidRoundings: classes.map(\.rounding))
  }
}
