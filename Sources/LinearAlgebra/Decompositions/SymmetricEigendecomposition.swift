/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix.
///
/// Row j of ``eigenvectors`` is the eigenvector of `eigenvalues[j]`; its sign is arbitrary, and where
/// eigenvalues coincide only the subspace is determined.
public struct SymmetricEigendecomposition<Scalar: LAPACKScalar>: Sendable, Equatable {
  /// The eigenvalues: ascending in a full decomposition, descending in a leading one.
  public let eigenvalues: [Scalar]
  /// One eigenvector of length n a row, in the order of the eigenvalues.
  public let eigenvectors: Matrix<Scalar>

  /// Computes all eigenvalues, ascending, and all eigenvectors.
  ///
  /// The corresponding LAPACK routines are `ssyevd` and `dsyevd`.
  ///
  /// - Parameter matrix: n × n, symmetric, finite. Only its upper triangle is used.
  /// - Throws: ``LinearAlgebraError/notSquare(rowCount:columnCount:)``,
  ///   ``LinearAlgebraError/nonFinite(row:column:)``,
  ///   ``LinearAlgebraError/noConvergence(routine:unconverged:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  /// - Complexity: O(*n*³), and workspace for 2 *n*² elements.
  public init(_ matrix: MatrixView<Scalar>) throws(LinearAlgebraError) {
    let order = try matrix.squareOrder()
    try matrix.requireFinite()
    var vectors = Matrix(matrix)
    var values = [Scalar](repeating: 0, count: order)
    var elements = vectors.mutableSpan
    var valueSpan = values.mutableSpan
    try Scalar.symmetricEigendecomposition(
      order: order, vectors: true, matrix: &elements, eigenvalues: &valueSpan)
    eigenvalues = values
    eigenvectors = vectors
  }

  /// Computes the largest eigenvalues, descending, and their eigenvectors.
  ///
  /// The corresponding LAPACK routines are `ssyevr` and `dsyevr`.
  ///
  /// - Parameters:
  ///   - count: How many, in 1...n.
  ///   - matrix: n × n, symmetric, finite. Only its upper triangle is used.
  /// - Throws: ``LinearAlgebraError/countOutOfRange(name:value:minimum:maximum:)``, or as for all.
  /// - Complexity: O(*n*³), with a small factor: mostly the reduction to tridiagonal form.
  public init(
    leading count: Int, of matrix: MatrixView<Scalar>
  ) throws(LinearAlgebraError) {
    let order = try matrix.squareOrder()
    guard count >= 1, count <= order else {
      throw .countOutOfRange(
        name: "eigenvalue count", value: count, minimum: 1, maximum: order)
    }
    try matrix.requireFinite()
    var copy = Matrix(matrix)
    var values = [Scalar](repeating: 0, count: order)
    var vectors = Matrix<Scalar>(rowCount: count, columnCount: order)
    var copySpan = copy.mutableSpan
    var valueSpan = values.mutableSpan
    var vectorSpan = vectors.mutableSpan
    try Scalar.symmetricEigendecomposition(
      order: order, ranks: (order - count)..<order, matrix: &copySpan, eigenvalues: &valueSpan,
      eigenvectors: &vectorSpan)
    eigenvalues = values[0..<count].reversed()
    eigenvectors = vectors.selectingRows((0..<count).reversed())
  }

  /// Computes all eigenvalues, ascending, without eigenvectors.
  ///
  /// - Parameter matrix: n × n, symmetric, finite. Only its upper triangle is used.
  /// - Returns: n eigenvalues.
  /// - Throws: As the full decomposition.
  /// - Complexity: O(*n*³), about a quarter of the time with vectors.
  public static func eigenvalues(
    of matrix: MatrixView<Scalar>
  ) throws(LinearAlgebraError) -> [Scalar] {
    let order = try matrix.squareOrder()
    try matrix.requireFinite()
    var copy = Matrix(matrix)
    var values = [Scalar](repeating: 0, count: order)
    var elements = copy.mutableSpan
    var valueSpan = values.mutableSpan
    try Scalar.symmetricEigendecomposition(
      order: order, vectors: false, matrix: &elements, eigenvalues: &valueSpan)
    return values
  }

  /// The matrix Σⱼ f(λⱼ) vⱼ vⱼᵀ over the eigenvectors held.
  ///
  /// - Parameter function: Applied to every eigenvalue, such as an inverse square root.
  /// - Returns: n × n, symmetric.
  public func reconstructed(
    _ function: (Scalar) -> Scalar = { $0 }
  ) -> Matrix<Scalar> {
    var scaled = eigenvectors
    for (row, value) in eigenvalues.enumerated() { scaled.scaleRow(row, by: function(value)) }
    return product(of: eigenvectors.view, and: scaled.view, leftTransposed: true)
  }
}
