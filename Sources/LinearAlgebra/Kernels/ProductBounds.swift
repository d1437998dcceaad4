/// The extremes of two bounds over the products of one row with others.
public struct ProductBounds: Sendable, Equatable {
  /// min (low − 2 · products), infinite over no products.
  public var leastLow: Double
  /// min (high − 2 · products), infinite over no products.
  public var leastHigh: Double
  /// max (low − 2 · products), −∞ over no products.
  public var mostLow: Double
  /// max (high − 2 · products), −∞ over no products.
  public var mostHigh: Double

  init(_ bounds: [Double]) {
    (leastLow, leastHigh, mostLow, mostHigh) = (bounds[0], bounds[1], bounds[2], bounds[3])
  }
}

/// The Euclidean distance of two vectors, by their differences in float64.
///
/// The sum of squares runs in eight lanes that are added in one order, so that the number is the same on
/// every processor. Differences whose squares leave the range of float64 are scaled by a power of two.
///
/// - Parameters:
///   - left: n finite elements.
///   - right: n finite elements.
/// - Returns: √Σ (left − right)².
/// - Precondition: The counts agree.
/// - Complexity: O(*n*).
public func euclideanDistance<Scalar: LAPACKScalar>(
  _ left: Span<Scalar>, _ right: Span<Scalar>
) -> Double {
  let square = Scalar.directSquaredDistance(left, right, scale: 1)
  if square.isFinite && square > 0x1p-900 { return square.squareRoot() }
  var largest = 0.0
  for place in left.indices {
    largest = max(largest, abs(Double(left[place]) * 0.5 - Double(right[place]) * 0.5))
  }
  guard largest > 0 else { return 0 }
  // Half of the difference, so that it is finite; the exponent keeps the scale a normal number.
  let exponent = min(1000, max(-1000, Int(largest.exponent)))
  let scale = Double(sign: .plus, exponent: -exponent, significand: 1)
  let scaled = Scalar.directSquaredDistance(left, right, scale: scale)
  return scaled.squareRoot() / scale
}
