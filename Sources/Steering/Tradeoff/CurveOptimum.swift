/// Where a measured curve is highest: the best coefficient of a grid, and between its neighbours by golden
/// section.
public struct CurveOptimum: Sendable, Codable, Equatable {
  /// The coefficient.
  public let coefficient: Double
  /// The curve's value there.
  public let value: Double
  /// Whether the place was refined between coefficients of the grid.
  public let isRefined: Bool
  /// Whether the best coefficient is an end of the grid, so that a better one may lie beyond.
  public let isAtEdge: Bool

  /// Looks for the highest value.
  ///
  /// - Parameters:
  ///   - coefficients: At least one, rising.
  ///   - values: The curve at each.
  ///   - tolerance: How far from the maximum the place may be, as a share of the bracket; a lower one costs more
  ///     evaluations.
  ///   - objective: The curve anywhere, if it can be computed. It is assumed to have one maximum between
  ///     neighbours of the grid.
  /// - Throws: What `objective` throws; ``SteeringError/invalidCurve(what:place:reason:)`` for no values or one that
  ///   is not finite, ``SteeringError/widthMismatch(what:expected:actual:)``.
  public init(
    coefficients: [Double], values: [Double], tolerance: Double = 1e-8,
    objective: ((Double) throws(SteeringError) -> Double)? = nil
  ) throws(SteeringError) {
    try requireWidth(values.count, coefficients.count, "the values of the curve")
    try requireFinite(values, "the curve", unit: "coefficient")
    guard let best = values.indices.max(by: { values[$0] < values[$1] }) else {
      throw .invalidCurve(what: "the curve", place: nil, reason: "it has no coefficients")
    }
    isAtEdge = best == 0 || best == values.count - 1
    guard let objective else {
      (coefficient, value, isRefined) = (coefficients[best], values[best], false)
      return
    }
    let ends = (max(best - 1, 0), min(best + 1, values.count - 1))
    let found = try Self.goldenSection(
      from: coefficients[ends.0], to: coefficients[ends.1], tolerance: tolerance, objective)
    // Where the curve has several maxima the section may end in a lower one.
    let isBetter = found.value > values[best]
    coefficient = isBetter ? found.place : coefficients[best]
    value = isBetter ? found.value : values[best]
    isRefined = isBetter
  }

  /// Kiefer (1953), doi:10.1090/S0002-9939-1953-0055639-3.
  private static func goldenSection(
    from start: Double, to end: Double, tolerance: Double,
    _ objective: (Double) throws(SteeringError) -> Double
  ) throws(SteeringError) -> (place: Double, value: Double) {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (lower, upper) = (start, end)
    var left = upper - ratio * (upper - lower)
    var right = lower + ratio * (upper - lower)
    var leftValue = try objective(left)
    var rightValue = try objective(right)
    while upper - lower > max(tolerance, 1e-14) * (end - start) {
      if leftValue >= rightValue {
        upper = right
        (right, rightValue) = (left, leftValue)
        left = upper - ratio * (upper - lower)
        leftValue = try objective(left)
      } else {
        lower = left
        (left, leftValue) = (right, rightValue)
        right = lower + ratio * (upper - lower)
        rightValue = try objective(right)
      }
    }
    return leftValue >= rightValue ? (left, leftValue) : (right, rightValue)
  }
}
