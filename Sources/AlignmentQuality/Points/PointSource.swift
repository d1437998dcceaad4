public import LinearAlgebra

/// Rows of coordinates, wherever they lie: in memory or in a mapped file.
///
/// What is measured reads tiles of rows into buffers of its own, so that data larger than memory can be
/// measured. Reading is safe from several threads at once.
public protocol PointSource<Scalar>: Sendable {
  /// The type of the coordinates.
  associatedtype Scalar: LAPACKScalar

  /// The number of rows.
  var rowCount: Int { get }
  /// The number of coordinates of a row.
  var width: Int { get }
  /// The fewest rows that should be read at once, because fewer are as slow to read; 1 if any number is
  /// as good.
  var leastRowCount: Int { get }

  /// Reads rows in the order given; a row may be named more than once.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - target: At least rows.count · ``width`` elements, of which the first so many are overwritten,
  ///     row after row.
  /// - Throws: ``AlignmentQualityError/nonFinite(row:column:)`` or the error of a file.
  func read(
    _ rows: ArraySlice<Int>, into target: inout MutableSpan<Scalar>
  ) throws(AlignmentQualityError)

  /// Reads rows without looking for NaN and infinities, where what is computed of them shows those, or where
  /// they were looked for before.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - target: As of ``read(_:into:)``.
  /// - Throws: The error of a file.
  func readUnchecked(
    _ rows: ArraySlice<Int>, into target: inout MutableSpan<Scalar>
  ) throws(AlignmentQualityError)
}

extension PointSource {
  /// Any number of rows is as good.
  public var leastRowCount: Int { 1 }

  /// Reads rows, checked or not.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - target: As of ``read(_:into:)``.
  /// - Throws: As ``read(_:into:)``.
  public func readUnchecked(
    _ rows: ArraySlice<Int>, into target: inout MutableSpan<Scalar>
  ) throws(AlignmentQualityError) { try read(rows, into: &target) }
}
