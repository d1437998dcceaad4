public import LinearAlgebra

/// Points in memory: the rows of a matrix.
public struct MatrixPoints<Scalar: LAPACKScalar>: PointSource {
  /// The coordinates, a row a point; all finite.
  public let matrix: Matrix<Scalar>

  /// Takes the rows of a matrix for points.
  ///
  /// - Parameter matrix: (n, d), finite.
  /// - Throws: ``AlignmentQualityError/nonFinite(row:column:)`` with the first place that is not.
  /// - Complexity: O(*n* · *d*).
  public init(_ matrix: Matrix<Scalar>) throws(AlignmentQualityError) {
    let elements = matrix.span
    if let place = Scalar.firstNonFinite(in: elements) {
      throw .nonFinite(row: place / matrix.columnCount, column: place % matrix.columnCount)
    }
    self.matrix = matrix
  }

  /// The number of rows.
  public var rowCount: Int { matrix.rowCount }
  /// The number of coordinates of a row.
  public var width: Int { matrix.columnCount }

  /// Copies rows, as ``PointSource/read(_:into:)`` says.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - target: At least rows.count · ``width`` elements.
  public func read(_ rows: ArraySlice<Int>, into target: inout MutableSpan<Scalar>) {
    matrix.copyRows(rows, into: &target)
  }
}
