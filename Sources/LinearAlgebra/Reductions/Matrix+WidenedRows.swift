extension Matrix {
  /// Copies all rows into a buffer in float64, each less a centre of its own choice.
  ///
  /// - Parameters:
  ///   - centers: One or more centres, as wide as this matrix.
  ///   - choice: For each row, which centre is subtracted from it.
  ///   - target: At least rowCount · columnCount elements, of which the first so many are overwritten.
  /// - Complexity: O(*n* · *d*).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func copyWidenedRows(
    subtracting centers: Matrix<Double>, choosing choice: ArraySlice<Int>,
    into target: inout MutableSpan<Double>
  ) {
    let width = columnCount
    precondition(choice.count == rowCount, "\(choice.count) choices for \(rowCount) rows")
    precondition(centers.columnCount == width, "centres of width \(centers.columnCount)")
    precondition(target.count >= rowCount * width, "\(rowCount) rows do not fit the buffer")
    let source = span
    let subtracted = centers.span
    for (row, chosen) in choice.enumerated() {
      precondition(chosen >= 0 && chosen < centers.rowCount, "centre \(chosen)")
      let (start, first) = (row * width, chosen * width)
      for column in 0..<width {
        target[start + column] = Double(source[start + column]) - subtracted[first + column]
      }
    }
  }
}

extension Matrix where Scalar == Double {
  /// Scales every row to the Euclidean norm 1, in place; a row of zeros stays as it is.
  ///
  /// - Complexity: O(*n* · *d*).
  public mutating func scaleRowsToUnitNorm() {
    for row in 0..<rowCount {
      var norm = euclideanNorm(view.row(row))
      // The reciprocal of a norm this small would overflow.
      if norm < 0x1p-1000 {
        scaleRow(row, by: 0x1p600)
        norm = euclideanNorm(view.row(row))
      }
      if norm > 0 { scaleRow(row, by: 1 / norm) }
    }
  }
}
