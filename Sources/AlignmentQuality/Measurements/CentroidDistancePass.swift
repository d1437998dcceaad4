internal import LinearAlgebra

/// A second pass over points: their distances to centroids, subtracted in float64.
struct CentroidDistancePass<Source: PointSource> {
  let points: LabelledPoints
  let source: Source
  /// (K, d).
  let centroids: Matrix<Double>

  /// The distance of each point to its own centroid.
  func own() throws(AlignmentQualityError) -> [Double] {
    let classes = points.classes
    return try distances(columnCount: 1) { position, _ in classes[position] }.elements
  }

  /// (n, K), the distance of each point to every centroid.
  func toAll() throws(AlignmentQualityError) -> Matrix<Double> {
    try distances(columnCount: centroids.rowCount) { _, column in column }
  }

  /// (n, columns), the distance of each point to the centroid that is chosen for it and the column.
  private func distances(
    columnCount: Int, to centroid: @Sendable (_ position: Int, _ column: Int) -> Int
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    let width = source.width
    let rows = points.rows
    var result = Matrix<Double>(rowCount: rows.count, columnCount: columnCount)
    let rowCount = TileShape.rowCount(width: width, of: Source.Scalar.self)
    try result.forEachRowBlock(of: rowCount) { (range, target) throws(AlignmentQualityError) in
      var tile = Matrix<Source.Scalar>(rowCount: range.count, columnCount: width)
      var buffer = tile.mutableSpan
      try source.read(rows[range], into: &buffer)
      let places: [Int64] = [0]
      var squares = [Double](repeating: 0, count: width)
      for position in range {
        let row = position - range.lowerBound
        for column in 0..<columnCount {
          var sums = squares.mutableSpan
          for place in 0..<width { sums[place] = 0 }
          Source.Scalar.addColumnSquares(
            of: tile.view(rows: row..<row + 1), rows: places.span,
            around: centroids.view.row(centroid(position, column)), to: &sums)
          target[row * columnCount + column] = squares.reduce(0, +).squareRoot()
        }
      }
    }
    return result
  }
}
