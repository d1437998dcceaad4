/// Writes the differences of rows from a reference row, in float64.
///
/// Equal rows less one of them are exact zeros, and a large common offset costs no digits of what is left.
/// A reference of zeros widens the rows and leaves them as they are.
///
/// - Parameters:
///   - rows: n × d.
///   - reference: d elements.
///   - target: At least start + n · d elements, of which n · d are overwritten, row after row.
///   - start: The place of the first difference.
/// - Returns: Whether every difference is zero.
/// - Precondition: The reference is as wide as the rows, and the target has room.
/// - Complexity: O(*n* · *d*).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func writeDifferences<Scalar: LAPACKScalar>(
  of rows: MatrixView<Scalar>, from reference: Span<Double>, into target: inout MutableSpan<Double>,
  at start: Int
) -> Bool {
  let width = rows.columnCount
  precondition(reference.count == width, "a reference of \(reference.count) for width \(width)")
  precondition(
    start >= 0 && target.count >= start + rows.rowCount * width,
    "\(rows.rowCount) rows of \(width) do not fit \(target.count) elements from \(start) on")
  var areZero = true
  for row in 0..<rows.rowCount {
    let elements = rows.row(row)
    let place = start + row * width
    for column in 0..<width {
      target[place + column] = Double(elements[column]) - reference[column]
    }
    // Ends at the first difference of all but equal rows.
    var column = 0
    while areZero, column < width {
      areZero = target[place + column] == 0
      column += 1
    }
  }
  return areZero
}

/// αᵀ A β for a matrix of as many rows as α has elements, and as many columns as β has.
///
/// - Parameters:
///   - matrix: A.
///   - left: α.
///   - right: β.
/// - Returns: The bilinear form; for α = β the quadratic one.
/// - Precondition: The counts agree.
/// - Complexity: O(rows · columns).
public func bilinearForm(
  _ matrix: MatrixView<Double>, _ left: Span<Double>, _ right: Span<Double>
) -> Double {
  precondition(left.count == matrix.rowCount, "\(left.count) elements, \(matrix.rowCount) rows")
  var total = 0.0
  for row in left.indices where left[row] != 0 {
    total += left[row] * dotProduct(matrix.row(row), right)
  }
  return total
}
