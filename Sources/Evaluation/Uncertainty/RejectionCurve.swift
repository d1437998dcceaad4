/// The mean quality of the answers that are kept, by the share that is rejected.
///
/// The curve behind ``PredictionRejectionRatio`` and the areas beside it: what a plot shows. Ties are the mean over
/// their orders unless a rule says otherwise.
public struct RejectionCurve: Sendable, Equatable, Codable {
  /// One point of the curve.
  public struct Point: Sendable, Equatable, Codable {
    /// How many answers are kept, from all down to one.
    public var keptCount: Int
    /// The share of answers that is rejected, from 0.
    public var rejectedShare: Double
    /// The expected mean quality of the answers that are kept.
    public var meanQuality: Double
  }

  /// The points, from no answer rejected to all but one.
  public let points: [Point]

  /// Computes the curve of one score.
  ///
  /// - Parameters:
  ///   - uncertainty: One finite number an answer, higher is worse.
  ///   - quality: One finite number an answer, higher is better.
  ///   - ties: What becomes of equal uncertainties.
  /// - Throws: ``EvaluationError`` for no answers, counts that disagree or numbers that are not finite.
  /// - Complexity: O(*n* log *n*).
  public init(
    uncertainty: [Double], quality: [Double], ties: TieRule = .expected
  ) throws(EvaluationError) {
    guard !quality.isEmpty else { throw .noSamples(metric: "a rejection curve") }
    try Inputs.check(uncertainty.count, "uncertainties", quality.count, "answers with a quality")
    try Inputs.checkFinite(quality, "the quality")
    let order = ScoreOrder(try NonFiniteScores.refused.ordered(uncertainty), ties: ties)
    let all = quality.count
    var points: [Point] = []
    order.forEachPrefix(of: quality, SampleWeights(once: all)) { count, sum in
      points.append(
        Point(
          keptCount: count, rejectedShare: Double(all - count) / Double(all),
          meanQuality: sum / Double(count)))
    }
    self.points = points.reversed()
  }

  /// Computes the curve that no score can exceed, of rejecting the worst answers first.
  ///
  /// - Parameter quality: One finite number an answer, higher is better.
  /// - Returns: The curve.
  /// - Throws: As the initialiser.
  /// - Complexity: O(*n* log *n*).
  public static func oracle(of quality: [Double]) throws(EvaluationError) -> RejectionCurve {
    try Inputs.checkFinite(quality, "the quality")
    return try RejectionCurve(uncertainty: quality.map { -$0 }, quality: quality)
  }
}
