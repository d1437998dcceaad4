/// The area under the ROC curve of fixed scores, plain or folded.
public struct AreaUnderROCStatistic: LabelStatistic {
  private let ranks: RankedScores
  private let isFolded: Bool

  /// Ranks the scores.
  ///
  /// - Parameters:
  ///   - scores: One finite score a sample, higher for the class 1.
  ///   - folded: Whether the statistic is max(A, 1 − A); folding happens inside each permutation.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  public init(scores: [Double], folded: Bool = false) throws(EvaluationError) {
    ranks = try RankedScores(scores)
    isFolded = folded
  }

  /// Returns the area; both classes must occur, as they do in every permutation of labels with both.
  public func value(labels: [Int]) -> Double {
    let doubledRanks = ranks.doubledRanks
    precondition(
      labels.count == doubledRanks.count, "\(doubledRanks.count) scores for \(labels.count) labels")
    var doubledRankSum = 0
    var positiveCount = 0
    for sample in 0..<labels.count where labels[sample] == 1 {
      doubledRankSum += doubledRanks[sample]
      positiveCount += 1
    }
    guard let area = ranks.area(doubledRankSum: doubledRankSum, positiveCount: positiveCount) else {
      preconditionFailure("an area under the curve needs labels of both classes, 0 and 1")
    }
    return isFolded ? Accuracy.folded(area) : area
  }
}
