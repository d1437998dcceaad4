import Evaluation
import Foundation
import Optimization
import Steering
import Testing

/// Sweeps of many prompts, from values to regime.
@Suite struct TradeoffAnalysisTests {
  private static let places = (-6...12).map { Double($0) / 4 }

  /// Prompts whose behaviour is a tanh and whose helpfulness is a bell, with scattered parameters; slanted ones
  /// lose helpfulness in proportion too.
  private func curve(_ seed: UInt64, prompts: Int = 60, slant: Double = 0) throws -> TradeoffCurve {
    var generator = SeededGenerator(seed: 400, stream: seed)
    let parameters = (0..<prompts).map { _ in
      (
        0.9 + 0.1 * generator.nextNormal(), -0.2 + 0.2 * generator.nextNormal(),
        0.6 + 0.05 * generator.nextNormal(), slant * (1 + 0.3 * generator.nextNormal())
      )
    }
    return try TradeoffCurve(
      coefficients: Self.places,
      behaviour: Self.places.map { r in parameters.map { tanh($0.0 * r + $0.1) } },
      helpfulness: Self.places.map { r in
        parameters.map { min(1, max(0, 1 / (1 + $0.2 + 0.06 * r * r) + $0.3 * r)) }
      }, groups: (0..<prompts).map { $0 / 2 })
  }

  private func measured(_ analysis: TradeoffAnalysis, _ metric: String) throws
    -> Evaluation.Measurement
  {
    try #require(analysis.measurements.first { $0.metric == metric })
  }

  /// Oracle: the parts on the mean curve, called one by one.
  @Test func anAnalysisIsMadeOfItsParts() throws {
    let curve = try curve(1)
    var settings = TradeoffSettings()
    settings.weight = 0.25
    settings.resampleCount = 200
    let analysis = try TradeoffAnalysis(curve, settings: settings)
    let behaviour = try #require(curve.meanBehaviour)
    let helpfulness = try #require(curve.meanHelpfulness)
    let alignment = try AlignmentFit(
      coefficients: Self.places, behaviour: behaviour, counts: Self.places.map { _ in 60 })
    let bell = try HelpfulnessFit(coefficients: Self.places, helpfulness: helpfulness)
    #expect(analysis.alignment == alignment && analysis.helpfulness == bell)
    let regime = try SteeringRegime(
      slope: alignment.slope, offset: alignment.offset, loss: try #require(bell.bell).loss,
      weight: 0.25)
    if analysis.quadratic?.linear.differsFromZero() == false { #expect(analysis.regime == regime) }
    let best = analysis.measuredOptimum
    let values = zip(behaviour, helpfulness).map { 0.25 * $0 + $1 }
    #expect(best.value == values.max() && !best.isRefined)
    #expect(Set(analysis.measurements.map(\.metric)).count == analysis.measurements.count)
    for measurement in analysis.measurements {
      #expect(measurement.sampleCount == 60 && measurement.groupCount == 30)
    }
    let saturation = try measured(analysis, "saturation")
    #expect(saturation.value == analysis.regime.saturation)
    let interval = try #require(saturation.interval)
    #expect(interval.contains(try #require(saturation.value.finiteValue)))
    #expect(try measured(analysis, "knee").interval?.method != "bca-by-group")
    #expect(try decoded(from: encoded(analysis)) == analysis)
    #expect(try TradeoffAnalysis(curve, settings: settings) == analysis)
    settings.seed = 1
    let other = try TradeoffAnalysis(curve, settings: settings)
    #expect(other.alignment == analysis.alignment && other.measurements != analysis.measurements)
  }

  /// Oracle: the bootstrap of the slope alone, by the same seed.
  @Test func intervalsAreThoseOfEachNumberAlone() throws {
    let curve = try curve(2)
    var settings = TradeoffSettings()
    settings.resampleCount = 100
    settings.seed = 9
    let analysis = try TradeoffAnalysis(curve, settings: settings)
    let rows = try #require(curve.behaviour)
    let alone = try GroupBootstrap(groups: curve.grouping, seed: 9, resampleCount: 100).outcome(
      estimate: analysis.alignment.slope
    ) { prompts in
      let means = rows.map { row in prompts.reduce(0) { $0 + row[$1] } / Double(prompts.count) }
      return try? AlignmentFit(
        coefficients: Self.places, behaviour: means, counts: means.map { _ in prompts.count }
      ).slope
    }
    #expect(try measured(analysis, "alignment-slope").interval == alone.interval)
    #expect(alone.interval != nil)
  }

  /// Oracle: planted; a slant of −0.02 per unit over 60 prompts is found and enters with the parabola's −q.
  @Test func aSlantIsFoundAndCounts() throws {
    let curve = try curve(3, slant: -0.02)
    var settings = TradeoffSettings()
    settings.resampleCount = 100
    let analysis = try TradeoffAnalysis(curve, settings: settings)
    let parabola = try #require(analysis.quadratic)
    #expect(parabola.linear.mean < -0.01 && parabola.linear.differsFromZero(level: 1e-6))
    #expect(agree(analysis.regime.linearTerm, parabola.linear.mean, within: 1e-14))
    #expect(agree(analysis.regime.loss, -parabola.quadratic.mean, within: 1e-13))
    #expect(analysis.regime.flags.map(\.name).contains("significant-linear-term"))
    settings.significance = 0
    let deaf = try TradeoffAnalysis(curve, settings: settings)
    #expect(deaf.regime.linearTerm == 0 && deaf.regime.loss == deaf.helpfulness.bell?.loss)
  }

  /// Oracle: the objective, whose maximum lies between two coefficients.
  @Test func anObjectiveRefinesTheOptimumWhereTheExpansionEnds() throws {
    let curve = try curve(4)
    var settings = TradeoffSettings()
    settings.resampleCount = 100
    let objective = { (r: Double) throws(SteeringError) in 3 - (r - 2.1) * (r - 2.1) }
    let far = try TradeoffAnalysis(curve, settings: settings, objective: objective)
    #expect(far.regime.needsMeasuredCurve && far.measuredOptimum.isRefined)
    settings.weight = 0.05
    let near = try TradeoffAnalysis(curve, settings: settings, objective: objective)
    #expect(!near.regime.needsMeasuredCurve && !near.measuredOptimum.isRefined)
  }

  /// Few groups carry no interval, helpfulness without cost no optimum; both say so.
  @Test func whatCannotBeSaidIsNotSaid() throws {
    let few = try TradeoffAnalysis(curve(5, prompts: 8))
    for measurement in few.measurements where measurement.value.finiteValue != nil {
      #expect(measurement.interval == nil)
      #expect(measurement.flags.map(\.name).contains("few-groups"))
    }
    let some = try curve(6)
    let free = try TradeoffAnalysis(
      TradeoffCurve(
        coefficients: some.coefficients, behaviour: some.behaviour,
        helpfulness: some.helpfulness?.map { row in row.map { _ in 0.5 } }))
    #expect(free.helpfulness.shape == .noCost)
    let optimum = try measured(free, "optimum")
    #expect(optimum.value.finiteValue == nil && optimum.interval == nil)
    #expect(optimum.flags.map(\.name) == ["undefined"])
    #expect(try decoded(from: encoded(free)) == free)
  }

  @Test func sweepsAreSortedCheckedAndCut() throws {
    let sweep = try TradeoffCurve(
      coefficients: [1, -1, 0], behaviour: [[0.5, 0.7], [-0.5, -0.1], [0, 0.2]], groups: [4, 4])
    #expect(sweep.coefficients == [-1, 0, 1] && sweep.baseIndex == 1)
    #expect(sweep.behaviour == [[-0.5, -0.1], [0, 0.2], [0.5, 0.7]])
    #expect(sweep.meanBehaviour?.map { ($0 * 10).rounded() } == [-3, 1, 6])
    #expect(sweep.helpfulness == nil && sweep.promptCount == 2 && sweep.grouping.count == 1)
    #expect(try sweep.within(0.5).coefficients == [0])
    #expect(throws: SteeringError.self) { try sweep.within(-1) }
    #expect(try decoded(from: encoded(sweep)) == sweep)
    let text = #"{"coefficients":[0],"behaviour":[[2]],"groups":[0]}"#
    #expect(throws: SteeringError.self) {
      let _: TradeoffCurve = try decoded(from: Data(text.utf8))
    }
    #expect(throws: SteeringError.self) { try TradeoffAnalysis(sweep) }
    #expect(throws: SteeringError.self) { try TradeoffCurve(coefficients: [0]) }
    #expect(throws: SteeringError.self) {
      try TradeoffCurve(coefficients: [0, 0], behaviour: [[0], [0]])
    }
    #expect(throws: SteeringError.self) {
      try TradeoffCurve(coefficients: [0, 1], behaviour: [[0], [0, 1]])
    }
    #expect(throws: SteeringError.self) {
      try TradeoffCurve(coefficients: [0], helpfulness: [[-0.1]])
    }
    #expect(throws: SteeringError.self) {
      try TradeoffCurve(coefficients: [.nan], helpfulness: [[0.1]])
    }
    #expect(throws: SteeringError.self) {
      try TradeoffCurve(coefficients: [0], behaviour: [[0, 0]], helpfulness: [[0.1]])
    }
    #expect(throws: SteeringError.self) {
      try TradeoffCurve(coefficients: [0], behaviour: [[0, 0]], groups: [1])
    }
  }
}
