internal import RealModule

/// The dot product of two vectors, accumulated in float64.
///
/// Partial sums of 256 products are taken in the scalar's own precision and added in `Double`.
///
/// - Parameters:
///   - left: n elements.
///   - right: n elements.
/// - Returns: Σ left · right.
/// - Precondition: The counts agree.
/// - Complexity: O(*n*).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func dotProduct<Scalar: LAPACKScalar>(
  _ left: Span<Scalar>, _ right: Span<Scalar>
) -> Double {
  precondition(left.count == right.count, "\(left.count) and \(right.count) elements")
  var total = 0.0
  for first in stride(from: 0, to: left.count, by: 256) {
    var sum: Scalar = 0
    for place in first..<min(first + 256, left.count) {
      sum = Relaxed.multiplyAdd(left[place], right[place], sum)
    }
    total += Double(sum)
  }
  return total
}

/// The squared Euclidean distance of two vectors, accumulated in float64.
///
/// - Parameters:
///   - left: n elements.
///   - right: n elements.
/// - Returns: Σ (left − right)².
/// - Precondition: The counts agree.
/// - Complexity: O(*n*).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func squaredDistance<Scalar: LAPACKScalar>(
  _ left: Span<Scalar>, _ right: Span<Scalar>
) -> Double {
  precondition(left.count == right.count, "\(left.count) and \(right.count) elements")
  var total = 0.0
  for first in stride(from: 0, to: left.count, by: 256) {
    var sum: Scalar = 0
    for place in first..<min(first + 256, left.count) {
      let difference = left[place] - right[place]
      sum = Relaxed.multiplyAdd(difference, difference, sum)
    }
    total += Double(sum)
  }
  return total
}
