/// The product op(A) · op(B).
///
/// Computed in tiles whose shape depends on the result's shape only, over ``Parallel``'s threads, so
/// that the result has the same bytes at any thread count.
///
/// - Parameters:
///   - left: A.
///   - right: B.
///   - leftTransposed: Whether op(A) is Aᵀ.
///   - rightTransposed: Whether op(B) is Bᵀ.
/// - Returns: A matrix of op(A)'s rows and op(B)'s columns.
/// - Precondition: The inner dimensions agree.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func product<Scalar: LAPACKScalar>(
  of left: MatrixView<Scalar>, and right: MatrixView<Scalar>, leftTransposed: Bool = false,
  rightTransposed: Bool = false
) -> Matrix<Scalar> {
  let shape = ProductShape(left, leftTransposed, right, rightTransposed)
  var result = Matrix<Scalar>(rowCount: shape.rowCount, columnCount: shape.columnCount)
  fillTiles(
    of: &result, tiling: ProductTiling(shape), left: left, leftTransposed, right: right,
    rightTransposed)
  return result
}

/// Adds a scaled product to a matrix: C ← scale · op(A) · op(B) + destinationScale · C.
///
/// Allocates nothing and runs on the calling thread, so that it can be used inside ``Parallel``.
///
/// - Parameters:
///   - left: A.
///   - right: B.
///   - leftTransposed: Whether op(A) is Aᵀ.
///   - rightTransposed: Whether op(B) is Bᵀ.
///   - scale: The factor of the product.
///   - destination: C, of op(A)'s rows and op(B)'s columns.
///   - destinationScale: The factor of what C held; 0 overwrites it.
/// - Precondition: The shapes agree.
public func accumulateProduct<Scalar: LAPACKScalar>(
  of left: MatrixView<Scalar>, and right: MatrixView<Scalar>, leftTransposed: Bool = false,
  rightTransposed: Bool = false, scale: Scalar = 1, into destination: inout Matrix<Scalar>,
  destinationScale: Scalar = 1
) {
  let shape = ProductShape(left, leftTransposed, right, rightTransposed)
  let width = destination.columnCount
  precondition(
    shape.rowCount == destination.rowCount && shape.columnCount == width,
    "a (\(shape.rowCount), \(shape.columnCount)) product for a "
      + "(\(destination.rowCount), \(width)) destination")
  var elements = destination.mutableSpan
  Scalar.accumulateProduct(
    of: left, transposed: leftTransposed, and: right, transposed: rightTransposed, scale: scale,
    into: &elements, rowStride: width, destinationScale: destinationScale)
}

/// Adds the product A · B to a matrix: C ← A · B + C.
///
/// In the tiles of ``product(of:and:leftTransposed:rightTransposed:)``, over ``Parallel``'s threads, so
/// that a product over many rows of B can be summed piece by piece.
///
/// - Parameters:
///   - left: A.
///   - right: B.
///   - destination: C, of A's rows and B's columns.
/// - Precondition: The shapes agree.
public func addTiledProduct<Scalar: LAPACKScalar>(
  of left: MatrixView<Scalar>, and right: MatrixView<Scalar>,
  to destination: inout Matrix<Scalar>
) {
  let shape = ProductShape(left, false, right, false)
  precondition(
    shape.rowCount == destination.rowCount && shape.columnCount == destination.columnCount,
    "a (\(shape.rowCount), \(shape.columnCount)) product for a "
      + "(\(destination.rowCount), \(destination.columnCount)) destination")
  fillTiles(
    of: &destination, tiling: ProductTiling(shape), left: left, false, right: right, false,
    destinationScale: 1)
}

/// The symmetric product A·Aᵀ, or AᵀA.
///
/// Half the work of ``product(of:and:leftTransposed:rightTransposed:)``, exactly symmetric, and the same bytes
/// at any thread count.
///
/// - Parameters:
///   - matrix: A.
///   - transposed: `true` for AᵀA, `false` for A·Aᵀ.
/// - Returns: A symmetric matrix.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func symmetricProduct<Scalar: LAPACKScalar>(
  of matrix: MatrixView<Scalar>, transposed: Bool
) -> Matrix<Scalar> {
  let shape = ProductShape(matrix, transposed, matrix, !transposed)
  var result = Matrix<Scalar>(rowCount: shape.rowCount, columnCount: shape.rowCount)
  fillUpperTiles(
    of: &result, tiling: ProductTiling(squareTilesOf: shape), matrix: matrix, transposed: transposed
  )
  result.mirrorUpperTriangle()
  return result
}

/// The product of a matrix and a vector, op(A) x.
///
/// - Parameters:
///   - matrix: A.
///   - vector: x, of op(A)'s columns.
///   - transposed: Whether op(A) is Aᵀ.
/// - Returns: One element for each row of op(A).
/// - Precondition: The vector has op(A)'s columns.
public func product<Scalar: LAPACKScalar>(
  of matrix: MatrixView<Scalar>, and vector: Span<Scalar>, transposed: Bool = false
) -> [Scalar] {
  let count = transposed ? matrix.columnCount : matrix.rowCount
  var result = [Scalar](repeating: 0, count: count)
  var elements = result.mutableSpan
  Scalar.multiply(matrix, transposed: transposed, by: vector, into: &elements)
  return result
}

extension Matrix {
  /// Copies the upper triangle onto the lower one.
  ///
  /// - Precondition: The matrix is square.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func mirrorUpperTriangle() {
    precondition(rowCount == columnCount, "a (\(rowCount), \(columnCount)) matrix has no triangles")
    let order = rowCount
    let tile = 64
    var elements = mutableSpan
    for firstRow in stride(from: 0, to: order, by: tile) {
      for firstColumn in stride(from: 0, through: firstRow, by: tile) {
        for row in firstRow..<min(firstRow + tile, order) {
          for column in firstColumn..<min(firstColumn + tile, row) {
            elements[row * order + column] = elements[column * order + row]
          }
        }
      }
    }
  }
}
