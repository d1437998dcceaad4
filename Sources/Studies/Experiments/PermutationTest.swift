internal import Evaluation
internal import Optimization
internal import Probes

/// Adds chance and p values to cells by permuting the test labels.
///
/// Cells that share a method, a fold and a dump differ by layer only and see the same permutations, so
/// the adjusted p value accounts for having looked at all of those layers.
struct PermutationTest: Sendable {
  let permutationCount: Int
  let seed: UInt64

  func apply(to cells: inout [ProbeCell]) throws(EvaluationError) {
    let measured = cells.indices.filter { cells[$0].fitted != nil }
    let families = Dictionary(grouping: measured) {
      [cells[$0].method, cells[$0].fold ?? "", cells[$0].dump]
    }
    for indices in families.values { try test(indices, of: &cells) }
  }

  private func test(_ indices: [Int], of cells: inout [ProbeCell]) throws(EvaluationError) {
    guard let first = indices.first, let labels = cells[first].scores.labels,
      Set(labels).count == 2
    else { return }
    let permutation: LabelPermutation
    do {
      permutation = try LabelPermutation(
        labels: labels, groups: cells[first].scores.groups, permutationCount: permutationCount,
        seed: SeededGenerator.derivedSeed(seed, .permutation))
    } catch {
      if case .nothingToPermute = error { return }
      throw error
    }
    var accuracies: [any LabelStatistic] = []
    var areas: [any LabelStatistic] = []
    for index in indices {
      let scores = cells[index].scores
      accuracies.append(
        AccuracyStatistic(predictions: scores.predictions, folded: !scores.isOriented))
      areas.append(try AreaUnderROCStatistic(scores: scores.scores, folded: !scores.isOriented))
    }
    let results = (permutation.test(accuracies), permutation.test(areas))
    for (position, index) in indices.enumerated() {
      cells[index].add(results.0[position], to: [Accuracy.identifier, Accuracy.foldedIdentifier])
      cells[index].add(
        results.1[position], to: [AreaUnderROC.identifier, AreaUnderROC.foldedIdentifier])
    }
  }
}

extension ProbeCell {
  fileprivate mutating func add(_ result: PermutationResult, to metrics: [String]) {
    for index in measurements.indices where metrics.contains(measurements[index].metric) {
      measurements[index].add(result)
    }
  }
}
