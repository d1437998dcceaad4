/// The median of every column.
///
/// The mean of the two middle elements for an even number of rows, which does not overflow.
///
/// - Parameter matrix: n × d, finite, n at least 1.
/// - Returns: d medians.
/// - Throws: ``LinearAlgebraError/empty(dimension:)`` for no rows, or
///   ``LinearAlgebraError/nonFinite(row:column:)``.
/// - Complexity: O(*n* · *d*) on average.
public func medianOfColumns<Scalar: LAPACKScalar>(
  _ matrix: MatrixView<Scalar>
) throws(LinearAlgebraError) -> [Scalar] {
  guard matrix.rowCount > 0 else { throw .empty(dimension: "row") }
  try matrix.requireFinite()
  let tileWidth = 16
  let tileCount = (matrix.columnCount + tileWidth - 1) / tileWidth
  let tiles = Parallel.map(tileCount) { tile in
    let first = tile * tileWidth
    let range = first..<min(first + tileWidth, matrix.columnCount)
    let columns = Matrix(matrix.columns(range)).transposed()
    return range.map { median(consuming: columns.row($0 - first)) }
  }
  return tiles.flatMap { $0 }
}

/// The median of finite values.
///
/// - Parameter values: At least one finite value.
/// - Returns: The middle element, or the mean of the two middle ones.
/// - Throws: ``LinearAlgebraError/empty(dimension:)`` for none, or
///   ``LinearAlgebraError/nonFinite(row:column:)`` with the place as the column.
public func median<Scalar: LAPACKScalar>(
  of values: [Scalar]
) throws(LinearAlgebraError) -> Scalar {
  guard !values.isEmpty else { throw .empty(dimension: "element") }
  if let place = Scalar.firstNonFinite(in: values.span) {
    throw .nonFinite(row: 0, column: place)
  }
  return median(consuming: values)
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func median<Scalar: LAPACKScalar>(consuming values: consuming [Scalar]) -> Scalar {
  var values = values
  let middle = values.count / 2
  partition(&values, at: middle)
  let upper = values[middle]
  guard values.count % 2 == 0 else { return upper }
  var lower = values[0]
  for place in 1..<max(1, middle) where values[place] > lower { lower = values[place] }
  let sum = lower + upper
  return sum.isFinite ? sum / 2 : lower / 2 + upper / 2
}

/// Moves the element of a rank to its place, no larger ones before it and no smaller ones behind.
///
/// Hoare's FIND with the median of three as the pivot; sorts what is left if that goes badly.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func partition<Scalar: LAPACKScalar>(_ values: inout [Scalar], at rank: Int) {
  var (low, high) = (0, values.count - 1)
  var roundsLeft = 4 * (Int.bitWidth - values.count.leadingZeroBitCount)
  while low < high {
    guard roundsLeft > 0 else {
      values[low...high].sort()
      return
    }
    roundsLeft -= 1
    let (first, middle, last) = (values[low], values[(low + high) / 2], values[high])
    let pivot = max(min(first, middle), min(max(first, middle), last))
    var (left, right) = (low, high)
    while left <= right {
      while values[left] < pivot { left += 1 }
      while values[right] > pivot { right -= 1 }
      if left <= right {
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
    }
    if rank <= right {
      high = right
    } else if rank >= left {
      low = left
    } else {
      return
    }
  }
}
