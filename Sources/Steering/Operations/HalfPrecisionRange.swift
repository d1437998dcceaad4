public import Evaluation
public import LinearAlgebra

/// Whether states that move along a vector stay in the range of float16, in which many models run.
public enum HalfPrecisionRange {
  /// The largest number of float16.
  public static let largest = 65504.0

  /// What to say of a sweep that leaves the range.
  ///
  /// - Parameters:
  ///   - states: (n, width), finite.
  ///   - vector: What is added to them, of their width.
  ///   - coefficients: How often.
  /// - Returns: A flag with the first coefficient, by size, at which an element of a state does not fit; `nil` if none.
  /// - Complexity: O(*n* · *d*).
  public static func flag(
    for states: Matrix<Float>, along vector: [Double], coefficients: [Double]
  ) -> Flag? {
    guard states.rowCount > 0 else { return nil }
    var bounds = (0..<states.columnCount).map { (Double(states[0, $0]), Double(states[0, $0])) }
    for row in 1..<max(1, states.rowCount) {
      for column in bounds.indices {
        let value = Double(states[row, column])
        bounds[column] = (min(bounds[column].0, value), max(bounds[column].1, value))
      }
    }
    let first = coefficients.sorted { $0.magnitude < $1.magnitude }.first { coefficient in
      zip(bounds, vector).contains { bound, element in
        max(-(bound.0 + coefficient * element), bound.1 + coefficient * element) > largest
      }
    }
    return first.map {
      Flag(
        "overflows-float16",
        detail:
          "from a coefficient of \($0) on, states have elements beyond 65504, which a model in float16 cannot hold"
      )
    }
  }
}
