/// The Euclidean norm of a vector, safe from overflow and underflow of the squares.
///
/// - Parameter vector: n elements.
/// - Returns: √Σ x²; infinity or NaN only if an element is.
/// - Complexity: O(*n*).
public func euclideanNorm(_ vector: Span<Double>) -> Double {
  let sum = dotProduct(vector, vector)
  // Squares that leave the range, or lose digits at its lower end, are taken again of scaled elements.
  guard !sum.isFinite || sum < 0x1p-900 else { return sum.squareRoot() }
  var largest = 0.0
  for place in vector.indices { largest = max(largest, vector[place].magnitude) }
  guard largest > 0, largest.isFinite else { return sum.isNaN ? .nan : largest }
  var scaledSum = 0.0
  for place in vector.indices {
    let scaled = vector[place] / largest
    scaledSum += scaled * scaled
  }
  return largest * scaledSum.squareRoot()
}

/// Adds a multiple of a vector to another: y ← y + factor · x.
///
/// - Parameters:
///   - factor: Multiplies every element of x.
///   - source: x, n elements.
///   - target: y, n elements.
/// - Precondition: The counts agree.
/// - Complexity: O(*n*).
public func addProduct(
  of factor: Double, and source: Span<Double>, to target: inout MutableSpan<Double>
) {
  precondition(source.count == target.count, "\(source.count) and \(target.count) elements")
  for place in source.indices { target[place] += factor * source[place] }
}

/// A vector moved along another: x + factor · d.
///
/// - Parameters:
///   - point: x, n elements.
///   - direction: d, n elements.
///   - factor: Multiplies every element of d.
/// - Returns: n elements.
/// - Precondition: The counts agree.
/// - Complexity: O(*n*).
public func moved(
  _ point: Span<Double>, along direction: Span<Double>, by factor: Double
) -> [Double] {
  precondition(point.count == direction.count, "\(point.count) and \(direction.count) elements")
  return [Double](capacity: point.count) { output in
    for place in point.indices { output.append(point[place] + factor * direction[place]) }
  }
}
