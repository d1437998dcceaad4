internal import Activations
public import LinearAlgebra

/// Least-squares concept erasure (LEACE) of which side a state is of: the smallest change after which no linear
/// reading tells the sides apart.
///
/// x − δ (δᵀ Σ⁺ (x − μ)) / (δᵀ Σ⁺ δ), with the difference of means δ, the mean μ and the covariance Σ of all states:
/// the closed form of two classes.
///
/// Belrose et al. (2023), arXiv:2306.03819, theorem 4.3.
public struct ConceptErasure: Sendable, Codable, Equatable {
  private let difference: ParameterArray<Double>
  private let reading: ParameterArray<Double>
  private let center: ParameterArray<Double>

  /// Learns the erasure from states.
  ///
  /// - Parameter states: Both sides.
  /// - Throws: ``SteeringError/degenerate(method:reason:)`` if the sides have one mean.
  /// - Complexity: O(*n* · *d* · min(*n*, *d*) + min(*n*, *d*)³).
  public init(_ states: SteeringStates) throws(SteeringError) {
    let covariance = StateCovariance(states, around: .all)
    let delta = states.differenceOfMeans
    let weights: [Double]
    do throws(LinearAlgebraError) {
      weights = try covariance.pseudoSolved(delta)
    } catch {
      throw .linearAlgebra(error)
    }
    let scale = dotProduct(delta.span, weights.span)
    guard scale > 0, scale.isFinite else {
      throw .degenerate(
        method: LeastSquaresErasureSteering.identifier,
        reason: "the two sides have the same mean, so that there is nothing to erase")
    }
    difference = ParameterArray(delta)
    reading = ParameterArray(weights.map { $0 / scale })
    center = ParameterArray(covariance.mean)
  }

  /// How many features a state has.
  public var width: Int { center.values.count }

  /// Erases the concept from states.
  ///
  /// - Parameter states: (rows, width).
  /// - Returns: As many states; on those that it was learned from, the sides have one mean.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``.
  public func applied(to states: Matrix<Float>) throws(SteeringError) -> Matrix<Float> {
    guard states.columnCount == width else {
      throw .widthMismatch(what: "the states", expected: width, actual: states.columnCount)
    }
    let offset = dotProduct(reading.values.span, center.values.span)
    let readings = DirectionReadings.projections(of: states, on: reading.values)
    let delta = difference.values
    return Matrix(rowCount: states.rowCount, columnCount: width) { row, column in
      Float(Double(states[row, column]) - (readings[row] - offset) * delta[column])
    }
  }
}

/// Steering that reads along the discriminant and moves along the difference of means: x + t δ / (aᵀδ), with
/// a = Σ_W⁻¹ δ, so that the reading a · x grows by t.
public struct WhitenedShift: Sendable, Equatable {
  /// What is added for a shift of 1.
  public let step: [Double]

  /// Learns the shift from states.
  ///
  /// - Parameters:
  ///   - states: Both sides.
  ///   - ridge: As ``DiscriminantSteering/ridge``.
  /// - Throws: As ``DiscriminantSteering``.
  public init(_ states: SteeringStates, ridge: Double = 0) throws(SteeringError) {
    var method = DiscriminantSteering()
    method.ridge = ridge
    let reading = try method.direction(of: states).vector
    let delta = states.differenceOfMeans
    let gain = dotProduct(reading.span, delta.span)
    guard gain > 0 else {
      throw .degenerate(
        method: DiscriminantSteering.identifier,
        reason: "moving along the difference of means does not raise the reading")
    }
    step = delta.map { $0 / gain }
  }
}
