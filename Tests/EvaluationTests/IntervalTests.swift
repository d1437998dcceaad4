import Evaluation
import Optimization
import Testing

@Suite struct IntervalTests {
  struct BootstrapCase: Decodable {
    var estimate: Double
    var replicates: [Double]
    var jackknife: [Double]
    var lower: Double
    var upper: Double
  }
  struct MeanCase: Decodable {
    var values: [Double]
    var lower: Double
    var upper: Double
  }
  struct Goldens: Decodable {
    var wilson: [[Double]]
    var bootstrap: [BootstrapCase]
    var mean: MeanCase
    var area: [MetricTests.AreaCase]
  }

  private func goldens() throws -> Goldens { try golden("statistics.json", as: Goldens.self) }

  /// Labels, scores and right answers of groups of four, of both classes or of one.
  private func grouped(
    _ groupCount: Int, seed: UInt64, mixed: Bool
  ) -> (correct: [Bool], scores: [Double], labels: [Bool], groups: Grouping) {
    var generator = SeededGenerator(seed: seed, stream: UInt64(groupCount))
    var identifiers: [Int] = []
    var labels: [Bool] = []
    var scores: [Double] = []
    for group in 0..<groupCount {
      let effect = generator.nextNormal()
      for member in 0..<4 {
        let label = mixed ? member % 2 == 0 : group % 2 == 0
        identifiers.append(group)
        labels.append(label)
        scores.append(effect + generator.nextNormal() + (label ? 1 : 0))
      }
    }
    let correct = zip(scores, labels).map { ($0 > 0.5) == $1 }
    return (correct, scores, labels, Grouping(identifiers))
  }

  // MARK: - Wilson

  /// Oracle: SciPy's `binomtest(…).proportion_ci(method="wilson")`.
  @Test func wilsonWithoutGroupsIsSciPys() throws {
    for row in try goldens().wilson {
      let plain = WilsonInterval.independent(successes: Int(row[0]), count: Int(row[1]))
      #expect(abs(plain.lower - row[2]) < 1e-14 && abs(plain.upper - row[3]) < 1e-14)
      // Every sample its own group: the same interval.
      let correct = (0..<Int(row[1])).map { $0 < Int(row[0]) }
      let interval = try #require(
        try WilsonInterval.outcome(
          correct: correct, groups: Grouping(ungrouped: correct.count)
        ).interval)
      #expect(abs(interval.lower - row[2]) < 1e-14 && abs(interval.upper - row[3]) < 1e-14)
    }
  }

  /// Oracle: the formula written out by hand for 20 groups of 2 with sums of residuals ±1 and 0.
  @Test func theEffectiveSizeFollowsItsFormula() {
    // 10 groups with both right and 10 with both wrong: a = 1/2, sums ±1, so
    // v = 20/19 · 20 · 1 / 40² and a(1 − a)/v = 19 before the correction for few groups.
    let identifiers = (0..<40).map { $0 / 2 }
    let correct = identifiers.map { $0 < 10 }
    let ratio =
      StudentDistribution.quantile(0.975, degreesOfFreedom: 39)
      / StudentDistribution.quantile(0.975, degreesOfFreedom: 19)
    let effective = WilsonInterval.effectiveCount(
      correct: correct, groups: Grouping(identifiers))
    #expect(abs(effective - 19 * ratio * ratio) < 1e-12)
  }

  @Test func duplicatedSamplesTellNothingNew() {
    var generator = SeededGenerator(seed: 2)
    let correct = (0..<50).map { _ in generator.nextUniform() < 0.7 }
    let copies = (0..<500).map { correct[$0 % 50] }
    let effective = WilsonInterval.effectiveCount(
      correct: copies, groups: Grouping((0..<500).map { $0 % 50 }))
    #expect(effective < 50)
    #expect(effective > 45)
  }

  /// With every sample right, nothing is known about agreement within groups: as many as groups.
  @Test func withoutVarianceTheGroupsAreCounted() throws {
    let groups = Grouping((0..<300).map { $0 / 10 })
    let correct = [Bool](repeating: true, count: 300)
    let effective = WilsonInterval.effectiveCount(correct: correct, groups: groups)
    #expect(effective > 27 && effective < 30)
    let interval = try #require(
      try WilsonInterval.outcome(correct: correct, groups: groups).interval)
    #expect(interval.upper == 1)
    #expect(interval.lower < WilsonInterval.independent(successes: 30, count: 30).lower)
  }

  /// Groups that agree less than chance cannot count for more than their samples.
  @Test func theEffectiveSizeIsAtMostTheNumberOfSamples() {
    var correct = (0..<100).map { $0 % 2 == 0 }
    correct[1] = true
    let effective = WilsonInterval.effectiveCount(
      correct: correct, groups: Grouping((0..<100).map { $0 / 2 }))
    #expect(effective <= 100)
    #expect(effective > 90)
  }

  // MARK: - DeLong

  /// Oracle: DeLong's variance by its definition in NumPy, and Obuchowski's reduction to it.
  @Test func delongWithoutGroupsIsDeLongs() throws {
    for example in try goldens().area {
      let variance = try #require(
        try DeLongInterval.variance(
          scores: example.scores, labels: example.labels,
          groups: Grouping(ungrouped: example.labels.count)))
      #expect(abs(variance - example.variance) <= 1e-13 * example.variance)
    }
  }

  /// Oracle: Obuchowski's equations 3 to 5 from the matrix of all comparisons.
  @Test(arguments: [true, false])
  func delongByGroupIsTheSumOverAllPairs(mixed: Bool) throws {
    let data = grouped(25, seed: 3, mixed: mixed)
    let positives = data.labels.indices.filter { data.labels[$0] }
    let negatives = data.labels.indices.filter { !data.labels[$0] }
    let m = Double(positives.count)
    let n = Double(negatives.count)
    func wins(_ positive: Int, _ negative: Int) -> Double {
      data.scores[positive] > data.scores[negative] ? 1 : 0
    }
    let area = MetricTests.pairwiseArea(data.scores, data.labels)
    var squares10 = 0.0
    var squares01 = 0.0
    var products = 0.0
    var groups10 = 0.0
    var groups01 = 0.0
    for group in 0..<25 {
      let ours = data.groups.samples(in: group)
      let own10 = ours.filter { data.labels[$0] }.map { (positive) in
        negatives.reduce(0) { $0 + wins(positive, $1) } / n - area
      }
      let own01 = ours.filter { !data.labels[$0] }.map { (negative) in
        positives.reduce(0) { $0 + wins($1, negative) } / m - area
      }
      groups10 += own10.isEmpty ? 0 : 1
      groups01 += own01.isEmpty ? 0 : 1
      squares10 += own10.reduce(0, +) * own10.reduce(0, +)
      squares01 += own01.reduce(0, +) * own01.reduce(0, +)
      products += own10.reduce(0, +) * own01.reduce(0, +)
    }
    let s10 = groups10 / ((groups10 - 1) * m) * squares10
    let s01 = groups01 / ((groups01 - 1) * n) * squares01
    let s11 = 25.0 / 24 * products
    let expected = s10 / m + s01 / n + 2 * s11 / (m * n)
    let variance = try #require(
      try DeLongInterval.variance(
        scores: data.scores, labels: data.labels, groups: data.groups))
    #expect(abs(variance - expected) < 1e-12 * expected)
  }

  /// Oracle: (α/2)^{1/k}, with k independent pairs.
  @Test func aPerfectAreaGetsABoundOnOneSide() throws {
    let labels = (0..<60).map { $0 < 24 }
    let scores = labels.map { $0 ? 2.0 : 1.0 }
    let apart = try DeLongInterval.outcome(
      scores: scores, labels: labels, groups: Grouping(ungrouped: 60))
    let interval = try #require(apart.interval)
    #expect(interval.upper == 1)
    #expect(abs(interval.lower - 0.857_526_4) < 1e-7)  // 0.025^(1/24)
    #expect(apart.flags == [.oneSidedInterval])
    // 20 groups with both classes make at most 10 pairs that share no group.
    let mixed = try DeLongInterval.outcome(
      scores: scores.map { -$0 }, labels: labels, groups: Grouping((0..<60).map { $0 % 20 }))
    let mirrored = try #require(mixed.interval)
    #expect(mirrored.lower == 0)
    #expect(abs(mirrored.upper - (1 - 0.691_502_9)) < 1e-7)  // 1 − 0.025^(1/10)
  }

  @Test func equalScoresHaveNoInterval() throws {
    let measurement = try AreaUnderROC.measure(
      scores: [Double](repeating: 1, count: 40), labels: (0..<40).map { $0 < 20 },
      groups: Grouping(ungrouped: 40))
    #expect(measurement.value == .finite(0.5))
    #expect(measurement.interval == nil)
    #expect(measurement.flags == [.zeroVariance])
  }

  // MARK: - BCa

  /// Oracle: `scipy.stats.bootstrap(method="BCa")` on the same replicates.
  @Test func bcaOnTheSameReplicatesIsSciPys() throws {
    for example in try goldens().bootstrap {
      let outcome = BiasCorrectedAccelerated.outcome(
        estimate: example.estimate, replicates: example.replicates, jackknife: example.jackknife,
        level: 0.95)
      let interval = try #require(outcome.interval)
      #expect(abs(interval.lower - example.lower) < 1e-12 * abs(example.lower))
      #expect(abs(interval.upper - example.upper) < 1e-12 * abs(example.upper))
    }
  }

  /// Oracle: SciPy with 100,000 resamples.
  ///
  /// The ends of B resamples have a standard error of about
  /// √(p(1 − p)/B)/f, with p = 0.025 and the normal density f there over the interval's deviation
  /// (the width over 3.92): 2.7 deviations over √B; 5 of them, for 20,000 resamples.
  @Test func bcaOfAMeanAgreesWithSciPy() throws {
    let example = try goldens().mean
    let bootstrap = GroupBootstrap(
      groups: Grouping(ungrouped: example.values.count), seed: 1, resampleCount: 20_000)
    let interval = try #require(try bootstrap.outcomeOfMean(example.values).interval)
    let bound = 5 * 2.7 * (example.upper - example.lower) / 3.92 / 20_000.0.squareRoot()
    #expect(abs(interval.lower - example.lower) < bound)
    #expect(abs(interval.upper - example.upper) < bound)
  }

  /// Oracle: the general path with the mean as its statistic, on the same resamples.
  @Test func theFastPathForMeansIsTheGeneralOne() throws {
    let data = grouped(30, seed: 5, mixed: true)
    // Groups of unequal size, so that the mean is a ratio.
    let kept = data.scores.indices.filter { $0 % 7 != 0 }
    let values = kept.map { data.scores[$0] }
    let groups = Grouping(kept.map { data.groups.indices[$0] })
    let bootstrap = GroupBootstrap(groups: groups, seed: 6, resampleCount: 500)
    let fast = try #require(try bootstrap.outcomeOfMean(values).interval)
    let general = try #require(
      try bootstrap.outcome(estimate: MeanLoss.value(of: values)) { (samples) in
        samples.reduce(0) { $0 + values[$1] } / Double(samples.count)
      }.interval)
    #expect(abs(fast.lower - general.lower) < 1e-12)
    #expect(abs(fast.upper - general.upper) < 1e-12)
  }

  @Test func valuesThatAgreeHaveNoInterval() throws {
    let bootstrap = GroupBootstrap(groups: Grouping(ungrouped: 30), seed: 1)
    let values = [Double](repeating: 0.1, count: 30)
    #expect(
      try bootstrap.outcomeOfMean(values) == IntervalOutcome(interval: nil, flags: [.zeroVariance]))
  }

  @Test func resamplesWithoutAValueAreCounted() throws {
    // Only 2 of 30 groups hold the positive class, so some resamples have none.
    let labels = (0..<30).map { $0 < 2 }
    let correct = (0..<30).map { $0 % 3 != 0 }
    let measurement = try BalancedAccuracy.measure(
      correct: correct, labels: labels, groups: Grouping(ungrouped: 30), seed: 4)
    #expect(measurement.flags.map(\.name) == ["undefined-resamples"])
    #expect(measurement.interval != nil)
  }

  // MARK: - All

  @Test func fewGroupsGetNoInterval() throws {
    for groupCount in [19, 20] {
      let data = grouped(groupCount, seed: 9, mixed: true)
      let measurements = [
        try Accuracy.measure(correct: data.correct, groups: data.groups),
        try AreaUnderROC.measure(scores: data.scores, labels: data.labels, groups: data.groups),
        try BalancedAccuracy.measure(
          correct: data.correct, labels: data.labels, groups: data.groups, seed: 1),
        try MeanLoss.measure(data.scores, groups: data.groups, seed: 1),
      ]
      for measurement in measurements {
        #expect((measurement.interval == nil) == (groupCount == 19))
        #expect(measurement.flags.contains { $0.name == "few-groups" } == (groupCount == 19))
        #expect(measurement.groupCount == groupCount && measurement.sampleCount == 4 * groupCount)
      }
    }
  }

  @Test(arguments: [20, 21, 40, 100])
  func intervalsContainTheEstimateInOrderOfLevel(groupCount: Int) throws {
    for seed: UInt64 in 0..<10 {
      for mixed in [true, false] {
        let data = grouped(groupCount, seed: seed, mixed: mixed)
        for folded in [true, false] {
          var previous = 0.0
          for level in [0.5, 0.9, 0.95, 0.999] {
            for measurement in [
              try Accuracy.measure(
                correct: data.correct, groups: data.groups, folded: folded, level: level),
              try AreaUnderROC.measure(
                scores: data.scores, labels: data.labels, groups: data.groups, folded: folded,
                level: level),
            ] {
              let interval = try #require(measurement.interval)
              let value = try #require(measurement.value.finiteValue)
              #expect(interval.contains(value))
              #expect(interval.level == level)
              #expect(interval.lower >= (folded ? 0.5 : 0) && interval.upper <= 1)
              if measurement.metric == "accuracy" {
                #expect(interval.width > previous)
                previous = interval.width
              }
            }
          }
        }
      }
    }
  }

  @Test func theOrderOfTheSamplesChangesNothing() throws {
    let data = grouped(30, seed: 12, mixed: true)
    var generator = SeededGenerator(seed: 13)
    let order = generator.permutation(count: data.labels.count)
    let correct = order.map { data.correct[$0] }
    let scores = order.map { data.scores[$0] }
    let labels = order.map { data.labels[$0] }
    let groups = Grouping(order.map { data.groups.indices[$0] })
    #expect(
      try Accuracy.measure(correct: correct, groups: groups)
        == Accuracy.measure(correct: data.correct, groups: data.groups))
    let area = try AreaUnderROC.measure(scores: scores, labels: labels, groups: groups)
    let expected = try AreaUnderROC.measure(
      scores: data.scores, labels: data.labels, groups: data.groups)
    #expect(area.value == expected.value)
    // Sums within a group are rounded in another order: 4 placements, 120 terms.
    #expect(abs((area.interval?.lower ?? 0) - (expected.interval?.lower ?? 1)) < 1e-13)
    let loss = try MeanLoss.measure(scores, groups: groups, seed: 3)
    let expectedLoss = try MeanLoss.measure(data.scores, groups: data.groups, seed: 3)
    #expect(abs((loss.interval?.lower ?? 0) - (expectedLoss.interval?.lower ?? 1)) < 1e-12)
  }

  @Test func swappingTheLabelsMirrorsTheInterval() throws {
    let data = grouped(30, seed: 15, mixed: true)
    let plain = try #require(
      try DeLongInterval.outcome(
        scores: data.scores, labels: data.labels, groups: data.groups
      ).interval)
    let swapped = try #require(
      try DeLongInterval.outcome(
        scores: data.scores, labels: data.labels.map { !$0 }, groups: data.groups
      ).interval)
    #expect(abs(swapped.lower - (1 - plain.upper)) < 1e-13)
    #expect(abs(swapped.upper - (1 - plain.lower)) < 1e-13)
    let folded = try AreaUnderROC.measure(
      scores: data.scores, labels: data.labels, groups: data.groups, folded: true)
    let foldedSwapped = try AreaUnderROC.measure(
      scores: data.scores, labels: data.labels.map { !$0 }, groups: data.groups, folded: true)
    #expect(
      abs((folded.value.finiteValue ?? 0) - (foldedSwapped.value.finiteValue ?? 1)) < 1e-15)
  }
}
