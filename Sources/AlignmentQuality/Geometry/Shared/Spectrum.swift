internal import LinearAlgebra

// Matrices of the smaller side of a cloud of points: whichever of n and d is less.
extension PointCloud {
  /// The largest order of a square matrix that is decomposed: 2 GiB in float64.
  static let largestOrder = 16_384
  /// The most elements of a matrix of points that is held at once: 2 GiB in float64.
  static let mostElements = 1 << 28

  /// Refuses points of which a matrix of the smaller side would be too large.
  static func checkSmallerSide(of points: LabelledPoints) throws(AlignmentQualityError) {
    let order = min(points.count, points.width)
    guard order <= largestOrder else {
      throw .tooLarge(what: "rows of the smaller Gram matrix", count: order, limit: largestOrder)
    }
    guard order * points.width <= mostElements else {
      throw .tooLarge(
        what: "coordinates of points held at once", count: order * points.width,
        limit: mostElements)
    }
  }

  /// The smaller Gram matrix of the centred points: X Xᵀ for n ≤ d, or else XᵀX.
  ///
  /// XᵀX is summed over tiles; for X Xᵀ the points are held.
  func smallerGram(_ centring: Centring) throws(AlignmentQualityError) -> Matrix<Double> {
    guard count > width else {
      let rows = try read(0..<count, centring)
      return symmetricProduct(of: rows.view, transposed: false)
    }
    var gram = Matrix<Double>(rowCount: width, columnCount: width)
    for block in blocks(of: 0..<count) {
      let rows = try read(block, centring)
      gram.addElements(of: symmetricProduct(of: rows.view, transposed: true))
    }
    return gram
  }

  /// A matrix A of min(n, d) rows with AᵀA = XᵀX, for the points of a range.
  ///
  /// The points themselves for n ≤ d. Otherwise the triangle of their QR factorisation, brought up to date
  /// tile by tile, so that no condition number is squared and memory does not grow with *n*.
  func reducedRows(
    _ range: Range<Int>, _ centring: Centring
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    guard range.count > width else { return try read(range, centring) }
    var triangle = Matrix<Double>(rowCount: 0, columnCount: width)
    // Tiles of at least d rows: each costs a factorisation of the triangle too.
    for start in stride(from: range.lowerBound, to: range.upperBound, by: max(width, 256)) {
      let end = min(start + max(width, 256), range.upperBound)
      let rows = try read(start..<end, centring)
      let stacked = Matrix(
        rowCount: triangle.rowCount + rows.rowCount, columnCount: width,
        elements: triangle.elements + rows.elements)
      triangle = try decomposing { () throws(LinearAlgebraError) in
        try QRFactorization(stacked.view).upper
      }
    }
    return triangle
  }

  /// The singular values of the centred points, descending.
  func singularValues(_ centring: Centring) throws(AlignmentQualityError) -> [Double] {
    let rows = try reducedRows(0..<count, centring)
    return try decomposing { () throws(LinearAlgebraError) in
      try SingularValueDecomposition.singularValues(of: rows.view)
    }
  }
}

/// The trace and the squared Frobenius norm of a Gram matrix: Σλ and Σλ².
struct GramMoments {
  let trace: Double
  let squaredNorm: Double

  init(_ gram: Matrix<Double>) {
    trace = (0..<gram.rowCount).reduce(0) { $0 + gram[$1, $1] }
    squaredNorm = dotProduct(gram.span, gram.span)
  }

  /// (Σλ)²/Σλ².
  var participationRatio: Double { trace / squaredNorm * trace }
}
