public import Evaluation

/// The difference of means, μ⁺ − μ⁻: what contrastive activation addition adds, and what most else is held
/// against.
///
/// Its own length is the distance of the two sides, so that a coefficient of 1 moves the mean of one onto that of
/// the other. Means are accumulated in float64.
///
/// Panickssery et al. (2024); Arditi et al. (2024), arXiv:2406.11717, for the refusal direction.
public struct DifferenceOfMeansSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "difference-of-means"
  /// One line of help.
  public static let summary =
    "mean of the positive states less the mean of the negative ones"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Panickssery, Gabrieli, Schulz, Tong, Hubinger & Turner", year: 2024,
    title: "Steering Llama 2 via Contrastive Activation Addition",
    link: "https://arxiv.org/abs/2312.06681")

  /// The length that the vector is given.
  public var length = VectorLength.raw

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
    SteeringAxis(states.differenceOfMeans)
  }
}
