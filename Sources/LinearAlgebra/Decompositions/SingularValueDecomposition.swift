/// The thin singular value decomposition A = U · diag(s) · Vᵀ.
///
/// The corresponding LAPACK routines are `sgesdd` and `dgesdd`. Signs of matching vectors of U and V are
/// arbitrary together; where singular values coincide only the subspaces are determined.
public struct SingularValueDecomposition<Scalar: LAPACKScalar>: Sendable, Equatable {
  /// U, m × min(m, n), with orthonormal columns.
  public let leftVectors: Matrix<Scalar>
  /// The singular values, descending, none negative.
  public let singularValues: [Scalar]
  /// Vᵀ, min(m, n) × n, with orthonormal rows.
  public let rightVectors: Matrix<Scalar>

  /// Decomposes a matrix.
  ///
  /// - Parameter matrix: A, m × n, finite.
  /// - Throws: ``LinearAlgebraError/nonFinite(row:column:)``,
  ///   ``LinearAlgebraError/noConvergence(routine:unconverged:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  /// - Complexity: O(*m* · *n* · min(*m*, *n*)).
  public init(_ matrix: MatrixView<Scalar>) throws(LinearAlgebraError) {
    try matrix.requireFinite()
    let rank = min(matrix.rowCount, matrix.columnCount)
    var copy = Matrix(matrix)
    var left = Matrix<Scalar>(rowCount: matrix.rowCount, columnCount: rank)
    var values = [Scalar](repeating: 0, count: rank)
    var right = Matrix<Scalar>(rowCount: rank, columnCount: matrix.columnCount)
    var copySpan = copy.mutableSpan
    var leftSpan = left.mutableSpan
    var valueSpan = values.mutableSpan
    var rightSpan = right.mutableSpan
    try Scalar.singularValueDecomposition(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount, matrix: &copySpan,
      leftVectors: &leftSpan, singularValues: &valueSpan, rightVectors: &rightSpan)
    leftVectors = left
    singularValues = values
    rightVectors = right
  }

  /// Computes the singular values alone, descending.
  ///
  /// - Parameter matrix: A, m × n, finite.
  /// - Returns: min(m, n) of them, none negative.
  /// - Throws: As the full decomposition.
  /// - Complexity: O(*m* · *n* · min(*m*, *n*)), a few times faster than with vectors.
  public static func singularValues(
    of matrix: MatrixView<Scalar>
  ) throws(LinearAlgebraError) -> [Scalar] {
    try matrix.requireFinite()
    var values = [Scalar](repeating: 0, count: min(matrix.rowCount, matrix.columnCount))
    var copy = Matrix(matrix)
    var noLeft: [Scalar] = []
    var noRight: [Scalar] = []
    var copySpan = copy.mutableSpan
    var valueSpan = values.mutableSpan
    var leftSpan = noLeft.mutableSpan
    var rightSpan = noRight.mutableSpan
    try Scalar.singularValueDecomposition(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount, matrix: &copySpan,
      leftVectors: &leftSpan, singularValues: &valueSpan, rightVectors: &rightSpan)
    return values
  }

  /// The number of singular values above a share of the largest.
  ///
  /// - Parameter toleranceRelative: The share; max(m, n) · ulp(1) if not given, as in NumPy's
  ///   `matrix_rank`.
  /// - Returns: The numerical rank, 0 for a matrix of zeros.
  public func rank(toleranceRelative: Scalar? = nil) -> Int {
    guard let largest = singularValues.first else { return 0 }
    let longest = max(leftVectors.rowCount, rightVectors.columnCount)
    let threshold = largest * (toleranceRelative ?? Scalar(longest) * Scalar.ulpOfOne)
    return singularValues.count { $0 > threshold }
  }

  /// U · diag(s) · Vᵀ.
  ///
  /// - Returns: m × n.
  public func reconstructed() -> Matrix<Scalar> {
    var scaled = rightVectors
    for (row, value) in singularValues.enumerated() { scaled.scaleRow(row, by: value) }
    return product(of: leftVectors.view, and: scaled.view)
  }
}
