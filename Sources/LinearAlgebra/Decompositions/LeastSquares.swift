/// The least-squares solution of A X ≈ B, of least norm where there are many.
///
/// The corresponding LAPACK routines are `sgelsd` and `dgelsd`.
public struct LeastSquares<Scalar: LAPACKScalar>: Sendable, Equatable {
  /// X, n × (columns of B).
  public let solution: Matrix<Scalar>
  /// A's numerical rank.
  public let rank: Int
  /// A's singular values, descending.
  public let singularValues: [Scalar]

  /// Solves min ‖A X − B‖ for every column of B.
  ///
  /// - Parameters:
  ///   - matrix: A, m × n, finite.
  ///   - rightHandSides: B, m rows, finite.
  ///   - toleranceRelative: Singular values up to this share of the largest count as zero: higher is
  ///     more stable, but leaves weak directions out. max(m, n) · ulp(1) if not given, as in NumPy.
  /// - Throws: ``LinearAlgebraError/shapeMismatch(operation:expected:actual:)``,
  ///   ``LinearAlgebraError/nonFinite(row:column:)``,
  ///   ``LinearAlgebraError/noConvergence(routine:unconverged:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  /// - Complexity: O(*m* · *n* · min(*m*, *n*)).
  public init(
    _ matrix: MatrixView<Scalar>, rightHandSides: MatrixView<Scalar>,
    toleranceRelative: Scalar? = nil
  ) throws(LinearAlgebraError) {
    let (rowCount, columnCount) = (matrix.rowCount, matrix.columnCount)
    let sideCount = rightHandSides.columnCount
    try matrix.requireFinite()
    let sides = try rightHandSides.checkedRightHandSides(order: rowCount)
    let longest = max(rowCount, columnCount)
    let smallest = min(rowCount, columnCount)
    // The routine reads by columns and has no transposed form.
    var byColumns = Matrix(matrix).transposed()
    var sidesByColumns = Matrix<Scalar>(rowCount: sideCount, columnCount: longest) {
      $1 < rowCount ? sides[$1, $0] : 0
    }
    var values = [Scalar](repeating: 0, count: smallest)
    var matrixSpan = byColumns.mutableSpan
    var sideSpan = sidesByColumns.mutableSpan
    var valueSpan = values.mutableSpan
    rank = try Scalar.leastSquares(
      rowCount: rowCount, columnCount: columnCount, rightHandSideCount: sideCount,
      columnMajorMatrix: &matrixSpan, columnMajorSides: &sideSpan, singularValues: &valueSpan,
      relativeThreshold: toleranceRelative ?? Scalar(longest) * Scalar.ulpOfOne)
    singularValues = values
    solution = Matrix(sidesByColumns.view.columns(0..<columnCount)).transposed()
  }
}
