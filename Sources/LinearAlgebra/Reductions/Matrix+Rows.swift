extension Matrix {
  /// Multiplies a row by a factor.
  ///
  /// - Parameters:
  ///   - row: Zero-based.
  ///   - factor: Multiplies every element of the row.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func scaleRow(_ row: Int, by factor: Scalar) {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    let start = row * columnCount
    let end = start + columnCount
    var elements = mutableSpan
    for place in start..<end { elements[place] *= factor }
  }

  /// Subtracts a vector from every row, such as the column means.
  ///
  /// - Parameter vector: One element for each column.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func subtractFromRows(_ vector: [Scalar]) {
    let width = columnCount
    precondition(vector.count == width, "\(vector.count) elements for \(width) columns")
    for row in 0..<rowCount {
      let start = row * width
      var elements = mutableSpan
      for column in 0..<width { elements[start + column] -= vector[column] }
    }
  }

  /// Multiplies every column by its factor, such as one over its standard deviation.
  ///
  /// - Parameter factors: One factor for each column.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func scaleColumns(by factors: [Scalar]) {
    let width = columnCount
    precondition(factors.count == width, "\(factors.count) factors for \(width) columns")
    for row in 0..<rowCount {
      let start = row * width
      var elements = mutableSpan
      for column in 0..<width { elements[start + column] *= factors[column] }
    }
  }
}

extension Matrix {
  /// Copies rows into a buffer, one after the other.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows, in the order wanted; a row may be named more than once.
  ///   - target: At least rows.count · columnCount elements, of which the first so many are overwritten.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func copyRows(_ rows: ArraySlice<Int>, into target: inout MutableSpan<Scalar>) {
    let (height, width) = (rowCount, columnCount)
    precondition(target.count >= rows.count * width, "\(rows.count) rows do not fit the buffer")
    let source = span
    for (place, row) in rows.enumerated() {
      precondition(row >= 0 && row < height, "row \(row) of \(height)")
      for column in 0..<width { target[place * width + column] = source[row * width + column] }
    }
  }
}
