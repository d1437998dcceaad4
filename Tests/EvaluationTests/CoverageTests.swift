import Evaluation
import Optimization
import Testing

/// Oracle: over planted draws, the number of intervals that cover the planted value is binomial.
///
/// With 400 draws and a coverage of 0.95 it lies between 365 and 395 but for a chance of 6e−4 (the
/// seeds are fixed, so this is the chance that an honest interval would have failed when the test was
/// written). Data: 40 groups of 8 whose members share a part of their latent value.
@Suite struct CoverageTests {
  private let drawCount = 400
  private let band = 365...395
  private let groups = Grouping((0..<320).map { $0 / 8 })
  private let sharedVariance = 0.4

  /// One latent normal value of variance 1 a sample, correlated within groups.
  private func latent(_ generator: inout SeededGenerator) -> [Double] {
    var values: [Double] = []
    for _ in 0..<40 {
      let shared = generator.nextNormal() * sharedVariance.squareRoot()
      for _ in 0..<8 {
        values.append(shared + generator.nextNormal() * (1 - sharedVariance).squareRoot())
      }
    }
    return values
  }

  /// The number of draws whose interval covers the planted value.
  private func coveredCount(
    _ stream: UInt64, _ planted: Double, _ interval: (inout SeededGenerator) throws -> Interval?
  ) throws -> Int {
    var count = 0
    for draw in 0..<drawCount {
      var generator = SeededGenerator(seed: 2024, stream: stream, UInt64(draw))
      if let interval = try interval(&generator), interval.contains(planted) { count += 1 }
    }
    return count
  }

  @Test(arguments: [0.5, 0.7, 0.9])
  func wilsonByGroupKeepsItsLevelAndPlainWilsonDoesNot(accuracy: Double) throws {
    let threshold = NormalDistribution.quantile(accuracy)
    let byGroup = try coveredCount(1, accuracy) { (generator) in
      let correct = latent(&generator).map { $0 < threshold }
      return try WilsonInterval.outcome(correct: correct, groups: groups).interval
    }
    let plain = try coveredCount(1, accuracy) { (generator) in
      let correct = latent(&generator).map { $0 < threshold }
      return WilsonInterval.independent(successes: correct.count { $0 }, count: correct.count)
    }
    #expect(band.contains(byGroup), "\(byGroup) of \(drawCount)")
    #expect(plain < band.lowerBound, "\(plain) of \(drawCount)")
  }

  /// Folding keeps the coverage, also at one half, where every folded estimate is too high.
  @Test(arguments: [0.5, 0.55, 0.8])
  func theFoldedIntervalCoversAtLeastAsOften(accuracy: Double) throws {
    let threshold = NormalDistribution.quantile(accuracy)
    let plain = try coveredCount(2, accuracy) { (generator) in
      let correct = latent(&generator).map { $0 < threshold }
      return try Accuracy.measure(correct: correct, groups: groups).interval
    }
    let folded = try coveredCount(2, accuracy) { (generator) in
      let correct = latent(&generator).map { $0 < threshold }
      return try Accuracy.measure(correct: correct, groups: groups, folded: true).interval
    }
    #expect(folded >= plain)
    #expect(folded >= band.lowerBound)
  }

  /// Groups of one class: the area's planted value is Φ(shift/√2) for two samples of two groups.
  @Test(arguments: [0.0, 1.0, 2.0])
  func delongByGroupKeepsItsLevelAndPlainDeLongDoesNot(shift: Double) throws {
    let area = NormalDistribution.cumulative(shift * 0.5.squareRoot())
    let labels = groups.indices.map { $0 % 2 == 0 }
    func scores(_ generator: inout SeededGenerator) -> [Double] {
      zip(latent(&generator), labels).map { $0 + ($1 ? shift : 0) }
    }
    let byGroup = try coveredCount(3, area) { (generator) in
      try DeLongInterval.outcome(scores: scores(&generator), labels: labels, groups: groups)
        .interval
    }
    let plain = try coveredCount(3, area) { (generator) in
      try DeLongInterval.outcome(
        scores: scores(&generator), labels: labels, groups: Grouping(ungrouped: 320)
      ).interval
    }
    #expect(band.contains(byGroup), "\(byGroup) of \(drawCount)")
    #expect(plain < band.lowerBound, "\(plain) of \(drawCount)")
  }

  @Test func bcaByGroupKeepsItsLevelAndPlainBCaDoesNot() throws {
    let byGroup = try coveredCount(4, 0) { (generator) in
      try GroupBootstrap(groups: groups, seed: generator.next(), resampleCount: 999)
        .outcomeOfMean(latent(&generator)).interval
    }
    let plain = try coveredCount(4, 0) { (generator) in
      try GroupBootstrap(
        groups: Grouping(ungrouped: 320), seed: generator.next(), resampleCount: 999
      ).outcomeOfMean(latent(&generator)).interval
    }
    #expect(band.contains(byGroup), "\(byGroup) of \(drawCount)")
    #expect(plain < band.lowerBound, "\(plain) of \(drawCount)")
  }
}
