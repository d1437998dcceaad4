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

  /// Adds them; nothing is adjusted for layers that were not looked at yet.
  func apply(to cells: inout [ProbeCell], isComplete: Bool) throws(EvaluationError) {
    let measured = cells.indices.filter { cells[$0].fitted != nil }
    let families = Dictionary(grouping: measured) {
      [cells[$0].name.description, cells[$0].fold ?? "", cells[$0].dump]
    }
    for indices in families.values { try test(indices, of: &cells) }
    guard !isComplete else { return }
    for cell in cells.indices {
      for measurement in cells[cell].measurements.indices {
        cells[cell].measurements[measurement].pValueAdjusted = nil
      }
    }
  }

  private func test(_ indices: [Int], of cells: inout [ProbeCell]) throws(EvaluationError) {
    guard let first = indices.first, let labels = cells[first].scores.labels,
      Set(labels).count == 2
    else { return }
    let samples = SampleLabels(
      samples: cells[first].scores.samples, labels: labels.map { $0 ? 1 : 0 },
      groups: cells[first].scores.groups.indices)
    guard
      let permutation = try samples.permutation(
        count: permutationCount, seed: SeededGenerator.derivedSeed(seed, .permutation))
    else { return }
    var accuracies: [any LabelStatistic] = []
    var areas: [any LabelStatistic] = []
    for index in indices {
      let scores = cells[index].scores
      accuracies.append(
        samples.statistic(
          AccuracyStatistic(predictions: scores.predictions, folded: !scores.isOriented)))
      areas.append(
        samples.statistic(
          try AreaUnderROCStatistic(scores: scores.scores, folded: !scores.isOriented)))
    }
    let results = (permutation.test(accuracies), permutation.test(areas))
    // Who always answers the more frequent class has this accuracy without any signal.
    let majority = try MajorityRate.value(labels: labels)
    for (position, index) in indices.enumerated() {
      cells[index].add(results.0[position], to: [Accuracy.identifier, Accuracy.foldedIdentifier])
      cells[index].raiseChance(to: majority)
      if !cells[index].scores.isOriented {
        cells[index].addToSeparation(results.0[position])
      }
      cells[index].add(
        results.1[position], to: [AreaUnderROC.identifier, AreaUnderROC.foldedIdentifier])
    }
  }
}

extension ProbeCell {
  fileprivate mutating func raiseChance(to majority: Double) {
    for index in measurements.indices
    where [Accuracy.identifier, Accuracy.foldedIdentifier].contains(measurements[index].metric) {
      measurements[index].chance = measurements[index].chance.map { max($0, majority) }
    }
  }

  /// Empirical separation accuracy is a folded accuracy, whose chance level is defined as the majority
  /// rate.
  fileprivate mutating func addToSeparation(_ result: PermutationResult) {
    for index in measurements.indices
    where measurements[index].metric == ProbeMetric.empiricalSeparationAccuracy {
      let majority = measurements[index].chance
      measurements[index].add(result)
      measurements[index].chance = majority
    }
  }

  fileprivate mutating func add(_ result: PermutationResult, to metrics: [String]) {
    for index in measurements.indices where metrics.contains(measurements[index].metric) {
      measurements[index].add(result)
    }
  }
}
