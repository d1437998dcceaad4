internal import RealModule

/// Adds the deviations of a vector from a centre to sums, subtracted and added in float64.
///
/// - Parameters:
///   - vector: x, n elements.
///   - center: c, n elements.
///   - sums: At least `start` + n elements, of which n from `start` on are added to.
///   - start: Where the sums of this vector begin.
/// - Returns: Σ (x − c)².
/// - Precondition: The counts fit.
/// - Complexity: O(*n*).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func addDeviations<Scalar: LAPACKScalar>(
  of vector: Span<Scalar>, from center: Span<Double>, to sums: inout MutableSpan<Double>,
  at start: Int
) -> Double {
  let count = vector.count
  precondition(
    center.count == count && start >= 0 && sums.count >= start + count,
    "\(count) elements, a centre of \(center.count) and sums for \(sums.count - start)")
  var squares = 0.0
  for place in 0..<count {
    let deviation = Double(vector[place]) - center[place]
    sums[start + place] += deviation
    squares = Relaxed.multiplyAdd(deviation, deviation, squares)
  }
  return squares
}

/// Writes which elements equal a value: 1 where they do and 0 elsewhere.
///
/// - Parameters:
///   - labels: n elements.
///   - value: What they are compared with.
///   - target: At least `start` + n elements, of which n from `start` on are overwritten.
///   - start: Where the indicators begin.
/// - Precondition: The indicators fit.
/// - Complexity: O(*n*).
public func writeIndicators(
  of labels: Span<UInt16>, equalTo value: UInt16, to target: inout MutableSpan<Float>, at start: Int
) {
  let count = labels.count
  precondition(
    start >= 0 && target.count >= start + count,
    "\(count) labels and room for \(target.count - start)")
  for place in 0..<count { target[start + place] = labels[place] == value ? 1 : 0 }
}

/// Adds numbers to the sum of the class that each belongs to.
///
/// - Parameters:
///   - values: n elements.
///   - labels: The class of each, from 0.
///   - sums: At least `start` + as many elements as there are classes.
///   - start: Where the sum of class 0 is.
/// - Precondition: The counts agree and every class has a sum.
/// - Complexity: O(*n*).
public func addSums(
  of values: Span<Double>, by labels: Span<UInt16>, to sums: inout MutableSpan<Double>,
  at start: Int
) {
  precondition(values.count == labels.count, "\(values.count) numbers, \(labels.count) labels")
  for place in labels.indices { sums[start + Int(labels[place])] += values[place] }
}

/// The squared Euclidean norm of every row, of products in float64.
///
/// - Parameter matrix: (n, d).
/// - Returns: One number a row.
/// - Complexity: O(*n* · *d*).
public func squaredRowNorms(of matrix: MatrixView<Float>) -> [Double] {
  let height = max(1, (1 << 16) / max(matrix.columnCount, 1))
  return Parallel.map((matrix.rowCount + height - 1) / height) { block in
    (block * height..<min((block + 1) * height, matrix.rowCount)).map {
      squaredNorm(matrix.row($0))
    }
  }.flatMap { $0 }
}

private func squaredNorm(_ values: Span<Float>) -> Double {
  var sum = 0.0
  for place in values.indices {
    sum = Relaxed.multiplyAdd(Double(values[place]), Double(values[place]), sum)
  }
  return sum
}
