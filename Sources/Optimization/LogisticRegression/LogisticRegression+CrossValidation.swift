public import LinearAlgebra

extension LogisticRegression {
  /// Fits a regression with that penalty of several under which held-out rows are told best.
  ///
  /// Each fold in turn is held out and scored by fits on the others, all folds and penalties in one
  /// batch; then the best penalty is fitted on all rows, by
  /// ``fit(rows:labels:penalty:)`` to the last bit. Rows of one group belong in one fold.
  ///
  /// The held-out loss is weighted as the fit is, where classes have weights; scikit-learn's
  /// `neg_log_loss` never is.
  ///
  /// - Parameters:
  ///   - rows: (n, features), finite.
  ///   - labels: 0 or 1, one a row.
  ///   - folds: The fold of each row, any numbers. Every fold must leave both classes to the others.
  ///   - penalties: The penalties to choose from, at least one.
  /// - Returns: The losses of all penalties and the fit with the best.
  /// - Throws: ``OptimizationError`` for other rows, labels, folds or penalties.
  /// - Complexity: As folds · penalties + 1 fits, in about a tenth of their time.
  public func crossValidate(
    rows: MatrixView<Float>, labels: [Int], folds: [Int],
    penalties: [LogisticPenalty] = LogisticPenalty.defaultGrid
  ) throws(OptimizationError) -> CrossValidatedLogisticRegression {
    guard !penalties.isEmpty else { throw .noPenalties }
    guard folds.count == rows.rowCount else {
      throw .countMismatch(what: "fold numbers", count: folds.count, rowCount: rows.rowCount)
    }
    let data = try LogisticData(rows: rows, labels: labels)
    let numbers = Set(folds).sorted()
    guard numbers.count >= 2 else { throw .tooFewFolds(count: numbers.count) }
    var parts: [LogisticPart] = []
    for number in numbers {
      parts.append(
        try LogisticPart(labels, holdingOut: number, of: folds, classWeight: classWeight))
    }
    let solution = try LogisticSolution(
      data, parts: parts, penalties: penalties, optimizer: optimizer)
    let losses = Self.heldOutLosses(
      solution.logits, labels: labels, parts: parts, penaltyCount: penalties.count)
    let strengths = penalties.map { $0.strength(rowCount: labels.count) }
    let chosen = Self.best(losses, strengths: strengths)
    return CrossValidatedLogisticRegression(
      penalties: penalties, heldOutLosses: losses, chosenIndex: chosen,
      isAtEdge: Self.isAtEdge(strengths[chosen], of: strengths),
      foldFits: parts.indices.map { solution.fitted($0 * penalties.count + chosen) },
      fitted: try fit(data, penalty: penalties[chosen]))
  }

  /// The mean loss for each penalty over all rows, each in the one part that holds it out.
  private static func heldOutLosses(
    _ logits: Matrix<Double>, labels: [Int], parts: [LogisticPart], penaltyCount: Int
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: penaltyCount)
    var total = 0.0
    for (row, label) in labels.enumerated() {
      for (number, part) in parts.enumerated() where part.sampleWeights[row] == 0 {
        let weight = part.classWeights[label]
        total += weight
        for penalty in 0..<penaltyCount {
          let logit = logits[row, number * penaltyCount + penalty]
          sums[penalty] += weight * LogisticLoss.value(logit: logit, label: label)
        }
      }
    }
    return sums.map { $0 / total }
  }

  /// The place of the lowest loss; of several, that of the strongest penalty.
  private static func best(_ losses: [Double], strengths: [Double]) -> Int {
    var best = 0
    for place in losses.indices.dropFirst() {
      if losses[place] < losses[best]
        || (losses[place] == losses[best] && strengths[place] > strengths[best])
      {
        best = place
      }
    }
    return best
  }

  private static func isAtEdge(_ strength: Double, of strengths: [Double]) -> Bool {
    let isStrongest = !strengths.contains { $0 > strength }
    let isWeakest = !strengths.contains { $0 < strength }
    return isStrongest != isWeakest
  }
}
