/// A borrowed, row-major matrix whose rows may lie apart.
///
/// Element (row, column) is `elements[row * rowStride + column]`, with `rowStride ≥ columnCount`. A
/// view copies nothing and cannot outlive what it looks at.
public struct MatrixView<Scalar: BitwiseCopyable>: ~Escapable {
  /// The elements, first row first, with whatever lies between the rows.
  public let elements: Span<Scalar>
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  /// The distance between the starts of two rows, in elements.
  public let rowStride: Int

  /// Looks at elements as a matrix.
  ///
  /// - Parameters:
  ///   - elements: At least (rowCount − 1) · rowStride + columnCount elements.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  ///   - rowStride: The distance between rows in elements; `columnCount` if not given.
  /// - Precondition: The counts are not negative, the stride is at least the column count, and there
  ///   are enough elements.
  @inlinable
  @_lifetime(copy elements)
  public init(_ elements: Span<Scalar>, rowCount: Int, columnCount: Int, rowStride: Int? = nil) {
    let stride = rowStride ?? columnCount
    precondition(rowCount >= 0 && columnCount >= 0, "a matrix view has a negative side")
    precondition(stride >= columnCount, "row stride \(stride) is less than width \(columnCount)")
    precondition(
      rowCount == 0 || elements.count >= (rowCount - 1) * stride + columnCount,
      "a \(rowCount) × \(columnCount) view at stride \(stride) needs more than \(elements.count)")
    self.elements = elements
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rowStride = stride
  }

  /// The element at a row and a column.
  ///
  /// - Parameters:
  ///   - row: Zero-based.
  ///   - column: Zero-based.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    precondition(column >= 0 && column < columnCount, "column \(column) of \(columnCount)")
    return elements[row * rowStride + column]
  }

  /// One row's elements.
  ///
  /// - Parameter row: Zero-based.
  /// - Returns: `columnCount` elements.
  @inlinable
  @_lifetime(copy self)
  public func row(_ row: Int) -> Span<Scalar> {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    let start = row * rowStride
    return elements.extracting(start..<(start + columnCount))
  }

  /// Some consecutive rows.
  ///
  /// - Parameter range: Rows of this view.
  /// - Returns: A view of those rows, all columns.
  @inlinable
  @_lifetime(copy self)
  public func rows(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows \(range)")
    let start = range.isEmpty ? 0 : range.lowerBound * rowStride
    let end = range.isEmpty ? 0 : (range.upperBound - 1) * rowStride + columnCount
    return MatrixView(
      elements.extracting(start..<end), rowCount: range.count, columnCount: columnCount,
      rowStride: rowStride)
  }

  /// Some consecutive columns.
  ///
  /// - Parameter range: Columns of this view.
  /// - Returns: A view of those columns, all rows, at the same row stride.
  @inlinable
  @_lifetime(copy self)
  public func columns(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= columnCount, "columns \(range)")
    let start = rowCount == 0 ? 0 : range.lowerBound
    let end = rowCount == 0 ? 0 : (rowCount - 1) * rowStride + range.upperBound
    return MatrixView(
      elements.extracting(start..<end), rowCount: rowCount, columnCount: range.count,
      rowStride: rowStride)
  }
}

extension MatrixView: Sendable where Scalar: Sendable {}
