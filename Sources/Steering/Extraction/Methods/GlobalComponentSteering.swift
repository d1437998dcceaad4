public import Evaluation
internal import LinearAlgebra

/// The first principal component of all states of both sides together.
///
/// It finds the concept only if that is what all states vary most by; pairs are not looked at, but for the sign.
/// IBM's activation steering calls it `pca_center` since July 2025, and before that used the name for
/// ``PairwiseComponentSteering``.
public struct GlobalComponentSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "global-component"
  /// One line of help.
  public static let summary =
    "first principal component of all states of both sides"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "IBM", year: 2025, title: "activation-steering: pca_center",
    link: "https://github.com/IBM/activation-steering")
  /// The settings of other tools.
  public static let variants = [
    MethodVariant(
      "ibm", summary: "pca_center of IBM's activation steering since July 2025",
      overrides: ["signRule": .string(SignRule.pairMajority.rawValue)])
  ]

  /// How the sign is settled; an eigenvector has none of its own.
  public var signRule = SignRule.differenceOfMeans
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
    try SteeringAxis(
      leadingComponentOf: [states.positive, states.negative], centering: .columns,
      method: Self.identifier)
  }
}
