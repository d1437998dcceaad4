internal import RealModule

/// The rows that a fit learns from, with their weights.
struct LogisticPart: Sendable {
  /// How many rows the fit learns from.
  let rowCount: Int
  /// How much a sample of each class counts; their mean over the rows that the fit learns from is 1.
  let classWeights: [Double]
  /// One weight a row: 0 where it is held out; they add up to 1.
  let sampleWeights: [Double]
  /// The log-odds of label 1 among the weighted rows: the best intercept of weights of zero.
  let baseLogit: Double

  /// All rows but those of one fold.
  ///
  /// - Parameters:
  ///   - labels: 0 or 1, one a row.
  ///   - fold: The fold that is held out, or `nil` for none.
  ///   - folds: The fold of each row; not read for no fold.
  ///   - classWeight: How much the samples of each class count.
  /// - Throws: ``OptimizationError/oneClass(label:fold:)``.
  init(
    _ labels: [Int], holdingOut fold: Int?, of folds: [Int],
    classWeight: LogisticRegression.ClassWeight
  ) throws(OptimizationError) {
    let learns = labels.indices.map { fold == nil || folds[$0] != fold }
    var counts = [0, 0]
    for (label, learns) in zip(labels, learns) where learns { counts[label] += 1 }
    guard counts[0] > 0, counts[1] > 0 else {
      throw .oneClass(label: counts[1] > 0 ? 1 : 0, fold: fold)
    }
    let total = counts[0] + counts[1]
    let classWeights =
      classWeight == .none ? [1, 1] : counts.map { Double(total) / Double(2 * $0) }
    rowCount = total
    baseLogit = Double.log(
      classWeights[1] * Double(counts[1]) / (classWeights[0] * Double(counts[0])))
    self.classWeights = classWeights
    sampleWeights = zip(labels, learns).map { label, learns in
      learns ? classWeights[label] / Double(total) : 0
    }
  }
}
