/// Scores ranked once, so that many labellings of them can be evaluated in linear time.
public struct RankedScores: Sendable {
  /// Twice the rank of each score from 1 up, ties sharing the mean: whole numbers, so sums are exact.
  let doubledRanks: [Int]

  /// Ranks scores.
  ///
  /// - Parameter scores: One finite score a sample.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  /// - Complexity: O(*n* log *n*).
  public init(_ scores: [Double]) throws(EvaluationError) {
    try Inputs.checkFinite(scores, "the score")
    doubledRanks = Self.doubledRanks(of: scores)
  }

  /// How many scores there are.
  public var count: Int { doubledRanks.count }

  static func doubledRanks(of scores: [Double]) -> [Int] {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var ranks = [Int](repeating: 0, count: scores.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, scores[order[end]] == scores[order[first]] { end += 1 }
      // The ranks first + 1 … end have the mean (first + 1 + end) / 2.
      for position in first..<end { ranks[order[position]] = first + 1 + end }
      first = end
    }
    return ranks
  }

  /// Returns the area under the curve for labels, or `nil` if they all agree.
  func area(labels: some Sequence<Bool>) -> Double? {
    var doubledRankSum = 0
    var positiveCount = 0
    for (rank, label) in zip(doubledRanks, labels) where label {
      doubledRankSum += rank
      positiveCount += 1
    }
    return area(doubledRankSum: doubledRankSum, positiveCount: positiveCount)
  }

  /// The Mann–Whitney statistic from the rank sum of the positive class, over the number of pairs.
  func area(doubledRankSum: Int, positiveCount: Int) -> Double? {
    let negativeCount = count - positiveCount
    guard positiveCount > 0, negativeCount > 0 else { return nil }
    let doubledWins = doubledRankSum - positiveCount * (positiveCount + 1)
    return Double(doubledWins) / Double(2 * positiveCount * negativeCount)
  }
}
