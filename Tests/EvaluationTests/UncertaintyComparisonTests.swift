import Evaluation
import LinearAlgebra
import Optimization
import Testing

@Suite struct UncertaintyComparisonTests {
  /// Two scores of groups of three answers, the first better than the second.
  private func draw(
    _ groupCount: Int = 60, seed: UInt64
  ) -> (scores: [UncertaintyScore], correct: [Double], quality: [Double], groups: Grouping) {
    var generator = SeededGenerator(seed: seed)
    var (good, poor, correct, quality, groups) =
      ([Double](), [Double](), [Double](), [Double](), [Int]())
    for group in 0..<groupCount {
      let shared = generator.nextNormal()
      for _ in 0..<3 {
        let latent = shared + generator.nextNormal()
        correct.append(latent > 0 ? 1 : 0)
        quality.append((latent * 4).rounded() / 4)
        good.append(-latent + generator.nextNormal())
        poor.append(-latent + 4 * generator.nextNormal())
        groups.append(group)
      }
    }
    let scores = [UncertaintyScore("good", good), UncertaintyScore("poor", poor)]
    return (scores, correct, quality, Grouping(groups))
  }

  private let comparison = UncertaintyComparison(seed: 5, resampleCount: 300)

  /// Oracle: ``GroupBootstrap`` with the answers of each resample copied, sorted and evaluated as they stand.
  @Test(arguments: ["prediction-rejection-ratio", "concordance-index", "true-positive-rate"])
  func intervalsAreThoseOfResamplesThatAreCopiedOut(name: String) throws {
    let (scores, correct, quality, groups) = draw(seed: 1)
    let type = try UncertaintyMetricCatalog.metric(named: name)
    let metric = type.init()
    let values = type.quality == .binary ? correct : quality
    let evaluation = try comparison.evaluate(
      scores, quality: values, groups: groups, metrics: [metric])
    let ends: BootstrapEnds =
      type.interval == .bootstrap(.percentile) ? .percentile : .biasCorrectedAccelerated
    func statistic(_ samples: [Int], _ score: Int) -> Double? {
      try? metric.value(
        uncertainty: samples.map { scores[score].values[$0] }, quality: samples.map { values[$0] }
      ).finiteValue
    }
    let estimates = try evaluation.entries.map { try #require($0.measurement.value.finiteValue) }
    let bootstrap = GroupBootstrap(groups: groups, seed: 5, resampleCount: 300)
    let copied = try bootstrap.outcomes(estimates: estimates, ends: ends) { samples in
      [statistic(samples, 0), statistic(samples, 1)]
    }
    let difference = try bootstrap.outcomes(
      estimates: [estimates[0] - estimates[1]], ends: .percentile
    ) { samples in
      guard let good = statistic(samples, 0), let poor = statistic(samples, 1) else { return [nil] }
      return [good - poor]
    }
    let outcomes = copied + difference
    let found = evaluation.entries.map(\.measurement) + evaluation.differences.map(\.measurement)
    for (measurement, outcome) in zip(found, outcomes) {
      let (own, copied) = (try #require(measurement.interval), try #require(outcome.interval))
      #expect(own.method == copied.method)
      #expect(abs(own.lower - copied.lower) < 1e-10 && abs(own.upper - copied.upper) < 1e-10)
    }
  }

  @Test func bytesDoNotDependOnThreads() throws {
    let (scores, correct, _, groups) = draw(seed: 2)
    let metrics = UncertaintyMetricCatalog.all.filter { !$0.needsProbabilities }.map { $0.init() }
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let serial = try comparison.evaluate(scores, quality: correct, groups: groups, metrics: metrics)
    Parallel.threadCount = 4
    let parallel = try comparison.evaluate(
      scores, quality: correct, groups: groups, metrics: metrics)
    #expect(serial == parallel)
    #expect(try roundTripped(serial) == serial)
    #expect(serial.entries.count == 2 * metrics.count && serial.differences.count == metrics.count)
    for entry in serial.entries {
      let interval = try #require(entry.measurement.interval, "\(entry.measurement.metric)")
      #expect(interval.level == 0.95 && interval.width > 0)
    }
  }

  @Test func theBetterScoreIsFoundToBeBetter() throws {
    let (scores, correct, _, groups) = draw(200, seed: 3)
    let metrics: [any UncertaintyMetric] = [
      PredictionRejectionRatio(), UncertaintyAreaUnderROC(), AreaUnderRiskCoverage(),
    ]
    let evaluation = try comparison.evaluate(
      scores, quality: correct, groups: groups, metrics: metrics)
    for difference in evaluation.differences {
      let interval = try #require(difference.measurement.interval)
      let pValue = try #require(difference.measurement.pValue)
      #expect(difference.score == "good" && difference.reference == "poor")
      #expect(!interval.contains(0) && pValue < 0.05)
      #expect((interval.lower > 0) == (difference.preference == .higher))
    }
    let area = evaluation.entries[1].measurement
    #expect(area.metric == "auroc" && area.interval?.method == DeLongInterval.method)
    #expect(area.chance == 0.5)
  }

  /// The difference is narrower than independent intervals would make it, for what is shared cancels.
  @Test func differencesArePaired() throws {
    let (scores, correct, _, groups) = draw(100, seed: 4)
    let noisy = UncertaintyScore(
      "noisy", scores[0].values.enumerated().map { $1 + ($0 % 7 == 0 ? 0.2 : 0) })
    let evaluation = try comparison.evaluate(
      [scores[0], noisy], quality: correct, groups: groups, metrics: [PredictionRejectionRatio()])
    let single = try #require(evaluation.entries[0].measurement.interval)
    let paired = try #require(evaluation.differences[0].measurement.interval)
    #expect(paired.width < 0.3 * single.width)
  }

  /// The *p* value is that of the interval: a difference is significant where the interval leaves 0 out.
  @Test(arguments: [BootstrapEnds.biasCorrectedAccelerated, .percentile])
  func thePValueIsThatOfTheInterval(ends: BootstrapEnds) throws {
    var generator = SeededGenerator(seed: 6)
    for shift in [0.0, 0.1, 0.2, 0.25, 0.3] {
      let values = (0..<80).map { _ in Double.random(in: 0...1, using: &generator) - 0.5 + shift }
      let bootstrap = GroupBootstrap(
        groups: Grouping(ungrouped: 80), seed: 7, resampleCount: 1999)
      let replicates = bootstrap.replicates(statisticCount: 1) { weights in
        [zip(weights.counts, values).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(weights.total)]
      }
      let estimate = values.reduce(0, +) / 80
      let pValue = try #require(
        replicates.pValueAgainstZero(of: 0, estimate: estimate, ends: ends))
      #expect(pValue > 0 && pValue <= 1)
      for level in [0.5, 0.8, 0.9, 0.95, 0.99] {
        // A little off the end of the interval, where the two may round apart.
        guard abs(pValue - (1 - level)) > 0.003 else { continue }
        let interval = try #require(
          replicates.outcome(of: 0, estimate: estimate, level: level, ends: ends).interval)
        #expect(interval.contains(0) == (pValue > 1 - level))
      }
    }
  }

  /// Oracle: the interval of level 1 − *p* ends at the value, also where bias and skewness are strong.
  @Test func theIntervalOfThatLevelEndsAtTheValue() throws {
    var generator = SeededGenerator(seed: 12)
    let replicates = (0..<4000).map { _ in generator.nextNormal() * generator.nextNormal() }
      .map { 1 + $0 + 0.5 * $0 * $0 }
    let jackknife = (0..<30).map { 1 + 0.01 * Double($0 * $0) }
    for estimate in [0.9, 1.1] {
      for value in [0.6, 0.7, 1.6, 2] {
        let pValue = try #require(
          BiasCorrectedAccelerated.pValue(
            against: value, estimate: estimate, replicates: replicates, jackknife: jackknife))
        let interval = try #require(
          BiasCorrectedAccelerated.outcome(
            estimate: estimate, replicates: replicates, jackknife: jackknife, level: 1 - pValue
          ).interval)
        let end = value < estimate ? interval.lower : interval.upper
        #expect(abs(end - value) < 0.01, "\(value): \(interval)")
      }
    }
  }

  @Test func aReferenceIsComparedWithEachOther() throws {
    let (scores, correct, _, groups) = draw(seed: 8)
    let third = UncertaintyScore("third", scores[0].values.map { -$0 })
    let against = UncertaintyComparison(seed: 1, resampleCount: 100, reference: "poor")
    let evaluation = try against.evaluate(
      scores + [third], quality: correct, groups: groups, metrics: [ConcordanceIndex()])
    #expect(evaluation.differences.map(\.score) == ["good", "third"])
    #expect(evaluation.differences.allSatisfy { $0.reference == "poor" })
    let all = try UncertaintyComparison(seed: 1, resampleCount: 100).evaluate(
      scores + [third], quality: correct, groups: groups, metrics: [ConcordanceIndex()])
    #expect(all.differences.count == 3)
    // Swapping the sides turns the difference round.
    let forth = try #require(all.differences[2].measurement.interval)
    let back = try #require(evaluation.differences[1].measurement.interval)
    #expect(all.differences[2].score == "poor" && evaluation.differences[1].score == "third")
    #expect(abs(forth.lower + back.upper) < 0.02 && abs(forth.upper + back.lower) < 0.02)
  }

  @Test func fewGroupsHaveValuesAndNoIntervals() throws {
    let (scores, correct, _, groups) = draw(12, seed: 9)
    let evaluation = try comparison.evaluate(
      scores, quality: correct, groups: groups,
      metrics: [PredictionRejectionRatio(), UncertaintyAreaUnderROC()])
    for measurement in evaluation.entries.map(\.measurement)
      + evaluation.differences.map(\.measurement)
    {
      #expect(measurement.value.finiteValue != nil && measurement.interval == nil)
      #expect(measurement.flags.contains { $0.name == "few-groups" })
    }
  }

  @Test func aScoreThatIsNoProbabilityHasNoCalibration() throws {
    let (scores, correct, _, groups) = draw(seed: 10)
    let probability = UncertaintyScore("probability", correct.map { 0.2 - 0.9 * $0 - 0.25 })
    let evaluation = try comparison.evaluate(
      [scores[0], probability], quality: correct, groups: groups, metrics: [BrierScore()])
    guard case .undefined(let reason) = evaluation.entries[0].measurement.value else {
      Issue.record("a score of any scale has no Brier score")
      return
    }
    #expect(reason.contains("calibrate"))
    #expect(evaluation.entries[1].measurement.value.finiteValue != nil)
    #expect(evaluation.differences[0].measurement.value.finiteValue == nil)
  }

  /// Resamples of one class have no area; they are counted and not guessed.
  @Test func resamplesWithoutAValueAreCounted() throws {
    var correct = [Double](repeating: 1, count: 40)
    correct[3] = 0
    let scores = [UncertaintyScore("score", (0..<40).map { Double($0 % 7) })]
    let evaluation = try comparison.evaluate(
      scores, quality: correct, groups: Grouping(ungrouped: 40), metrics: [ConcordanceIndex()])
    let flags = evaluation.entries[0].measurement.flags
    #expect(flags.contains { $0.name == "undefined-resamples" })
    #expect(flags.contains { $0.name == "tied-scores" })
  }

  @Test func badInputIsRefused() throws {
    let (scores, correct, quality, groups) = draw(seed: 11)
    let metrics: [any UncertaintyMetric] = [UncertaintyAreaUnderROC()]
    func refuses(
      _ scores: [UncertaintyScore], _ quality: [Double], _ comparison: UncertaintyComparison
    ) {
      #expect(throws: EvaluationError.self) {
        try comparison.evaluate(scores, quality: quality, groups: groups, metrics: metrics)
      }
    }
    refuses([], correct, comparison)
    refuses([scores[0], scores[0]], correct, comparison)
    refuses(scores, quality, comparison)
    refuses(scores, Array(correct.dropLast()), comparison)
    refuses([UncertaintyScore("short", [1, 2])], correct, comparison)
    refuses(scores, correct, UncertaintyComparison(seed: 1, level: 1))
    refuses(scores, correct, UncertaintyComparison(seed: 1, resampleCount: 10))
    refuses(scores, correct, UncertaintyComparison(seed: 1, reference: "none"))
    var infinite = scores
    infinite[1].values[4] = .infinity
    refuses(infinite, correct, comparison)
  }
}
