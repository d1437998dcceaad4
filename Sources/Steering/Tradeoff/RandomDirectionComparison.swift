public import Evaluation

/// A vector's number, such as the behaviour gained at a given divergence, among those of random directions at
/// the same divergence.
public struct RandomDirectionComparison: Sendable, Codable, Equatable {
  /// The vector's number.
  public let value: Double
  /// How many random directions it is compared with.
  public let directionCount: Int
  /// The mean of theirs.
  public let randomMean: Double
  /// The standard deviation of theirs, over n − 1; undefined for one.
  public let randomDeviation: MeasuredValue
  /// (1 + how many have a number at least as high)/(1 + how many there are).
  public let pValue: Double
  /// `few-random-directions` below ``fewest``.
  public let flags: [Flag]

  /// From how many random directions on the comparison can reach 0.05.
  public static let fewest = 20

  /// Compares a number.
  ///
  /// - Parameters:
  ///   - value: The vector's, finite; higher is better.
  ///   - random: Those of random directions, at least one, finite.
  /// - Throws: ``SteeringError/invalidCurve(what:place:reason:)``.
  public init(_ value: Double, among random: [Double]) throws(SteeringError) {
    guard !random.isEmpty else {
      throw .invalidCurve(
        what: "a comparison with random directions", place: nil, reason: "there are none")
    }
    try requireFinite([value] + random, "a comparison with random directions", unit: "value")
    let count = Double(random.count)
    let mean = random.reduce(0, +) / count
    self.value = value
    directionCount = random.count
    randomMean = mean
    randomDeviation =
      random.count > 1
      ? .finite(
        (random.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot())
      : .undefined("one random direction has no spread")
    pValue = Double(1 + random.count { $0 >= value }) / (1 + count)
    flags =
      random.count < Self.fewest
      ? [Flag("few-random-directions", detail: "\(random.count), and \(Self.fewest) are wanted")]
      : []
  }
}
