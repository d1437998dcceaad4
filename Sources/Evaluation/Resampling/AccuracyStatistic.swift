/// The accuracy of fixed predictions, plain or folded.
public struct AccuracyStatistic: LabelStatistic {
  private let predictions: [Int]
  private let isFolded: Bool

  /// Fixes the predictions.
  ///
  /// - Parameters:
  ///   - predictions: One prediction a sample.
  ///   - folded: Whether the statistic is max(a, 1 − a); folding happens inside each permutation.
  public init(predictions: [Bool], folded: Bool = false) {
    self.predictions = predictions.map { $0 ? 1 : 0 }
    isFolded = folded
  }

  /// Returns the share of labels that the predictions match.
  public func value(labels: [Int]) -> Double {
    precondition(
      labels.count == predictions.count && !labels.isEmpty,
      "\(predictions.count) predictions for \(labels.count) labels")
    var rightCount = 0
    for sample in 0..<labels.count where labels[sample] == predictions[sample] { rightCount += 1 }
    let accuracy = Double(rightCount) / Double(labels.count)
    return isFolded ? Accuracy.folded(accuracy) : accuracy
  }
}
