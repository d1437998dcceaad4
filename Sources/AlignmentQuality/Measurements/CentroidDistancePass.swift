internal import LinearAlgebra

/// A second pass over points: their distances to centroids, subtracted in float64.
struct CentroidDistancePass<Source: PointSource> {
  let plan: PassPlan
  let sources: [Source]
  let labellings: [LabelledPoints]
  /// For each labelling and source (K, d).
  let centroids: [[Matrix<Double>]]

  /// Which centroids of a labelling a point's distances are taken to.
  enum Target {
    case own
    case all
  }

  /// For each labelling and source (n, 1) or (n, K), the distances of each point.
  func distances(to target: Target) throws(AlignmentQualityError) -> [[Matrix<Double>]] {
    let parts = try Parallel.map(plan.blocks.count) { (number) throws(AlignmentQualityError) in
      try squares(of: plan.blocks[number], to: target)
    }
    return labellings.indices.map { labelling in
      sources.indices.map { distances(in: labelling, at: $0, to: target, from: parts) }
    }
  }

  /// The centroids of a labelling that belong to the points of a cell; none if it leaves them out.
  private func chosen(
    _ labelling: Int, for cell: PointCells.Cell, _ target: Target
  ) -> Range<Int> {
    guard let number = cell.classes[labelling] else { return 0..<0 }
    return target == .own ? number..<number + 1 : 0..<labellings[labelling].classCount
  }

  /// For each source, the squared distances of a block's points to the centroids of all labellings, point
  /// after point.
  private func squares(
    of block: PassPlan.Block, to target: Target
  ) throws(AlignmentQualityError) -> [Matrix<Double>] {
    let cell = plan.cells[block.cell]
    let centers = sources.indices.map { source in
      Matrix(
        rows: labellings.indices.flatMap { labelling in
          chosen(labelling, for: cell, target).map { centroids[labelling][source].row($0) }
        })
    }
    let count = centers.first?.rowCount ?? 0
    var squares = sources.map { _ in
      Matrix<Double>(rowCount: block.range.count, columnCount: count)
    }
    var done = sources.map { _ in 0 }
    try plan.read(block, of: sources) { source, tile in
      let end = done[source] + tile.rowCount * count
      let center = centers[source]
      var target = squares[source].mutableSpan
      var part = target._mutatingExtracting(done[source]..<end)
      Source.Scalar.squaredDistances(of: tile, to: center.view, into: &part)
      done[source] = end
    }
    return squares
  }

  /// The distances in one labelling, in the order of its points.
  private func distances(
    in labelling: Int, at source: Int, to target: Target, from parts: [[Matrix<Double>]]
  ) -> Matrix<Double> {
    let points = labellings[labelling]
    var result = Matrix<Double>(
      rowCount: points.count, columnCount: target == .own ? 1 : points.classCount)
    for (block, part) in zip(plan.blocks, parts) {
      let cell = plan.cells[block.cell]
      let first = (0..<labelling).reduce(0) { $0 + chosen($1, for: cell, target).count }
      for column in 0..<chosen(labelling, for: cell, target).count {
        for (row, place) in block.range.enumerated() {
          result[cell.positions[labelling][place], column] =
            part[source][row, first + column].squareRoot()
        }
      }
    }
    return result
  }
}
