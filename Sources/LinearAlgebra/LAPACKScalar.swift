public import RealModule

/// A scalar that BLAS and LAPACK compute with: `Float` or `Double`.
///
/// The requirements are the routines themselves, spans in and typed errors out. Use the functions and
/// decompositions built on them; call these only to build another.
public protocol LAPACKScalar: Real, BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// Adds a scaled product to a destination: C ← scale · op(A) · op(B) + destinationScale · C.
  ///
  /// The corresponding BLAS routines are `sgemm` and `dgemm`. Allocates nothing in Swift and runs on
  /// the calling thread only. A destination scale of 0 overwrites, whatever the destination held.
  ///
  /// - Parameters:
  ///   - left: A.
  ///   - leftTransposed: Whether op(A) is Aᵀ.
  ///   - right: B.
  ///   - rightTransposed: Whether op(B) is Bᵀ.
  ///   - scale: The factor of the product.
  ///   - destination: C, row-major, of op(A)'s rows and op(B)'s columns.
  ///   - rowStride: The distance between C's rows, in elements.
  ///   - destinationScale: The factor of what C held.
  static func accumulateProduct(
    of left: MatrixView<Self>, transposed leftTransposed: Bool, and right: MatrixView<Self>,
    transposed rightTransposed: Bool, scale: Self, into destination: inout MutableSpan<Self>,
    rowStride: Int, destinationScale: Self)

  /// Computes one triangle of A·Aᵀ, or of AᵀA, into a destination.
  ///
  /// The corresponding BLAS routines are `ssyrk` and `dsyrk`. Single-threaded. Only the upper triangle
  /// of the destination is written.
  ///
  /// - Parameters:
  ///   - matrix: A.
  ///   - transposed: `true` for AᵀA, `false` for A·Aᵀ.
  ///   - destination: Row-major, square.
  ///   - rowStride: The distance between the destination's rows, in elements.
  static func upperSymmetricProduct(
    of matrix: MatrixView<Self>, transposed: Bool, into destination: inout MutableSpan<Self>,
    rowStride: Int)

  /// Computes y ← op(A) x.
  ///
  /// The corresponding BLAS routines are `sgemv` and `dgemv`. Single-threaded.
  ///
  /// - Parameters:
  ///   - matrix: A.
  ///   - transposed: Whether op(A) is Aᵀ.
  ///   - vector: x.
  ///   - destination: y, overwritten.
  static func multiply(
    _ matrix: MatrixView<Self>, transposed: Bool, by vector: Span<Self>,
    into destination: inout MutableSpan<Self>)

  /// The place of the first NaN or infinity, or `nil`.
  ///
  /// - Parameter values: Any number of elements.
  /// - Returns: A zero-based place, or `nil` if all are finite.
  static func firstNonFinite(in values: Span<Self>) -> Int?

  /// Adds the elements of the named rows to a sum for each column, in float64.
  ///
  /// - Parameters:
  ///   - matrix: n × d.
  ///   - rows: Rows of the matrix, in the order in which they are added.
  ///   - sums: d sums.
  static func addColumnSums(
    of matrix: MatrixView<Self>, rows: Span<Int64>, to sums: inout MutableSpan<Double>)

  /// Adds the squared deviations of the named rows from given means, in float64.
  ///
  /// - Parameters:
  ///   - matrix: n × d.
  ///   - rows: Rows of the matrix, in the order in which they are added.
  ///   - means: d means.
  ///   - sums: d sums of squares.
  static func addColumnSquares(
    of matrix: MatrixView<Self>, rows: Span<Int64>, around means: Span<Double>,
    to sums: inout MutableSpan<Double>)

  /// Subtracts a centre from rows in float64, scales them, and rounds them to single precision.
  ///
  /// - Parameters:
  ///   - rows: n × d.
  ///   - center: d elements.
  ///   - scale: A power of two.
  ///   - target: At least n · d elements, of which the first so many are overwritten.
  /// - Returns: The squared length of each row as it was written, in float64.
  static func center(
    _ rows: MatrixView<Self>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Float>
  ) -> [Double]

  /// Subtracts a centre from rows in float64, and scales them.
  ///
  /// - Parameters:
  ///   - rows: n × d.
  ///   - center: d elements.
  ///   - scale: A power of two.
  ///   - target: At least n · d elements, of which the first so many are overwritten.
  /// - Returns: The squared length of each row as it was written.
  static func center(
    _ rows: MatrixView<Self>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Double>
  ) -> [Double]

  /// Computes Σ ((left − right) · scale)² in float64, in one order on every processor.
  ///
  /// - Parameters:
  ///   - left: d elements.
  ///   - right: d elements.
  ///   - scale: A power of two.
  /// - Returns: The scaled squared distance.
  static func directSquaredDistance(
    _ left: Span<Self>, _ right: Span<Self>, scale: Double
  ) -> Double

  /// Computes the extremes of low − 2 · products and of high − 2 · products.
  ///
  /// With low and high the squared lengths of rows, less or more what rounding may have cost, these are
  /// bounds of squared distances from one row, but for its own squared length.
  ///
  /// - Parameters:
  ///   - products: The products of one row with others.
  ///   - low: One number for each of the others.
  ///   - high: One number for each of the others.
  /// - Returns: Two minima and two maxima.
  static func bounds(
    ofProducts products: Span<Self>, low: Span<Self>, high: Span<Self>
  ) -> ProductBounds

  /// Adds the differences of all rows from a centre to a sum for each column, in float64.
  ///
  /// - Parameters:
  ///   - matrix: n × d.
  ///   - center: d coordinates.
  ///   - sums: d sums.
  /// - Returns: The sum of the squares of all differences.
  static func addDifferences(
    of matrix: MatrixView<Self>, from center: Span<Double>, to sums: inout MutableSpan<Double>
  ) -> Double

  /// Computes the squared distance of every row to every centre, subtracting in float64.
  ///
  /// - Parameters:
  ///   - matrix: n × d.
  ///   - centers: k × d.
  ///   - distances: n × k of them, row after row, overwritten.
  static func squaredDistances(
    of matrix: MatrixView<Self>, to centers: MatrixView<Double>,
    into distances: inout MutableSpan<Double>)

  /// Computes all eigenvalues of a symmetric matrix, ascending, and its eigenvectors if asked.
  ///
  /// The corresponding LAPACK routines are `ssyevd` and `dsyevd`.
  ///
  /// - Parameters:
  ///   - order: n.
  ///   - vectors: Whether eigenvectors are wanted.
  ///   - matrix: n × n, of which the upper triangle is read; on return eigenvector j is row j, or
  ///     garbage.
  ///   - eigenvalues: n eigenvalues on return.
  /// - Throws: ``LinearAlgebraError/noConvergence(routine:unconverged:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  static func symmetricEigendecomposition(
    order: Int, vectors: Bool, matrix: inout MutableSpan<Self>,
    eigenvalues: inout MutableSpan<Self>) throws(LinearAlgebraError)

  /// Computes the eigenvalues of given ascending ranks, and their eigenvectors.
  ///
  /// The corresponding LAPACK routines are `ssyevr` and `dsyevr`.
  ///
  /// - Parameters:
  ///   - order: n.
  ///   - ranks: Zero-based places among the ascending eigenvalues.
  ///   - matrix: n × n, of which the upper triangle is read; garbage on return.
  ///   - eigenvalues: n elements; on return the first `ranks.count` are the eigenvalues.
  ///   - eigenvectors: On return one row of n for each rank.
  /// - Throws: ``LinearAlgebraError/noConvergence(routine:unconverged:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  static func symmetricEigendecomposition(
    order: Int, ranks: Range<Int>, matrix: inout MutableSpan<Self>,
    eigenvalues: inout MutableSpan<Self>, eigenvectors: inout MutableSpan<Self>
  ) throws(LinearAlgebraError)

  /// Computes a thin singular value decomposition A = U · diag(s) · Vᵀ.
  ///
  /// The corresponding LAPACK routines are `sgesdd` and `dgesdd`.
  ///
  /// - Parameters:
  ///   - rowCount: m.
  ///   - columnCount: n.
  ///   - matrix: A, m × n; garbage on return.
  ///   - leftVectors: U, m × min(m, n), on return; with `rightVectors` empty if no vectors are wanted.
  ///   - singularValues: min(m, n) of them, descending, on return.
  ///   - rightVectors: Vᵀ, min(m, n) × n, on return.
  /// - Throws: ``LinearAlgebraError/noConvergence(routine:unconverged:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  static func singularValueDecomposition(
    rowCount: Int, columnCount: Int, matrix: inout MutableSpan<Self>,
    leftVectors: inout MutableSpan<Self>, singularValues: inout MutableSpan<Self>,
    rightVectors: inout MutableSpan<Self>) throws(LinearAlgebraError)

  /// Computes a thin QR factorisation A = Q · R.
  ///
  /// The corresponding LAPACK routines are `sgelqf` and `sorglq`, `dgelqf` and `dorglq`.
  ///
  /// - Parameters:
  ///   - rowCount: m.
  ///   - columnCount: n.
  ///   - matrix: A, m × n; on return the first min(m, n) elements of each row are Q's, the others
  ///     garbage.
  ///   - triangle: R, min(m, n) × n, on return.
  /// - Throws: ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  static func qrFactorization(
    rowCount: Int, columnCount: Int, matrix: inout MutableSpan<Self>,
    triangle: inout MutableSpan<Self>) throws(LinearAlgebraError)

  /// Computes the lower Cholesky factor of a symmetric positive definite matrix.
  ///
  /// The corresponding LAPACK routines are `spotrf` and `dpotrf`.
  ///
  /// - Parameters:
  ///   - order: n.
  ///   - matrix: n × n; its lower triangle is read, and is the factor on return. The rest is left.
  /// - Throws: ``LinearAlgebraError/notPositiveDefinite(leadingMinor:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  static func choleskyFactorization(
    order: Int, matrix: inout MutableSpan<Self>) throws(LinearAlgebraError)

  /// Solves op(T) X = B for a triangle T.
  ///
  /// The corresponding BLAS routines are `strsm` and `dtrsm`.
  ///
  /// - Parameters:
  ///   - triangle: T, n × n; the other triangle is not read.
  ///   - isLower: Whether T is lower triangular.
  ///   - transposed: Whether op(T) is Tᵀ.
  ///   - hasUnitDiagonal: Whether T's diagonal is ones, whatever is stored there.
  ///   - rightHandSides: B, n × columnCount, row-major; X on return.
  ///   - columnCount: The number of right-hand sides.
  static func solveTriangular(
    _ triangle: MatrixView<Self>, isLower: Bool, transposed: Bool, hasUnitDiagonal: Bool,
    rightHandSides: inout MutableSpan<Self>, columnCount: Int)

  /// Solves min ‖A X − B‖, and of the solutions takes the one of least norm.
  ///
  /// The corresponding LAPACK routines are `sgelsd` and `dgelsd`.
  ///
  /// - Parameters:
  ///   - rowCount: m.
  ///   - columnCount: n.
  ///   - rightHandSideCount: The number of columns of B.
  ///   - columnMajorMatrix: A by columns; garbage on return.
  ///   - columnMajorSides: B by columns, each of max(m, n) elements; on return the first n of each
  ///     are X's.
  ///   - singularValues: min(m, n), descending, on return.
  ///   - relativeThreshold: Singular values up to this share of the largest count as zero.
  /// - Returns: The rank.
  /// - Throws: ``LinearAlgebraError/noConvergence(routine:unconverged:)`` or
  ///   ``LinearAlgebraError/dimensionTooLarge(name:value:)``.
  static func leastSquares(
    rowCount: Int, columnCount: Int, rightHandSideCount: Int,
    columnMajorMatrix: inout MutableSpan<Self>, columnMajorSides: inout MutableSpan<Self>,
    singularValues: inout MutableSpan<Self>, relativeThreshold: Self
  ) throws(LinearAlgebraError) -> Int
}
