public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// Linear artificial tomography: the sides of each pair are put in random order, and the first principal
/// component of their differences is taken.
///
/// Random signs keep the mean difference in the second moment while their own mean tends to zero, so that it tends
/// to ``PairwiseComponentSteering`` as pairs grow; with few pairs it varies with the seed. Published examples draw
/// the order by Python's `random`; give `flips` to follow one of them exactly.
public struct TomographySteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "linear-artificial-tomography"
  /// One line of help.
  public static let summary =
    "first principal component of pair differences in random order, centred"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Zou et al.", year: 2023,
    title: "Representation Engineering: A Top-Down Approach to AI Transparency",
    link: "https://arxiv.org/abs/2310.01405", locator: "section 3.1")
  /// It compares the two sides of each pair.
  public static let needsPairs = true
  /// The fewest states a side that determine a direction.
  public static let minimumCount = 2
  /// The settings of the released code.
  public static let variants = [
    MethodVariant(
      "released", summary: "with the sign rule of the code released with the paper",
      overrides: ["signRule": .string(SignRule.pairExtremes.rawValue)])
  ]

  /// How the sign is settled; an eigenvector has none of its own.
  public var signRule = SignRule.differenceOfMeans
  /// The length that the vector is given.
  public var length = VectorLength.unit
  /// 1 for each pair that stays as it is and −1 for each that is turned round; drawn from the seed if empty.
  public var flips: [Int] = []

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
    var differences = try states.differences(for: Self.identifier)
    let signs = try self.signs(count: differences.rowCount, seed: seed, layer: layer)
    for (row, sign) in signs.enumerated() where sign < 0 { differences.scaleRow(row, by: -1) }
    return try SteeringAxis(
      leadingComponentOf: [differences], centering: .columns, method: Self.identifier)
  }

  /// 1 for each pair that stays as it is and −1 for each that is turned round.
  private func signs(count: Int, seed: UInt64, layer: Int) throws(SteeringError) -> [Int] {
    guard flips.isEmpty else {
      guard flips.count == count, flips.allSatisfy({ $0 == 1 || $0 == -1 }) else {
        throw .invalidSetting(
          method: Self.identifier, name: "flips", value: "\(flips.count) numbers",
          expected: "one of 1 and -1 for each of the \(count) pairs")
      }
      return flips
    }
    var generator = SeededGenerator(
      seed: seed, stream: SteeringStream.flips.rawValue, UInt64(layer))
    return (0..<count).map { _ in Bool.random(using: &generator) ? 1 : -1 }
  }
}
