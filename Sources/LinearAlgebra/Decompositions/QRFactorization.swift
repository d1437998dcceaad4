/// The thin factorisation A = Q · R.
///
/// Computed as the LQ factorisation of the transpose, which is how row-major elements read by columns;
/// the corresponding LAPACK routines are `sgelqf` and `sorglq`, `dgelqf` and `dorglq`.
public struct QRFactorization<Scalar: LAPACKScalar>: Sendable, Equatable {
  /// Q, m × min(m, n), with orthonormal columns.
  public let orthonormal: Matrix<Scalar>
  /// R, min(m, n) × n, upper triangular; the signs of its diagonal are arbitrary.
  public let upper: Matrix<Scalar>

  /// Factors a matrix.
  ///
  /// - Parameter matrix: A, m × n, finite.
  /// - Throws: ``LinearAlgebraError/nonFinite(row:column:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  /// - Complexity: O(*m* · *n* · min(*m*, *n*)).
  public init(_ matrix: MatrixView<Scalar>) throws(LinearAlgebraError) {
    try matrix.requireFinite()
    let rank = min(matrix.rowCount, matrix.columnCount)
    var copy = Matrix(matrix)
    var triangle = Matrix<Scalar>(rowCount: rank, columnCount: matrix.columnCount)
    var copySpan = copy.mutableSpan
    var triangleSpan = triangle.mutableSpan
    try Scalar.qrFactorization(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount, matrix: &copySpan,
      triangle: &triangleSpan)
    orthonormal =
      rank == matrix.columnCount ? copy : Matrix(copy.view.columns(0..<rank))
    upper = triangle
  }
}
