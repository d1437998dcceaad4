public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// The cluster mean of representation engineering: pairs are put in random order, and the mean difference of
/// those that stood negative first is taken from that of those that stood positive first.
///
/// That is the mean difference of the one group plus that of the other, so twice the difference of means wherever
/// both groups have the same mean; elsewhere each group counts the same, however many pairs it has. The released
/// code returns the opposite vector and corrects it by a sign kept apart; here the sign is in the vector.
public struct ClusterMeanSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "cluster-mean"
  /// One line of help.
  public static let summary =
    "difference of the mean pair differences of two random orders"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Zou et al.", year: 2023,
    title: "Representation Engineering: A Top-Down Approach to AI Transparency",
    link: "https://arxiv.org/abs/2310.01405", locator: "section 3.1, cluster mean")
  /// It compares the two sides of each pair.
  public static let needsPairs = true
  /// The fewest states a side that determine a direction.
  public static let minimumCount = 2

  /// The length that the vector is given.
  public var length = VectorLength.raw
  /// Whether the positive side of each pair stands first; drawn from the seed if empty.
  public var positiveFirst: [Bool] = []

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
    let differences = try states.differences(for: Self.identifier)
    var generator = SeededGenerator(
      seed: seed, stream: SteeringStream.flips.rawValue, UInt64(layer))
    let isPositiveFirst =
      positiveFirst.isEmpty
      ? (0..<differences.rowCount).map { _ in Bool.random(using: &generator) } : positiveFirst
    guard isPositiveFirst.count == differences.rowCount else {
      throw .invalidSetting(
        method: Self.identifier, name: "positiveFirst", value: "\(positiveFirst.count) values",
        expected: "one for each of the \(differences.rowCount) pairs")
    }
    guard Set(isPositiveFirst).count == 2 else {
      throw .degenerate(
        method: Self.identifier,
        reason: "all pairs stand in the same order, so that there is one cluster; take another seed"
      )
    }
    let moments: ClassMoments
    do throws(LinearAlgebraError) {
      moments = try ClassMoments(
        of: differences.view, labels: isPositiveFirst.map { $0 ? 1 : 0 }, classCount: 2)
    } catch {
      throw .linearAlgebra(error)
    }
    return SteeringAxis(zip(moments.classes[0].means, moments.classes[1].means).map { $0 + $1 })
  }
}
