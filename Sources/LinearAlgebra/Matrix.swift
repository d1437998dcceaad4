/// A dense matrix, row-major and contiguous.
///
/// Rows are samples and columns are features throughout Plumbline. The value semantics are those of
/// an array: copies are cheap until written to.
public struct Matrix<Scalar: LAPACKScalar>: Sendable, Equatable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  @usableFromInline var storage: [Scalar]

  /// The elements, first row first.
  @inlinable public var elements: [Scalar] { storage }

  /// A matrix of one repeated value.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  ///   - value: The value of every element.
  @inlinable
  public init(rowCount: Int, columnCount: Int, repeating value: Scalar = 0) {
    precondition(rowCount >= 0 && columnCount >= 0, "a matrix has a negative side")
    self.rowCount = rowCount
    self.columnCount = columnCount
    storage = [Scalar](repeating: value, count: rowCount * columnCount)
  }

  /// A matrix of given elements.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  ///   - elements: rowCount · columnCount elements, first row first.
  @inlinable
  public init(rowCount: Int, columnCount: Int, elements: [Scalar]) {
    precondition(rowCount >= 0 && columnCount >= 0, "a matrix has a negative side")
    precondition(
      elements.count == rowCount * columnCount,
      "\(elements.count) elements for a \(rowCount) × \(columnCount) matrix")
    self.rowCount = rowCount
    self.columnCount = columnCount
    storage = elements
  }

  /// A matrix of given rows.
  ///
  /// - Parameter rows: Rows of equal length.
  @inlinable
  public init(rows: [[Scalar]]) {
    let columnCount = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columnCount }, "the rows differ in length")
    self.init(rowCount: rows.count, columnCount: columnCount, elements: rows.flatMap { $0 })
  }

  /// A matrix computed element by element.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  ///   - element: The element at a row and a column.
  @inlinable
  public init(rowCount: Int, columnCount: Int, element: (_ row: Int, _ column: Int) -> Scalar) {
    var elements: [Scalar] = []
    elements.reserveCapacity(rowCount * columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { elements.append(element(row, column)) }
    }
    self.init(rowCount: rowCount, columnCount: columnCount, elements: elements)
  }

  /// A copy of what a view looks at.
  ///
  /// - Parameter view: Rows at any stride.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init(_ view: MatrixView<Scalar>) {
    let count = view.rowCount * view.columnCount
    let elements = [Scalar](capacity: count) { output in
      for row in 0..<view.rowCount {
        let source = view.row(row)
        for column in source.indices { output.append(source[column]) }
      }
    }
    self.init(rowCount: view.rowCount, columnCount: view.columnCount, elements: elements)
  }

  /// The identity matrix.
  ///
  /// - Parameter order: The number of rows and of columns.
  /// - Returns: Ones on the diagonal, zeros elsewhere.
  public static func identity(_ order: Int) -> Matrix {
    var matrix = Matrix(rowCount: order, columnCount: order)
    for row in 0..<order { matrix[row, row] = 1 }
    return matrix
  }

  /// The element at a row and a column.
  ///
  /// - Parameters:
  ///   - row: Zero-based.
  ///   - column: Zero-based.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(column >= 0 && column < columnCount, "column \(column) of \(columnCount)")
      return storage[row * columnCount + column]
    }
    set {
      precondition(column >= 0 && column < columnCount, "column \(column) of \(columnCount)")
      storage[row * columnCount + column] = newValue
    }
  }
}

extension Matrix {
  /// The row-major elements, borrowed.
  @inlinable
  public var span: Span<Scalar> {
    @_lifetime(borrow self)
    get { storage.span }
  }

  /// The row-major elements, for writing.
  @inlinable
  public var mutableSpan: MutableSpan<Scalar> {
    @_lifetime(&self)
    mutating get { storage.mutableSpan }
  }

  /// The whole matrix, borrowed.
  @inlinable
  public var view: MatrixView<Scalar> {
    @_lifetime(borrow self)
    get { MatrixView(storage.span, rowCount: rowCount, columnCount: columnCount) }
  }

  /// Some consecutive rows, borrowed.
  ///
  /// - Parameter rows: Rows of this matrix.
  /// - Returns: A view of those rows.
  @inlinable
  @_lifetime(borrow self)
  public func view(rows: Range<Int>) -> MatrixView<Scalar> { view.rows(rows) }

  /// One row.
  ///
  /// - Parameter row: Zero-based.
  /// - Returns: `columnCount` elements.
  @inlinable
  public func row(_ row: Int) -> [Scalar] {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    return Array(storage[(row * columnCount)..<((row + 1) * columnCount)])
  }

  /// One column.
  ///
  /// - Parameter column: Zero-based.
  /// - Returns: `rowCount` elements.
  @inlinable
  public func column(_ column: Int) -> [Scalar] {
    (0..<rowCount).map { self[$0, column] }
  }

  /// The transpose, copied tile by tile.
  ///
  /// - Returns: columnCount rows of rowCount elements.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func transposed() -> Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: rowCount)
    let tile = 32
    let source = span
    let (height, width) = (rowCount, columnCount)
    var target = result.mutableSpan
    for firstRow in stride(from: 0, to: height, by: tile) {
      for firstColumn in stride(from: 0, to: width, by: tile) {
        for row in firstRow..<min(firstRow + tile, height) {
          for column in firstColumn..<min(firstColumn + tile, width) {
            target[column * height + row] = source[row * width + column]
          }
        }
      }
    }
    return result
  }

  /// Chosen rows, in the given order; a row may be chosen more than once.
  ///
  /// - Parameter rows: Zero-based rows of this matrix.
  /// - Returns: One row for each choice.
  @inlinable
  public func selectingRows(_ rows: [Int]) -> Matrix {
    var elements: [Scalar] = []
    elements.reserveCapacity(rows.count * columnCount)
    for row in rows {
      precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
      elements.append(contentsOf: storage[(row * columnCount)..<((row + 1) * columnCount)])
    }
    return Matrix(rowCount: rows.count, columnCount: columnCount, elements: elements)
  }
}
