internal import LinearAlgebra

/// A layer with its mean, read in float64.
struct CenteredLayer: Sendable {
  /// ‖x‖² of every centred point.
  let squaredNorms: [Double]
  /// Why the layer cannot be compared, if so.
  let undefinedReason: String?
  private let cloud: PointCloud

  init(_ source: any PointSource, rows: [Int]) throws(AlignmentQualityError) {
    let points = try LabelledPoints(
      source, rows: rows, labels: [Int](repeating: 0, count: rows.count))
    cloud = try PointCloud(points)
    undefinedReason = cloud.undefinedReason
    var norms: [Double] = []
    for block in cloud.blocks(of: 0..<rows.count) {
      let rows = try cloud.read(block, .mean)
      norms += squaredRowNorms(rows.view)
    }
    squaredNorms = norms
  }

  /// The products of the centred points of two ranges.
  func gramTile(
    _ first: Range<Int>, _ second: Range<Int>
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    let left = try cloud.read(first, .mean)
    guard first != second else { return symmetricProduct(of: left.view, transposed: false) }
    let right = try cloud.read(second, .mean)
    return product(of: left.view, and: right.view, rightTransposed: true)
  }
}

/// The inner products of the layers' Gram matrices: ⟨X Xᵀ, Y Yᵀ⟩ = ‖YᵀX‖_F² for each two layers.
struct LayerProducts {
  /// (L, L).
  let inner: Matrix<Double>

  init(_ layers: [CenteredLayer], count: Int) throws(AlignmentQualityError) {
    // A tile of all layers takes at most 32 MiB; by shape alone, so that threads do not change results.
    let side = max(16, min(512, Int(Double((1 << 22) / layers.count).squareRoot())))
    let blocks = stride(from: 0, to: count, by: side).map { $0..<min($0 + side, count) }
    let pairs = blocks.indices.flatMap { first in (first..<blocks.count).map { (first, $0) } }
    var inner = Matrix<Double>(rowCount: layers.count, columnCount: layers.count)
    let batchCount = 64
    for start in stride(from: 0, to: pairs.count, by: batchCount) {
      let batch = pairs[start..<min(start + batchCount, pairs.count)]
      let parts = try Parallel.map(batch.count) { (index) throws(AlignmentQualityError) in
        let (first, second) = batch[start + index]
        return try Self.products(layers, blocks[first], blocks[second])
      }
      for part in parts { inner.addElements(of: part) }
    }
    self.inner = inner
  }

  /// What one tile adds; off the diagonal it counts for its mirror image too.
  private static func products(
    _ layers: [CenteredLayer], _ first: Range<Int>, _ second: Range<Int>
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    let width = first.count * second.count
    var elements: [Double] = []
    elements.reserveCapacity(layers.count * width)
    for layer in layers {
      elements += try layer.gramTile(first, second).elements
    }
    let tiles = Matrix(rowCount: layers.count, columnCount: width, elements: elements)
    var result = symmetricProduct(of: tiles.view, transposed: false)
    if first != second {
      for row in 0..<layers.count { result.scaleRow(row, by: 2) }
    }
    return result
  }
}
