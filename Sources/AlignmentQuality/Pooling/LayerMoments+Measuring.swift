internal import LinearAlgebra

extension LayerMoments {
  /// Measures points at all layers in one pass, for each part of them and each class.
  ///
  /// Every coordinate is read once, and the products are taken in float64 of differences from a point of the
  /// class. Neither threads nor their number change the result.
  ///
  /// - Parameters:
  ///   - layered: The points.
  ///   - parts: The part of each point, such as its fold, from 0; one part if not given.
  ///   - partCount: How many parts there are.
  /// - Returns: For each part the statistics of each class, of count 0 for one that the part lacks.
  /// - Throws: ``AlignmentQualityError`` if a coordinate is not finite or cannot be read.
  /// - Complexity: O(*n* · L² · *d*), and for each part and class memory for L · *d* means.
  static func measure(
    _ layered: LayeredPoints, parts: [Int]? = nil, partCount: Int = 1
  ) throws(AlignmentQualityError) -> [[LayerMoments]] {
    let points = layered.points
    let classCount = points.classCount
    let empty = LayerMoments(layerCount: layered.layerCount, width: points.width)
    var cells = [LayerMoments](repeating: empty, count: partCount * classCount)
    let pieces = Piece.cut(points, parts: parts, partCount: partCount)
    // Pieces in batches, so that the memory for their means does not grow with the points.
    for start in stride(from: 0, to: pieces.count, by: Piece.batchCount) {
      let batch = Array(pieces[start..<min(start + Piece.batchCount, pieces.count)])
      let measured = try Parallel.map(batch.count) { (index) throws(AlignmentQualityError) in
        try LayerMoments(batch[index].rows, of: layered.layers)
      }
      for (piece, moments) in zip(batch, measured) { cells[piece.cell].merge(moments) }
    }
    return (0..<partCount).map { Array(cells[$0 * classCount..<($0 + 1) * classCount]) }
  }

  /// The statistics of rows, in blocks that stay in the cache.
  private init(_ rows: [Int], of layers: [any PointSource]) throws(AlignmentQualityError) {
    let (layerCount, width) = (layers.count, layers[0].width)
    let zeros = [Double](repeating: 0, count: width)
    var reference = Matrix<Double>(rowCount: layerCount, columnCount: width)
    for (number, layer) in layers.enumerated() {
      var target = reference.mutableSpan
      _ = try layer.readDifferences(rows[..<1], from: zeros, into: &target, at: number * width)
    }
    var sums = [[Double]](repeating: zeros, count: layerCount)
    var products = Matrix<Double>(rowCount: layerCount, columnCount: layerCount)
    var constantLayers = [Bool](repeating: true, count: layerCount)
    let blockRowCount = max(1, Piece.blockElementCount / max(1, layerCount * width))
    for start in stride(from: 0, to: rows.count, by: blockRowCount) {
      let block = rows[start..<min(start + blockRowCount, rows.count)]
      var differences = Matrix<Double>(
        rowCount: layerCount, columnCount: block.count * width)
      let places = (0..<Int64(block.count)).map { $0 }
      for (number, layer) in layers.enumerated() {
        var target = differences.mutableSpan
        let areZero = try layer.readDifferences(
          block, from: reference.row(number), into: &target, at: number * block.count * width)
        constantLayers[number] = constantLayers[number] && areZero
        var layerSums = sums[number]
        var layerTarget = layerSums.mutableSpan
        Double.addColumnSums(
          of: MatrixView(
            differences.view.row(number), rowCount: block.count, columnCount: width),
          rows: places.span, to: &layerTarget)
        sums[number] = layerSums
      }
      products.addElements(of: symmetricProduct(of: differences.view, transposed: false))
    }
    self.init(
      count: rows.count, reference: reference, sums: Matrix(rows: sums), products: products,
      constantLayers: constantLayers)
  }
}

/// Rows of one class and part that one thread measures.
private struct Piece: Sendable {
  /// part · K + class.
  let cell: Int
  let rows: [Int]

  /// How many pieces are measured before they are merged.
  static let batchCount = 32
  /// How many float64 differences a block has: 2 MiB.
  static let blockElementCount = 1 << 18
  /// The most rows of a piece; the cut depends on the points alone, so that threads do not change results.
  private static let rowCount = 128

  static func cut(_ points: LabelledPoints, parts: [Int]?, partCount: Int) -> [Piece] {
    var members = [[Int]](repeating: [], count: partCount * points.classCount)
    for position in points.order {
      let part = parts?[position] ?? 0
      members[part * points.classCount + points.classes[position]].append(points.rows[position])
    }
    return members.enumerated().flatMap { cell, rows in
      stride(from: 0, to: rows.count, by: rowCount).map {
        Piece(cell: cell, rows: Array(rows[$0..<min($0 + rowCount, rows.count)]))
      }
    }
  }
}

extension PointSource {
  /// Reads rows and writes their differences from a reference, in float64.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - reference: As wide as a row; zeros to write the rows themselves.
  ///   - target: Room for the rows from `start` on.
  ///   - start: The place of the first difference.
  /// - Returns: Whether every difference is zero.
  /// - Throws: As ``read(_:into:)``.
  func readDifferences(
    _ rows: ArraySlice<Int>, from reference: [Double], into target: inout MutableSpan<Double>,
    at start: Int
  ) throws(AlignmentQualityError) -> Bool {
    var buffer = Matrix<Scalar>(rowCount: rows.count, columnCount: width)
    var bufferTarget = buffer.mutableSpan
    try read(rows, into: &bufferTarget)
    return writeDifferences(of: buffer.view, from: reference.span, into: &target, at: start)
  }
}
