/// What a coefficient of 1 means.
///
/// Methods give vectors of all lengths: components are unit vectors, differences of means as long as the gap, which grows
/// with depth. In a unit of the states' own a coefficient means the same at any layer and for any method.
public enum CoefficientUnit: String, Sendable, Codable, CaseIterable {
  /// Once the vector, whatever its length.
  case raw
  /// ‖μ⁺ − μ⁻‖ along the vector: for a difference of means, once the vector.
  case distanceOfMeans = "distance-of-means"
  /// The standard deviation of the states along the vector, as inference-time intervention has it.
  case standardDeviation = "standard-deviation"
  /// The mean length of the states.
  case stateNorm = "state-norm"
}

extension SteeringDirection {
  /// The vector whose multiples are coefficients in a unit.
  ///
  /// - Parameter unit: What a coefficient of 1 means.
  /// - Returns: The vector at the length of that unit.
  /// - Throws: ``SteeringError/degenerate(method:reason:)`` where the states have no extent along the vector.
  public func vector(in unit: CoefficientUnit) throws(SteeringError) -> [Double] {
    let length =
      switch unit {
      case .raw: norm
      case .distanceOfMeans: diagnostics.distanceOfMeans
      case .standardDeviation: diagnostics.standardDeviation
      case .stateNorm: diagnostics.meanStateNorm
      }
    guard length > 0 else {
      throw .degenerate(
        method: method,
        reason:
          "coefficients in units of \(unit.rawValue) have no size, for that is 0 at layer \(layer)")
    }
    return self.unit.map { $0 * length }
  }
}
