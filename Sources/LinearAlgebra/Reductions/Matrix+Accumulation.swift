extension Matrix {
  /// Sets every element to one value.
  ///
  /// - Parameter value: The new value of every element.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func fill(_ value: Scalar) {
    var elements = mutableSpan
    for position in elements.indices { elements[position] = value }
  }

  /// Adds another matrix of the same shape, element by element.
  ///
  /// - Parameter other: What is added.
  /// - Precondition: The shapes agree.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func addElements(of other: Matrix) {
    requireShape(of: other)
    let terms = other.span
    var elements = mutableSpan
    for position in elements.indices { elements[position] += terms[position] }
  }

  /// Subtracts another matrix of the same shape, element by element.
  ///
  /// - Parameter other: What is subtracted.
  /// - Precondition: The shapes agree.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func subtractElements(of other: Matrix) {
    requireShape(of: other)
    let terms = other.span
    var elements = mutableSpan
    for position in elements.indices { elements[position] -= terms[position] }
  }

  private func requireShape(of other: Matrix) {
    precondition(
      rowCount == other.rowCount && columnCount == other.columnCount,
      "a (\(other.rowCount), \(other.columnCount)) matrix for a (\(rowCount), \(columnCount)) one")
  }
}
