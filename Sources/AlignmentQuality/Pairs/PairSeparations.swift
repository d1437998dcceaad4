internal import LinearAlgebra

/// ‖x − y‖² + λ (1 − cos(x, y)) of a pair, from the product of the centred points.
struct PairSeparations: Sendable {
  private let norms: [Double]
  /// The product of each sorted row with the centre, both unscaled.
  private let centerProducts: [Double]
  /// The length of each sorted row as it is.
  private let lengths: [Double]
  private let squaredCenter: Double
  private let squaredScale: Double
  private let cosineWeight: Double

  init<Source: PointSource>(
    _ points: CenteredPoints<Source, Double>, cosineWeight: Double, center: [Double]
  ) throws(AlignmentQualityError) {
    self.cosineWeight = cosineWeight
    norms = points.norms
    squaredScale = points.scale * points.scale
    squaredCenter = dotProduct(center.span, center.span)
    let step = TileShape.rowCount(width: points.width, of: Source.Scalar.self)
    let rows = points.rows
    let squaredCenter = squaredCenter
    let pieces = try Parallel.map((rows.count + step - 1) / step) {
      (piece) throws(AlignmentQualityError) in
      let members = rows[piece * step..<min((piece + 1) * step, rows.count)]
      let read = try points.source.matrix(of: members)
      var wide = [Double](repeating: 0, count: members.count * points.width)
      var target = wide.mutableSpan
      let zero = [Double](repeating: 0, count: points.width)
      let squares = Double.centered(read.view, around: zero.span, scale: 1, into: &target)
      let view = MatrixView(
        wide.span, rowCount: members.count, columnCount: points.width)
      let products = product(of: view, and: center.span)
      return zip(squares, products).map { ($0.squareRoot(), $1 - squaredCenter) }
    }
    lengths = pieces.flatMap { $0.map(\.0) }
    centerProducts = pieces.flatMap { $0.map(\.1) }
  }

  /// The value of a pair of sorted rows.
  func value(_ product: Double, _ row: Int, _ column: Int) -> Double {
    let square = max(0, norms[row] + norms[column] - 2 * product) / squaredScale
    guard cosineWeight > 0 else { return square }
    let length = lengths[row] * lengths[column]
    guard length > 0 else { return square + cosineWeight }
    let whole =
      product / squaredScale + centerProducts[row] + centerProducts[column] + squaredCenter
    return square + cosineWeight * max(0, 1 - whole / length)
  }
}
