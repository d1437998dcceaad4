internal import RealModule

/// The factorisation A = L · Lᵀ of a symmetric positive definite matrix.
///
/// The corresponding LAPACK routines are `spotrf` and `dpotrf`.
public struct CholeskyFactorization<Scalar: LAPACKScalar>: Sendable, Equatable {
  /// L, lower triangular, with zeros above its diagonal.
  public let lower: Matrix<Scalar>

  /// Factors a matrix.
  ///
  /// - Parameter matrix: A, n × n, symmetric, finite. Only its lower triangle is used.
  /// - Throws: ``LinearAlgebraError/notPositiveDefinite(leadingMinor:)`` with the order of the first
  ///   leading minor that is not positive; ``LinearAlgebraError/notSquare(rowCount:columnCount:)``;
  ///   ``LinearAlgebraError/nonFinite(row:column:)``.
  /// - Complexity: O(*n*³).
  public init(_ matrix: MatrixView<Scalar>) throws(LinearAlgebraError) {
    let order = try matrix.squareOrder()
    try matrix.requireFinite()
    var factor = Matrix(matrix)
    var elements = factor.mutableSpan
    try Scalar.choleskyFactorization(order: order, matrix: &elements)
    for row in 0..<order {
      for column in (row + 1)..<max(order, row + 1) { elements[row * order + column] = 0 }
    }
    lower = factor
  }

  /// The logarithm of A's determinant, which itself may overflow.
  public var logDeterminant: Scalar {
    var sum = 0.0
    for row in 0..<lower.rowCount { sum += Double(Scalar.log(lower[row, row])) }
    return Scalar(2 * sum)
  }

  /// Solves A X = B.
  ///
  /// - Parameter rightHandSides: B, n rows, finite.
  /// - Returns: X, of B's shape.
  /// - Throws: ``LinearAlgebraError/shapeMismatch(operation:expected:actual:)`` or
  ///   ``LinearAlgebraError/nonFinite(row:column:)``.
  /// - Complexity: O(*n*²) for each column.
  public func solve(
    _ rightHandSides: MatrixView<Scalar>
  ) throws(LinearAlgebraError) -> Matrix<Scalar> {
    var solution = try rightHandSides.checkedRightHandSides(order: lower.rowCount)
    let columnCount = solution.columnCount
    var elements = solution.mutableSpan
    for transposed in [false, true] {
      Scalar.solveTriangular(
        lower.view, isLower: true, transposed: transposed, hasUnitDiagonal: false,
        rightHandSides: &elements, columnCount: columnCount)
    }
    return solution
  }

  /// Solves A x = b.
  ///
  /// - Parameter rightHandSide: b, n elements, finite.
  /// - Returns: x.
  /// - Throws: As ``solve(_:)-(MatrixView<Scalar>)``.
  public func solve(_ rightHandSide: [Scalar]) throws(LinearAlgebraError) -> [Scalar] {
    try solve(
      Matrix(rowCount: rightHandSide.count, columnCount: 1, elements: rightHandSide).view
    ).elements
  }

  /// L⁻¹ B, which whitens columns: ‖L⁻¹ b‖² = bᵀ A⁻¹ b.
  ///
  /// - Parameter rightHandSides: B, n rows, finite.
  /// - Returns: L⁻¹ B, of B's shape.
  /// - Throws: As ``solve(_:)-(MatrixView<Scalar>)``.
  public func halfSolve(
    _ rightHandSides: MatrixView<Scalar>
  ) throws(LinearAlgebraError) -> Matrix<Scalar> {
    var solution = try rightHandSides.checkedRightHandSides(order: lower.rowCount)
    let columnCount = solution.columnCount
    var elements = solution.mutableSpan
    Scalar.solveTriangular(
      lower.view, isLower: true, transposed: false, hasUnitDiagonal: false,
      rightHandSides: &elements, columnCount: columnCount)
    return solution
  }
}

extension MatrixView where Scalar: LAPACKScalar {
  /// The order of a square matrix.
  func squareOrder() throws(LinearAlgebraError) -> Int {
    guard rowCount == columnCount else {
      throw .notSquare(rowCount: rowCount, columnCount: columnCount)
    }
    return rowCount
  }

  /// A copy of right-hand sides, which must have as many rows as the matrix has.
  func checkedRightHandSides(order: Int) throws(LinearAlgebraError) -> Matrix<Scalar> {
    guard rowCount == order else {
      throw .shapeMismatch(
        operation: "a linear system of order \(order)", expected: "\(order) right-hand rows",
        actual: "\(rowCount)")
    }
    try requireFinite()
    return Matrix(self)
  }
}
