import Evaluation
import Optimization
import Testing

/// Intervals of several statistics at once, and by percentiles.
@Suite struct BootstrapEndsTests {
  private let values: [Double] = {
    var generator = SeededGenerator(seed: 71)
    return (0..<50).map { _ in generator.nextNormal() }
  }()
  private let bootstrap = GroupBootstrap(
    groups: Grouping((0..<50).map { $0 / 2 }), seed: 4, resampleCount: 400)

  private func mean(_ samples: [Int]) -> Double {
    samples.reduce(0) { $0 + values[$1] } / Double(samples.count)
  }

  /// Oracle: each statistic alone; one that is undefined on some resamples counts its own.
  @Test func severalStatisticsAreAsEachAlone() throws {
    let all = Array(values.indices)
    let square = { (samples: [Int]) in mean(samples) * mean(samples) }
    let partial = { (samples: [Int]) in samples.contains(0) ? mean(samples) : nil }
    let together = try bootstrap.outcomes(estimates: [mean(all), square(all), mean(all)]) {
      [mean($0), square($0), partial($0)]
    }
    #expect(together[0] == (try bootstrap.outcome(estimate: mean(all), statistic: mean)))
    #expect(together[1] == (try bootstrap.outcome(estimate: square(all), statistic: square)))
    #expect(together[2] == (try bootstrap.outcome(estimate: mean(all), statistic: partial)))
    #expect(together[0].flags.isEmpty && together[2].flags.map(\.name) == ["undefined-resamples"])
  }

  /// Oracle: the resamples' quantiles, drawn here again; 400 replicates have them at positions 9.975 and 389.025.
  @Test func percentilesAreThoseOfTheResamples() throws {
    var replicates: [Double] = []
    let outcome = try bootstrap.outcomes(estimates: [0], ends: .percentile) { samples in
      replicates.append(mean(samples))
      return [mean(samples)]
    }[0]
    #expect(replicates.count == 400)
    replicates.sort()
    let interval = try #require(outcome.interval)
    let ends = (
      replicates[9] + 0.975 * (replicates[10] - replicates[9]),
      replicates[389] + 0.025 * (replicates[390] - replicates[389])
    )
    #expect(abs(interval.lower - ends.0) < 1e-14 && abs(interval.upper - ends.1) < 1e-14)
    #expect(interval.method == "percentile-by-group" && outcome.flags.isEmpty)
    let still = try bootstrap.outcomes(estimates: [1], ends: .percentile) { _ in [1] }[0]
    #expect(still.interval == nil && still.flags == [.zeroVariance])
  }

  @Test func asManyStatisticsAsEstimatesAreNeeded() {
    #expect(throws: EvaluationError.self) {
      try bootstrap.outcomes(estimates: [1, 2]) { _ in [1] }
    }
    #expect(throws: EvaluationError.self) {
      try bootstrap.outcomes(estimates: [1], level: 1) { _ in [1] }
    }
  }
}
