internal import RealModule

/// The squared Euclidean distances of every row of a matrix to every row of another.
///
/// From one product, ‖x‖² + ‖y‖² − 2 x·y, except where that is below 2⁻¹⁰ of ‖x‖² + ‖y‖²: those pairs are
/// subtracted coordinate by coordinate, so that no result has lost more than 10 binary digits to
/// cancellation and equal rows have a distance of exactly 0. Subtract a common centre first.
///
/// - Parameters:
///   - left: (m, d), finite.
///   - right: (n, d), finite.
/// - Returns: (m, n), none negative.
/// - Precondition: The widths agree.
/// - Complexity: O(*m* · *n* · *d*).
public func squaredDistances(
  _ left: MatrixView<Double>, _ right: MatrixView<Double>
) -> Matrix<Double> {
  var result = product(of: left, and: right, rightTransposed: true)
  let width = right.rowCount
  let rightSquares = squaredRowNorms(right)
  for row in 0..<left.rowCount {
    let own = dotProduct(left.row(row), left.row(row))
    let start = row * width
    var elements = result.mutableSpan
    for column in 0..<width {
      let product = elements[start + column]
      elements[start + column] = max(0, own + rightSquares[column] - 2 * product)
    }
    for column in 0..<width
    where elements[start + column] < 0x1p-10 * (own + rightSquares[column]) {
      elements[start + column] = squaredDistance(left.row(row), right.row(column))
    }
  }
  return result
}

/// The squared Euclidean norm of every row.
///
/// - Parameter matrix: (n, d).
/// - Returns: n sums of squares.
/// - Complexity: O(*n* · *d*).
public func squaredRowNorms(_ matrix: MatrixView<Double>) -> [Double] {
  var norms: [Double] = []
  norms.reserveCapacity(matrix.rowCount)
  for row in 0..<matrix.rowCount { norms.append(dotProduct(matrix.row(row), matrix.row(row))) }
  return norms
}

/// The sum of square roots.
///
/// - Parameter values: None negative.
/// - Returns: Σ √x.
/// - Complexity: O(*n*).
public func sumOfSquareRoots(_ values: Span<Double>) -> Double {
  var sum = 0.0
  for place in values.indices { sum += values[place].squareRoot() }
  return sum
}

/// The sum of exponentials.
///
/// - Parameters:
///   - values: Any number of them.
///   - factor: Multiplies every value.
/// - Returns: Σ exp(factor · x).
/// - Complexity: O(*n*).
public func sumOfExponentials(_ values: Span<Double>, factor: Double) -> Double {
  var sum = 0.0
  for place in values.indices { sum += Double.exp(factor * values[place]) }
  return sum
}

extension Matrix where Scalar == Double {
  /// Merges the elements of each row of another matrix into this row's, which are the smallest seen so far.
  ///
  /// - Parameters:
  ///   - candidates: As many rows, of any width.
  ///   - skippingDiagonal: Whether the element of a row's own number does not count.
  /// - Precondition: The row counts agree, and each row of this matrix ascends; start with infinities.
  /// - Complexity: O(*n* · candidates), and a few insertions once the smallest are small.
  public mutating func mergeSmallest(
    of candidates: Matrix<Double>, skippingDiagonal: Bool = false
  ) {
    precondition(candidates.rowCount == rowCount, "\(candidates.rowCount) rows for \(rowCount)")
    let (kept, width) = (columnCount, candidates.columnCount)
    guard kept > 0 else { return }
    let values = candidates.span
    for row in 0..<rowCount {
      let (first, last) = (row * kept, row * kept + kept - 1)
      var smallest = mutableSpan
      for column in 0..<width where values[row * width + column] < smallest[last] {
        if skippingDiagonal && column == row { continue }
        let value = values[row * width + column]
        var place = last
        while place > first, smallest[place - 1] > value {
          smallest[place] = smallest[place - 1]
          place -= 1
        }
        smallest[place] = value
      }
    }
  }
}
