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
}
