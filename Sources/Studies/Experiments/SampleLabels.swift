package import Evaluation

/// Permutes one label a sample where a sample has several rows, such as the wordings of a prompt.
///
/// Rows of one sample always share a label; permuting rows would part them, and the null distribution
/// would be far too narrow.
package struct SampleLabels: Sendable {
  /// One label a sample.
  package let labels: [Int]
  /// One group a sample.
  let groups: [Int]
  /// The position in ``labels`` of each row's sample.
  let sampleOfRow: [Int]

  package init(samples: [Int], labels: [Int], groups: [Int]) {
    var positions: [Int: Int] = [:]
    var sampleLabels: [Int] = []
    var sampleGroups: [Int] = []
    sampleOfRow = samples.indices.map { row in
      if let position = positions[samples[row]] { return position }
      positions[samples[row]] = sampleLabels.count
      sampleLabels.append(labels[row])
      sampleGroups.append(groups[row])
      return sampleLabels.count - 1
    }
    self.labels = sampleLabels
    self.groups = sampleGroups
  }

  /// One label a row.
  package func rows(_ labels: [Int]) -> [Int] { sampleOfRow.map { labels[$0] } }

  /// A statistic of rows as one of samples.
  func statistic(_ base: any LabelStatistic) -> any LabelStatistic {
    FunctionStatistic { base.value(labels: rows($0)) }
  }

  /// Permutations of the samples' labels; `nil` if none changes a label.
  package func permutation(count: Int, seed: UInt64) throws(EvaluationError) -> LabelPermutation? {
    do {
      return try LabelPermutation(
        classes: labels, groups: Grouping(groups), permutationCount: count, seed: seed)
    } catch {
      if case .nothingToPermute = error { return nil }
      throw error
    }
  }
}
