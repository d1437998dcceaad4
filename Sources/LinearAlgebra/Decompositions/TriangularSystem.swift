/// Which triangle of a matrix is meant.
public enum Triangle: Sendable {
  /// On and below the diagonal.
  case lower
  /// On and above the diagonal.
  case upper
}

/// Solves op(T) X = B for a triangular T.
///
/// The corresponding BLAS routines are `strsm` and `dtrsm`.
///
/// - Parameters:
///   - matrix: T, n × n; the other triangle is not used.
///   - triangle: Which triangle T is.
///   - transposed: Whether op(T) is Tᵀ.
///   - rightHandSides: B, n rows, finite.
/// - Returns: X, of B's shape.
/// - Throws: ``LinearAlgebraError/singular(diagonal:)`` for a zero on the diagonal,
///   ``LinearAlgebraError/notSquare(rowCount:columnCount:)``,
///   ``LinearAlgebraError/shapeMismatch(operation:expected:actual:)`` or
///   ``LinearAlgebraError/nonFinite(row:column:)``.
/// - Complexity: O(*n*²) for each column of B.
public func solveTriangular<Scalar: LAPACKScalar>(
  _ matrix: MatrixView<Scalar>, _ triangle: Triangle, transposed: Bool = false,
  rightHandSides: MatrixView<Scalar>
) throws(LinearAlgebraError) -> Matrix<Scalar> {
  let order = try matrix.squareOrder()
  try matrix.requireFinite()
  for row in 0..<order where matrix[row, row] == 0 { throw .singular(diagonal: row) }
  var solution = try rightHandSides.checkedRightHandSides(order: order)
  let columnCount = solution.columnCount
  var elements = solution.mutableSpan
  Scalar.solveTriangular(
    matrix, isLower: triangle == .lower, transposed: transposed, hasUnitDiagonal: false,
    rightHandSides: &elements, columnCount: columnCount)
  return solution
}
