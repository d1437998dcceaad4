/// How many answers share their uncertainty with another one.
///
/// Metrics of an order depend on what is done with ties; where there are many, two packages differ though neither
/// is wrong.
public struct TieDiagnostics: Sendable, Equatable, Codable {
  /// How many sets of two or more answers have the same uncertainty.
  public let groupCount: Int
  /// The size of the largest of them; 1 if there is none.
  public let largestGroup: Int
  /// How many answers are in one of them.
  public let tiedCount: Int
  /// How many answers there are.
  public let sampleCount: Int

  /// The share of the answers that are tied.
  public var tiedShare: Double { Double(tiedCount) / Double(sampleCount) }

  /// Counts ties.
  ///
  /// - Parameter uncertainty: One finite number an answer.
  /// - Throws: ``EvaluationError`` for no answers or a number that is not finite.
  /// - Complexity: O(*n* log *n*).
  public init(_ uncertainty: [Double]) throws(EvaluationError) {
    guard !uncertainty.isEmpty else { throw .noSamples(metric: "a count of ties") }
    try Inputs.checkFinite(uncertainty, "the uncertainty")
    let ends = ScoreOrder(uncertainty).ends
    let sizes = zip(ends, [0] + ends).map { $0 - $1 }
    let tied = sizes.filter { $0 > 1 }
    groupCount = tied.count
    largestGroup = sizes.max() ?? 1
    tiedCount = tied.reduce(0, +)
    sampleCount = uncertainty.count
  }

  /// The flag that a result with ties carries.
  public var flag: Flag? {
    guard groupCount > 0 else { return nil }
    return Flag(
      "tied-scores",
      detail: "\(tiedCount) of \(sampleCount) answers in \(groupCount) groups, the largest of "
        + "\(largestGroup)")
  }
}
