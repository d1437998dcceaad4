/// What becomes of uncertainties that are NaN or infinite.
public enum NonFiniteScores: String, Sendable, Codable, CaseIterable {
  /// They are refused.
  case refused
  /// Infinite ones lie beyond all others, NaN is refused: what replacing them by the maximum plus 1 and the
  /// minimum minus 1 is meant to do.
  case infiniteBeyondOthers = "infinite-beyond-others"
  /// Infinite ones lie beyond all others, and NaN counts as −∞, as if the answer were the surest of all: what
  /// replacing it by a very low uncertainty, or a very high confidence, does.
  case undefinedLeastUncertain = "undefined-least-uncertain"

  /// Scores that sort as the rule says, none of them NaN.
  ///
  /// - Parameter scores: The uncertainties.
  /// - Returns: The same where all are finite, else numbers in the same order.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)`` for what the rule refuses.
  func ordered(_ scores: [Double]) throws(EvaluationError) -> [Double] {
    let refused = scores.firstIndex { (score) in
      switch self {
      case .refused: !score.isFinite
      case .infiniteBeyondOthers: score.isNaN
      case .undefinedLeastUncertain: false
      }
    }
    if let refused { throw .nonFinite(what: "the uncertainty", position: refused) }
    guard scores.contains(where: { !$0.isFinite }) else { return scores }
    let order = ScoreOrder(scores.map { $0.isNaN ? -.infinity : $0 })
    return order.runNumbers.map(Double.init)
  }
}

/// What becomes of answers whose quality is NaN, such as those that a judge gave no verdict on.
public enum MissingQuality: String, Sendable, Codable, CaseIterable {
  /// They are refused.
  case refused
  /// They are left out, with their uncertainties.
  case leftOut = "left-out"

  /// The answers that count.
  func kept(
    _ uncertainty: [Double], _ quality: [Double]
  ) -> (uncertainty: [Double], quality: [Double]) {
    guard self == .leftOut, quality.contains(where: \.isNaN), uncertainty.count == quality.count
    else { return (uncertainty, quality) }
    let kept = quality.indices.filter { !quality[$0].isNaN }
    return (kept.map { uncertainty[$0] }, kept.map { quality[$0] })
  }
}
