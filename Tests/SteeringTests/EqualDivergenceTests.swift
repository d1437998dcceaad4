import Evaluation
import Foundation
import Optimization
import Steering
import Testing

/// Vectors at one divergence, and among random directions.
@Suite struct EqualDivergenceTests {
  private func prompts(_ count: Int) throws -> [SoftmaxCase] {
    var generator = SeededGenerator(seed: 61)
    return try (0..<count).map { _ in try SoftmaxCase(&generator) }
  }

  /// KL by the definition, Σ p log(p/q).
  private func divergence(_ made: SoftmaxCase, at r: Double, turned: Bool) -> Double {
    let ends = [made.probabilities(at: 0), made.probabilities(at: r)]
    return zip(ends[turned ? 1 : 0], ends[turned ? 0 : 1]).reduce(0) {
      $0 + $1.0 * log($1.0 / $1.1)
    }
  }

  /// Oracle: the definition of the divergence at the coefficient found; its tolerance is the search's own.
  @Test(arguments: DivergenceDirection.allCases, [2.0, -2])
  func theCoefficientHasTheDivergence(direction: DivergenceDirection, limit: Double) throws {
    let made = try prompts(20)
    for kappa in [0.001, 0.05] {
      for statistic in [DivergenceStatistic.mean, .percentile(0.95)] {
        let budget = try EqualDivergence(kappa, direction: direction, statistic: statistic)
        let found = try budget.coefficient(of: made.map(\.logits), limit: 100 * limit)
        let r = try #require(found.coefficient)
        let values = made.map { divergence($0, at: r, turned: direction == .steeredToBase) }
          .sorted()
        let value =
          switch statistic {
          case .mean: values.reduce(0, +) / 20
          // The 95th percentile of 20 lies at position 18.05.
          case .percentile: values[18] + 0.05 * (values[19] - values[18])
          }
        #expect(r.sign == limit.sign && (value / kappa - 1).magnitude < 2e-6)
        #expect(agree(found.divergence, value, within: 1e-9))
      }
    }
  }

  /// Oracle: r² = κ of a divergence that is r², to the tolerance over two; a vector twice as long goes half as far.
  @Test func theSearchHalvesAndDoubles() throws {
    var budget = try EqualDivergence(2)
    budget.tolerance = 1e-12
    for start in [1e-4, 1.0, 1e4, nil] {
      let found = try budget.coefficient(limit: 1000, slopeVariance: start) { r in [r * r] }
      #expect(agree(try #require(found.coefficient), 2.0.squareRoot(), within: 1e-11))
    }
    let twice = try budget.coefficient(limit: 1000, slopeVariance: 2) { r in [4 * r * r] }
    #expect(agree(try #require(twice.coefficient), 0.5.squareRoot(), within: 1e-11))
    // The start √(2κ/Var) is exact for a parabola, so that one evaluation is enough.
    #expect(
      try budget.coefficient(limit: 9, slopeVariance: 2) { r in [r * r] }.evaluationCount == 1)
  }

  @Test func aDivergenceOutOfReachIsNamed() throws {
    let budget = try EqualDivergence(1, statistic: .percentile(0.95))
    let found = try budget.coefficient(limit: 50, slopeVariance: 1) { r in
      [0.7 * (1 - exp(-r)) * (r > 40 ? 0.9 : 1)]
    }
    #expect(found.coefficient == nil)
    #expect(agree(found.divergence, 0.7, within: 1e-6) && found.divergence < 1)
    // A jump over the budget has no coefficient at it, and the search still ends.
    let jump = try budget.coefficient(limit: 8) { r in [r < 3 ? 0.5 : 1.5] }
    #expect(agree(try #require(jump.coefficient), 3, within: 1e-12))
    let none = try budget.coefficient(limit: 8) { _ in [.infinity] }
    #expect(none.coefficient == nil)
  }

  @Test func unusableSearchesAreRefused() throws {
    for kappa in [0, -1, .nan, .infinity] {
      #expect(throws: SteeringError.self) { try EqualDivergence(kappa) }
    }
    #expect(throws: SteeringError.self) { try EqualDivergence(1, statistic: .percentile(95)) }
    var budget = try EqualDivergence(1)
    for limit in [0, .nan, .infinity] {
      #expect(throws: SteeringError.self) { try budget.coefficient(limit: limit) { _ in [1] } }
    }
    for values in [[], [-1], [.nan]] {
      #expect(throws: SteeringError.self) { try budget.coefficient(limit: 1) { _ in values } }
    }
    #expect(throws: SteeringError.self) { try budget.coefficient(of: [], limit: 1) }
    budget.tolerance = 0
    #expect(throws: SteeringError.self) { try budget.coefficient(limit: 1) { _ in [1] } }
  }

  /// Oracle: of 1…24 the numbers 22, 23 and 24 are at least 22.
  @Test func aVectorStandsAmongRandomDirections() throws {
    let random = (1...24).map(Double.init)
    let comparison = try RandomDirectionComparison(22, among: random)
    #expect(comparison.pValue == 4.0 / 25 && comparison.randomMean == 12.5)
    let deviation = try #require(comparison.randomDeviation.finiteValue)
    #expect(agree(deviation, 50.0.squareRoot(), within: 1e-15))
    #expect(comparison.directionCount == 24 && comparison.flags.isEmpty)
    let few = try RandomDirectionComparison(1, among: [0])
    #expect(few.pValue == 0.5 && few.flags.map(\.name) == ["few-random-directions"])
    #expect(few.randomDeviation.finiteValue == nil)
    #expect(throws: SteeringError.self) { try RandomDirectionComparison(1, among: []) }
    #expect(throws: SteeringError.self) { try RandomDirectionComparison(.nan, among: [0]) }
    #expect(try decoded(from: encoded(few)) == few)
  }

  /// Oracle: lines have their own slopes; by hand.
  @Test func steerabilityIsTheSlopeOfEachSample() throws {
    let multipliers = [-1.0, 0, 2]
    let slopes = [1.5, -0.5, 0, 3]
    let rows = multipliers.map { m in slopes.enumerated().map { 0.25 * Double($0) + m * $1 } }
    let found = try Steerability(multipliers: multipliers, logitDifferences: rows)
    #expect(zip(found.slopes, slopes).allSatisfy { ($0 - $1).magnitude < 1e-14 })
    #expect(found.mean.mean == 1 && found.antiSteerableShare == 0.25)
    // Off the line, the ordinary least-squares slope: Σ (m − m̄) y / Σ (m − m̄)² with m̄ = 1/3.
    let bent = try Steerability(multipliers: multipliers, logitDifferences: [[1], [0], [5]])
    #expect(agree(bent.slopes[0], (-4.0 / 3 + 25.0 / 3) / (42.0 / 9), within: 1e-14))
    #expect(throws: SteeringError.self) {
      try Steerability(multipliers: [1, 1], logitDifferences: [[1], [1]])
    }
    #expect(throws: SteeringError.self) { try Steerability(multipliers: [], logitDifferences: []) }
    #expect(throws: SteeringError.self) {
      try Steerability(multipliers: [0, 1], logitDifferences: [[1], [1, 2]])
    }
    #expect(throws: SteeringError.self) {
      try Steerability(multipliers: [0, 1], logitDifferences: [[], []])
    }
  }
}
