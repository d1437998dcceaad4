internal import RealModule

extension Matrix where Scalar == Float {
  /// How many rows a block has.
  private var blockRowCount: Int { Swift.max(1, (1 << 16) / Swift.max(columnCount, 1)) }

  /// The Euclidean norm of every row, accumulated in float64.
  ///
  /// - Returns: One norm a row.
  /// - Complexity: O(*n* · *d*).
  public func rowNorms() -> [Double] {
    let height = blockRowCount
    return Parallel.map((rowCount + height - 1) / height) { block in
      (block * height..<Swift.min((block + 1) * height, rowCount)).map {
        euclideanNorm(view.row($0))
      }
    }.flatMap { $0 }
  }

  /// Scales every row to the Euclidean norm 1, in place; a row of zeros stays as it is.
  ///
  /// - Returns: The number of rows that are all zeros.
  /// - Complexity: O(*n* · *d*).
  public mutating func scaleRowsToUnitNorm() -> Int {
    let norms = rowNorms()
    let width = columnCount
    forEachRowBlock(of: blockRowCount) { rows, elements in
      for row in rows where norms[row] > 0 {
        let start = (row - rows.lowerBound) * width
        let norm = norms[row]
        for column in start..<start + width {
          elements[column] = Float(Double(elements[column]) / norm)
        }
      }
    }
    return norms.count { $0 == 0 }
  }

  /// Subtracts a centre from every row and divides by a scale, in place.
  ///
  /// - Parameters:
  ///   - centers: One or more centres, as wide as this matrix; `nil` to subtract nothing.
  ///   - scales: One or more scales, as wide as this matrix; `nil` to divide by nothing.
  ///   - choice: For each row, which centre and scale are its own; the first for all if not given.
  /// - Complexity: O(*n* · *d*).
  public mutating func standardizeRows(
    centers: Matrix<Float>?, scales: Matrix<Float>?, choosing choice: [Int]? = nil
  ) {
    precondition(choice.map { $0.count == rowCount } ?? true, "a choice for each row")
    for statistics in [centers, scales] {
      guard let statistics else { continue }
      precondition(
        statistics.columnCount == columnCount,
        "statistics of width \(statistics.columnCount) for a matrix of width \(columnCount)")
      precondition(
        choice?.allSatisfy { $0 >= 0 && $0 < statistics.rowCount } ?? (statistics.rowCount > 0),
        "a row chooses statistics that there are none of")
    }
    let width = columnCount
    forEachRowBlock(of: blockRowCount) { rows, elements in
      for row in rows {
        let start = (row - rows.lowerBound) * width
        let chosen = (choice?[row] ?? 0) * width
        if let centers { subtract(centers.span, from: chosen, at: start, width, of: &elements) }
        if let scales { divide(by: scales.span, from: chosen, at: start, width, of: &elements) }
      }
    }
  }
}

private func subtract(
  _ centers: Span<Float>, from first: Int, at start: Int, _ count: Int,
  of elements: inout MutableSpan<Float>
) {
  for place in 0..<count { elements[start + place] -= centers[first + place] }
}

private func divide(
  by scales: Span<Float>, from first: Int, at start: Int, _ count: Int,
  of elements: inout MutableSpan<Float>
) {
  for place in 0..<count { elements[start + place] /= scales[first + place] }
}

/// The Euclidean norm: float32 sums of 256 squares, added in float64.
private func euclideanNorm(_ values: Span<Float>) -> Double {
  var total = 0.0
  var first = 0
  while first < values.count {
    let end = Swift.min(first + 256, values.count)
    var sum: Float = 0
    for place in first..<end {
      sum = Relaxed.multiplyAdd(values[place], values[place], sum)
    }
    total += Double(sum)
    first = end
  }
  // Squares that leave float32's range, or lose digits at its lower end, are done again in float64.
  guard !total.isFinite || total < 1e-30 else { return total.squareRoot() }
  total = 0
  for place in values.indices { total += Double(values[place]) * Double(values[place]) }
  return total.squareRoot()
}
