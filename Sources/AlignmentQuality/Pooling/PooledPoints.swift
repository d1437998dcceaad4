public import LinearAlgebra

/// Rows that are mixed of the same rows at several layers as they are read, in float64.
///
/// Layers of weight 0 are not read.
public struct PooledPoints: PointSource {
  private let layers: [any PointSource]
  private let pooling: LayerPooling

  /// Mixes layers.
  ///
  /// - Parameters:
  ///   - layers: At least one, of one width and row count.
  ///   - pooling: The weights of the layers.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for weights or a
  ///   reference that do not fit the layers, or for layers of several shapes.
  public init(
    _ layers: [any PointSource], _ pooling: LayerPooling
  ) throws(AlignmentQualityError) {
    try LayeredPoints.check(layers)
    try pooling.check(layerCount: layers.count, width: layers[0].width)
    if case .shared(let weights) = pooling {
      // A layer is kept where all weights are 0, for the shape of the rows.
      let used = weights.indices.filter { weights[$0] != 0 }
      let kept = used.isEmpty ? [0] : used
      self.layers = kept.map { layers[$0] }
      self.pooling = .shared(kept.map { weights[$0] })
    } else {
      self.layers = layers
      self.pooling = pooling
    }
  }

  /// The number of rows.
  public var rowCount: Int { layers[0].rowCount }
  /// The number of coordinates of a row.
  public var width: Int { layers[0].width }

  /// Reads rows of all layers and mixes them, as ``PointSource/read(_:into:)`` says.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - target: At least rows.count · ``width`` elements.
  /// - Throws: The errors of the layers, and of ``LayerPooling/weights(of:)``.
  public func read(
    _ rows: ArraySlice<Int>, into target: inout MutableSpan<Double>
  ) throws(AlignmentQualityError) {
    let width = width
    try forEachExample(rows) { (place, example) throws(AlignmentQualityError) in
      let weights = try pooling.weights(of: example)
      let mixed = product(of: example, and: weights.span, transposed: true)
      for column in 0..<width { target[place * width + column] = mixed[column] }
    }
  }

  /// The mean over rows of their own weights, and of L_align, where no vector is zero.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - reference: What cosines are with, as the pooling has it.
  /// - Returns: One weight a layer, and the loss; `nil` if every row has a vector of zeros.
  /// - Throws: The errors of the layers, and of settings that cannot be.
  func meanWeights(
    of rows: [Int], reference: Matrix<Double>
  ) throws(AlignmentQualityError) -> (mean: [Double], alignmentLoss: Double?) {
    var sums = [Double](repeating: 0, count: layers.count)
    var (loss, count) = (0.0, 0.0)
    try forEachExample(rows[...]) { (_, example) throws(AlignmentQualityError) in
      do throws(AlignmentQualityError) {
        let weights = try pooling.weights(of: example)
        sums = zip(sums, weights).map { $0 + $1 }
        loss += LayerPooling.alignmentLoss(
          cosines: try LayerPooling.cosines(of: example, with: reference))
        count += 1
      } catch {
        guard case .zeroVector = error else { throw error }
      }
    }
    return count == 0 ? (sums, nil) : (sums.map { $0 / count }, loss / count)
  }

  /// Calls a body with the place of each row and its vectors at all layers.
  private func forEachExample(
    _ rows: ArraySlice<Int>,
    _ body: (_ place: Int, _ example: MatrixView<Double>) throws(AlignmentQualityError) -> Void
  ) throws(AlignmentQualityError) {
    let width = width
    let zeros = [Double](repeating: 0, count: width)
    let blockRowCount = max(1, (1 << 18) / max(1, layers.count * width))
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: blockRowCount) {
      let block = rows[start..<min(start + blockRowCount, rows.endIndex)]
      var vectors = Matrix<Double>(rowCount: layers.count, columnCount: block.count * width)
      for (number, layer) in layers.enumerated() {
        var target = vectors.mutableSpan
        _ = try layer.readDifferences(
          block, from: zeros, into: &target, at: number * block.count * width)
      }
      for place in 0..<block.count {
        try body(
          start - rows.startIndex + place,
          vectors.view.columns(place * width..<(place + 1) * width))
      }
    }
  }
}
