public import Evaluation
internal import LinearAlgebra

/// The direction that least-squares concept erasure (LEACE) reads the side along: Σ⁺(μ⁺ − μ⁻), with the
/// covariance Σ of all states and its Moore–Penrose inverse.
///
/// With more states than features it is parallel to ``DiscriminantSteering``; unlike that it exists for any
/// number of states. The erasure itself, which moves states along the difference of means, is
/// ``ConceptErasure``.
///
/// - Complexity: O(*n* · *d* · min(*n*, *d*) + min(*n*, *d*)³).
public struct LeastSquaresErasureSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "leace"
  /// One line of help.
  public static let summary =
    "direction that least-squares concept erasure reads the side along"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Belrose, Schneider-Joseph, Ravfogel, Cotterell, Raff & Biderman", year: 2023,
    title: "LEACE: Perfect linear concept erasure in closed form",
    link: "https://arxiv.org/abs/2306.03819", locator: "theorem 4.3")
  /// The fewest states a side that determine a direction.
  public static let minimumCount = 2

  /// The length that the vector is given.
  public var length = VectorLength.unit

  /// Creates the method with its published defaults.
  public init() {}

  /// The axis, as ``SteeringMethod/axis(of:seed:layer:)`` says.
  ///
  /// - Parameters:
  ///   - states: The states of one layer.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: The axis.
  /// - Throws: ``SteeringError``.
  public func axis(
    of states: SteeringStates, seed: UInt64, layer: Int
  ) throws(SteeringError) -> SteeringAxis {
    do throws(LinearAlgebraError) {
      return SteeringAxis(
        try StateCovariance(states, around: .all).pseudoSolved(states.differenceOfMeans))
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
