public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// Linear artificial tomography as EasySteer has it: all states are shuffled regardless of their side, those of
/// the first half less those of the second half are scaled to length 1, and their first principal component is
/// taken.
///
/// A pair of the shuffle is of two different sides only half of the time. An odd state at the end, and pairs that
/// do not differ, are left out.
public struct ShuffledTomographySteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "shuffled-tomography"
  /// One line of help.
  public static let summary =
    "first principal component of differences of states shuffled without labels"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "ZJU-REAL", year: 2025, title: "EasySteer: LAT",
    link: "https://github.com/ZJU-REAL/EasySteer")
  /// The fewest states a side that determine a direction.
  public static let minimumCount = 2

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
    var generator = SeededGenerator(
      seed: seed, stream: SteeringStream.shuffle.rawValue, UInt64(layer))
    let order = (0..<states.count).shuffled(using: &generator)
    let half = states.count / 2
    let positiveCount = states.positive.rowCount
    let row = { (place: Int) in
      place < positiveCount
        ? states.positive.row(place) : states.negative.row(place - positiveCount)
    }
    var rows: [[Float]] = []
    for place in 0..<half {
      let difference = zip(row(order[place]), row(order[place + half])).map { $0 - $1 }
      let norm = dotProduct(difference.span, difference.span).squareRoot()
      if norm > 0 { rows.append(difference.map { Float(Double($0) / norm) }) }
    }
    guard rows.count > 1 else {
      throw .degenerate(method: Self.identifier, reason: "fewer than 2 of its pairs differ")
    }
    return try SteeringAxis(
      leadingComponentOf: [Matrix(rows: rows)], centering: .columns, method: Self.identifier)
  }
}
