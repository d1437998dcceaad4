public import Evaluation
internal import LinearAlgebra

/// Linear discriminant analysis: the difference of means by the inverse covariance within sides,
/// Σ_W⁻¹(μ⁺ − μ⁻).
///
/// The best linear reading of the side where both sides have one covariance, and for that very reason not the best
/// thing to add: it leans on directions in which states hardly vary. ``WhitenedShift`` reads along it and moves
/// along the difference of means.
///
/// - Complexity: O(*n* · *d*² + *d*³).
public struct DiscriminantSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "linear-discriminant"
  /// One line of help.
  public static let summary =
    "difference of means by the inverse covariance within sides"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Marks & Tegmark", year: 2024,
    title: "The Geometry of Truth: Emergent Linear Structure in LLM Representations",
    link: "https://arxiv.org/abs/2310.06824", locator: "section 5, mass-mean with covariance")
  /// The fewest states a side that determine a direction.
  public static let minimumCount = 2

  /// The length that the vector is given.
  public var length = VectorLength.raw
  /// What is added to every feature's variance, as a multiple of the mean variance of features.
  ///
  /// 0 asks for more states than features.
  public var ridge = 0.0

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
    guard ridge >= 0, ridge.isFinite else {
      throw .invalidSetting(
        method: Self.identifier, name: "ridge", value: "\(ridge)",
        expected: "a finite number that is not negative")
    }
    let covariance = StateCovariance(states, around: .side)
    do throws(LinearAlgebraError) {
      let vector = try covariance.solved(
        states.differenceOfMeans, ridge: ridge * covariance.meanVariance)
      if let vector { return SteeringAxis(vector) }
    } catch {
      throw .linearAlgebra(error)
    }
    throw .degenerate(
      method: Self.identifier,
      reason: "the covariance of \(states.width) features within sides is singular with "
        + "\(states.count) states; set \(Self.identifier).ridge above 0, such as 0.01, or export "
        + "more prompts")
  }
}
