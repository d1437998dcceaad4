internal import LinearAlgebra

/// A second pass over points: their distances to centroids, subtracted in float64.
struct CentroidDistancePass<Source: PointSource> {
  let plan: PassPlan
  let sources: [Source]
  /// For each source (K, d).
  let centroids: [Matrix<Double>]
  /// The position of each sorted point.
  let order: [Int]

  /// For each source, the distance of each point to its own centroid.
  func own() throws(AlignmentQualityError) -> [[Double]] {
    try distances(columnCount: 1) { $0..<$0 + 1 }.map(\.elements)
  }

  /// For each source (n, K), the distance of each point to every centroid.
  func toAll() throws(AlignmentQualityError) -> [Matrix<Double>] {
    let classCount = plan.classCount
    return try distances(columnCount: classCount) { _ in 0..<classCount }
  }

  /// For each source (n, columns), the distances to the centroids that are chosen for a point's class.
  private func distances(
    columnCount: Int, to chosen: @Sendable (_ classNumber: Int) -> Range<Int>
  ) throws(AlignmentQualityError) -> [Matrix<Double>] {
    let parts = try Parallel.map(plan.blocks.count) { (number) throws(AlignmentQualityError) in
      let block = plan.blocks[number]
      return try squares(of: block, to: chosen(block.classNumber))
    }
    return sources.indices.map { source in
      var result = Matrix<Double>(rowCount: order.count, columnCount: columnCount)
      for (block, part) in zip(plan.blocks, parts) {
        for (offset, place) in block.range.enumerated() {
          for column in 0..<columnCount {
            result[order[place], column] =
              part[source][offset * columnCount + column].squareRoot()
          }
        }
      }
      return result
    }
  }

  /// For each source, the squared distances of a block's rows to some centroids, row after row.
  private func squares(
    of block: PassPlan.Block, to chosen: Range<Int>
  ) throws(AlignmentQualityError) -> [[Double]] {
    let count = block.range.count * chosen.count
    var squares = sources.map { _ in [Double](repeating: 0, count: count) }
    var done = sources.map { _ in 0 }
    try plan.read(block, of: sources) { source, tile in
      let end = done[source] + tile.rowCount * chosen.count
      let centers = centroids[source]
      var target = squares[source].mutableSpan
      var part = target._mutatingExtracting(done[source]..<end)
      Source.Scalar.squaredDistances(of: tile, to: centers.view.rows(chosen), into: &part)
      done[source] = end
    }
    return squares
  }
}
