/// The sides of C = op(A) · op(B), checked.
struct ProductShape {
  let rowCount: Int
  let columnCount: Int
  let innerCount: Int

  init<Scalar>(
    _ left: borrowing MatrixView<Scalar>, _ leftTransposed: Bool,
    _ right: borrowing MatrixView<Scalar>, _ rightTransposed: Bool
  ) {
    rowCount = leftTransposed ? left.columnCount : left.rowCount
    innerCount = leftTransposed ? left.rowCount : left.columnCount
    columnCount = rightTransposed ? right.rowCount : right.columnCount
    let rightInnerCount = rightTransposed ? right.columnCount : right.rowCount
    precondition(
      innerCount == rightInnerCount,
      "a product of (\(rowCount), \(innerCount)) and (\(rightInnerCount), \(columnCount))")
  }

  func checkDestination(elementCount: Int, rowStride: Int) {
    precondition(
      rowStride >= columnCount, "row stride \(rowStride) is less than width \(columnCount)")
    precondition(
      rowCount == 0 || elementCount >= (rowCount - 1) * rowStride + columnCount,
      "the destination of a (\(rowCount), \(columnCount)) product holds \(elementCount) elements")
  }
}

/// A count for BLAS, whose integers have 32 bits.
///
/// A side beyond that is a broken promise of the caller: products are tiled, and no array of
/// activations has 2³¹ columns.
func blasCount(_ value: Int, _ name: String) -> Int32 {
  guard let count = Int32(exactly: value) else {
    preconditionFailure("\(name) is \(value); BLAS counts in 32 bits")
  }
  return count
}

/// A leading dimension, which must be at least one even where there is nothing to lead.
func leadingDimension(_ rowStride: Int) -> Int32 { max(1, blasCount(rowStride, "row stride")) }
