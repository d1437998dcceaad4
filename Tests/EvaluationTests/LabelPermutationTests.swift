import Evaluation
import Optimization
import Testing

@Suite struct LabelPermutationTests {
  /// All labellings with as many true labels as the given ones.
  private func arrangements(_ labels: [Bool]) -> [[Int]] {
    let positiveCount = labels.count { $0 }
    return (0..<(1 << labels.count)).filter { $0.nonzeroBitCount == positiveCount }.map { (bits) in
      (0..<labels.count).map { bits >> $0 & 1 }
    }
  }

  /// The exact p value and mean over equally likely labellings.
  private func exact(
    _ statistic: some LabelStatistic, _ labels: [Bool], _ labellings: [[Int]]
  ) -> (pValue: Double, chance: Double) {
    let observed = statistic.value(labels: labels.map { $0 ? 1 : 0 })
    let values = labellings.map { statistic.value(labels: $0) }
    let count = Double(labellings.count)
    return (Double(values.count { $0 >= observed }) / count, values.reduce(0, +) / count)
  }

  private let scores = [0.9, 2.0, 1.5, 0.1, 0.7, 1.1, 0.2, 1.5]
  private let labels = [true, true, false, false, true, true, false, false]

  /// Oracle: exact enumeration of all labellings; 5 standard errors of B random ones.
  @Test(arguments: [false, true])
  func ungroupedTestsAgreeWithEnumeration(folded: Bool) throws {
    let permutation = try LabelPermutation(
      labels: labels, groups: Grouping(ungrouped: 8), permutationCount: 20_000, seed: 1)
    #expect(permutation.scheme == .betweenGroups)
    let area = try AreaUnderROCStatistic(scores: scores, folded: folded)
    let accuracy = AccuracyStatistic(predictions: scores.map { $0 > 0.8 }, folded: folded)
    let results = permutation.test([area, accuracy])
    let labellings = arrangements(labels)
    #expect(labellings.count == 70)
    #expect(
      results[0].flags.map(\.rawValue) == ["few-arrangements: 70, so no p value is below 1/70"])
    for (result, expected) in zip(
      results, [exact(area, labels, labellings), exact(accuracy, labels, labellings)])
    {
      let error = (expected.pValue * (1 - expected.pValue) / 20_000).squareRoot()
      #expect(abs(result.pValue - expected.pValue) < 5 * error + 1 / 20_000)
      // A statistic in [0, 1] has a deviation of at most one half.
      #expect(abs(result.chance - expected.chance) < 5 * 0.5 / 20_000.0.squareRoot())
    }
    if folded { #expect(results[1].chance > 0.55) }
  }

  /// Identity: the compact labels are the labels, in every scheme.
  @Test(arguments: [
    [0, 1, 2, 3, 4, 5, 6, 7], [0, 0, 1, 1, 2, 2, 3, 3], [5, 5, 1, 4, 1, 3, 2, 4],
  ])
  func compactLabelsAreTheSame(groups: [Int]) throws {
    let permutation = try LabelPermutation(
      classes: [0, 2, 1, 1, 0, 1, 2, 0], groups: Grouping(groups), permutationCount: 5, seed: 9)
    for number in 0..<5 {
      #expect(
        permutation.compactPermutedLabels(number).map(Int.init)
          == permutation.permutedLabels(number))
    }
  }

  /// Oracle: enumeration of the 2⁴ ways to swap the labels inside pairs.
  @Test func labelsArePermutedWithinGroupsThatHoldBothClasses() throws {
    let labels = [true, false, false, true, true, false, true, false]
    let groups = Grouping([0, 0, 1, 1, 2, 2, 3, 3])
    let permutation = try LabelPermutation(
      labels: labels, groups: groups, permutationCount: 20_000, seed: 2)
    #expect(permutation.scheme == .withinGroups)
    for number in 0..<50 {
      let permuted = permutation.permutedLabels(number)
      for pair in 0..<4 { #expect(permuted[2 * pair] + permuted[2 * pair + 1] == 1) }
    }
    let labellings = (0..<16).map { (bits) in
      (0..<8).map { (bits >> ($0 / 2) & 1) ^ ($0 % 2) }
    }
    let statistic = try AreaUnderROCStatistic(scores: scores)
    let expected = exact(statistic, labels, labellings)
    let result = permutation.test([statistic])[0]
    let error = (expected.pValue * (1 - expected.pValue) / 20_000).squareRoot()
    #expect(abs(result.pValue - expected.pValue) < 5 * error + 1 / 20_000)
    #expect(abs(result.chance - expected.chance) < 5 * 0.5 / 20_000.0.squareRoot())
  }

  /// Oracle: the definition; every group keeps one class, groups of other sizes keep theirs.
  @Test func wholeGroupsExchangeTheirClassesWithGroupsOfTheirSize() throws {
    let identifiers = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5]
    let labels = [0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0].map { $0 == 1 }
    let permutation = try LabelPermutation(
      labels: labels, groups: Grouping(identifiers), permutationCount: 600, seed: 3)
    #expect(permutation.scheme == .betweenGroups)
    #expect(permutation.fixedSampleCount == 4)
    var seen: Set<[Int]> = []
    for number in 0..<600 {
      let permuted = permutation.permutedLabels(number)
      for group in 0..<4 { #expect(permuted[2 * group] == permuted[2 * group + 1]) }
      #expect(permuted[0..<8].reduce(0, +) == 4)
      #expect(Array(permuted[8...]) == [1, 1, 1, 0])
      seen.insert(permuted)
    }
    #expect(seen.count == 6)
    #expect(
      permutation.flags.map(\.rawValue) == [
        "fixed-labels: 4 of 12 samples", "few-arrangements: 6, so no p value is below 1/6",
      ])
  }

  @Test func mixedAndWholeGroupsAreBothPermuted() throws {
    let labels = [true, false, true, true, false, false]
    let permutation = try LabelPermutation(
      labels: labels, groups: Grouping([0, 0, 1, 1, 2, 2]), permutationCount: 10, seed: 4)
    #expect(permutation.scheme == .withinAndBetweenGroups)
    let seen = Set((0..<100).map { permutation.permutedLabels($0) })
    #expect(
      seen == [
        [1, 0, 1, 1, 0, 0], [0, 1, 1, 1, 0, 0], [1, 0, 0, 0, 1, 1], [0, 1, 0, 0, 1, 1],
      ])
  }

  @Test func labelsThatCannotMoveAreRefused() {
    for (labels, identifiers) in [
      ([true, true, false], [0, 0, 1]), ([true, true, true], [0, 1, 2]),
    ] {
      let error = #expect(throws: EvaluationError.self) {
        try LabelPermutation(labels: labels, groups: Grouping(identifiers), seed: 1)
      }
      #expect(error == .nothingToPermute(samples: 3, groups: Set(identifiers).count))
    }
    #expect(throws: EvaluationError.self) {
      try LabelPermutation(
        labels: [true, false], groups: Grouping([0, 0]), permutationCount: 0, seed: 1)
    }
  }

  /// Oracle: (1 + #{null ≥ observed})/(1 + B) counted here.
  @Test func pValuesCountPermutationsAtLeastAsGood() throws {
    let permutation = try LabelPermutation(
      labels: labels, groups: Grouping(ungrouped: 8), permutationCount: 199, seed: 5)
    let area = try AreaUnderROCStatistic(scores: scores)
    let accuracy = AccuracyStatistic(predictions: scores.map { $0 > 0.8 })
    let nulls = permutation.nullDistributions(of: [area, accuracy])
    let codes = labels.map { $0 ? 1 : 0 }
    let observed = [area.value(labels: codes), accuracy.value(labels: codes)]
    let results = permutation.test([area, accuracy])
    for cell in 0..<2 {
      let asGood = nulls[cell].count { $0 >= observed[cell] }
      let bestAsGood = (0..<199).count { max(nulls[0][$0], nulls[1][$0]) >= observed[cell] }
      #expect(results[cell].observed == observed[cell])
      #expect(results[cell].pValue == Double(1 + asGood) / 200)
      #expect(results[cell].pValueAdjusted == Double(1 + bestAsGood) / 200)
      #expect(abs(results[cell].chance - nulls[cell].reduce(0, +) / 199) < 1e-15)
    }
    // Of a statistic for which lower is better, the negated one is the oracle.
    let negated = FunctionStatistic { -area.value(labels: $0) }
    #expect(
      permutation.test([negated], preference: .lower)[0].pValue
        == permutation.test([area])[0].pValue)
    #expect(
      permutation.test([area], preference: .lower)[0].pValue
        > permutation.test([area])[0].pValue)
  }

  /// Oracle: a test at level α rejects a true null hypothesis with a chance of at most α.
  ///
  /// Of ten unrelated layers the best one, taken alone, is found far too often. Binomial(400, 0.05)
  /// exceeds 42 with a chance of 2.7e−6 and is below 4 with one of 2.2e−6.
  @Test func theBestOfManyLayersIsNotFoundTooOften() throws {
    let trialCount = 400
    let layerCount = 10
    var plainCount = 0
    var adjustedCount = 0
    var singleCount = 0
    for trial in 0..<trialCount {
      var generator = SeededGenerator(seed: 21, stream: UInt64(trial))
      // Samples of one group share their class and much of their score.
      let identifiers = (0..<80).map { $0 / 4 }
      let groupClasses = generator.shuffled((0..<20).map { $0 < 10 })
      let labels = identifiers.map { groupClasses[$0] }
      let statistics = try (0..<layerCount).map { _ in
        let effects = (0..<20).map { _ in generator.nextNormal() }
        return try AreaUnderROCStatistic(
          scores: identifiers.map { effects[$0] + 0.5 * generator.nextNormal() }, folded: true)
      }
      let permutation = try LabelPermutation(
        labels: labels, groups: Grouping(identifiers), permutationCount: 99, seed: UInt64(trial))
      let results = permutation.test(statistics)
      if results[0].pValue <= 0.05 { singleCount += 1 }
      if results.contains(where: { $0.pValue <= 0.05 }) { plainCount += 1 }
      if results.contains(where: { $0.pValueAdjusted <= 0.05 }) { adjustedCount += 1 }
    }
    #expect(singleCount <= 42, "one layer: \(singleCount) of \(trialCount)")
    #expect(adjustedCount <= 42, "adjusted: \(adjustedCount) of \(trialCount)")
    #expect(adjustedCount >= 4, "adjusted: \(adjustedCount) of \(trialCount)")
    #expect(plainCount > 100, "not adjusted: \(plainCount) of \(trialCount)")
  }

  @Test func aResultCompletesItsMeasurement() throws {
    var measurement = try AreaUnderROC.measure(
      scores: scores, labels: labels, groups: Grouping(ungrouped: 8))
    let result = try LabelPermutation(labels: labels, groups: Grouping(ungrouped: 8), seed: 6)
      .test([AreaUnderROCStatistic(scores: scores)])[0]
    measurement.add(result)
    #expect(measurement.value == .finite(result.observed))
    #expect(measurement.chance == result.chance && measurement.pValue == result.pValue)
    #expect(measurement.flags.map(\.name) == ["few-groups", "few-arrangements"])
    #expect(try roundTripped(measurement) == measurement)
    #expect(try roundTripped(result) == result)
  }
}
