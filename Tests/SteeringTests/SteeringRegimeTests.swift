import Evaluation
import Foundation
import Steering
import Testing

/// Where steering pays.
@Suite struct SteeringRegimeTests {
  /// Oracle: SciPy's search for the optimum and the roots, of the expansion itself; a search for an optimum
  /// fixes it to the root of rounding.
  @Test func theRegimeIsThatOfTheExpansion() throws {
    let golden = try TradeoffGolden.read().regime
    let regime = try SteeringRegime(
      slope: golden.slope, offset: golden.offset, loss: golden.loss, weight: golden.weight,
      tolerance: golden.tolerance)
    let pairs: [(Double?, Double, Double)] = [
      (regime.gain, golden.gain, 1e-14),
      (regime.optimum.finiteValue, golden.optimumBySearch, 1e-7),
      (regime.optimum.finiteValue, 5.625, 1e-14),
      (regime.netGain.finiteValue, golden.netGain, 1e-13),
      (regime.breakEven.finiteValue, golden.breakEven, 1e-13),
      (regime.budget.finiteValue, golden.budget, 1e-13),
      (regime.gainAtBudget.finiteValue, 0.697137002317335, 1e-13),
      (regime.efficiency.finiteValue, golden.efficiency, 1e-13),
      (regime.saturation.finiteValue, golden.saturation, 1e-13),
      (regime.end.finiteValue, golden.saturation, 1e-13),
    ]
    for (place, pair) in pairs.enumerated() {
      #expect(agree(pair.0 ?? .nan, pair.1, within: pair.2), "\(place): \(pair)")
    }
    #expect(regime.flags.map(\.name) == ["optimum-beyond-saturation"] && regime.needsMeasuredCurve)
    #expect(try decoded(from: encoded(regime)) == regime)
  }

  /// Oracle: a maximum of w a₁ r + ℓ r − h₂ r² has slope 0, its roots are 0, and the loss at the budget is ε.
  @Test(arguments: [-0.1, 0.05]) func aLinearTermShiftsAll(linear: Double) throws {
    let regime = try SteeringRegime(
      slope: 0.5, offset: 0.1, loss: 0.2, linearTerm: linear, weight: 0.7, tolerance: 0.03)
    let net = { (r: Double) in 0.7 * regime.gain * r + linear * r - 0.2 * r * r }
    let best = try #require(regime.optimum.finiteValue)
    #expect(net(best) > net(best + 1e-3) && net(best) > net(best - 1e-3))
    #expect(agree((net(best + 0.5) - net(best - 0.5)), 0, within: 1e-14))
    #expect(agree(net(try #require(regime.breakEven.finiteValue)), 0, within: 1e-14))
    #expect(agree(net(best), try #require(regime.netGain.finiteValue), within: 1e-14))
    let budget = try #require(regime.budget.finiteValue)
    #expect(budget > 0 && agree(0.2 * budget * budget - linear * budget, 0.03, within: 1e-14))
    #expect(regime.flags.map(\.name) == ["significant-linear-term"] && !regime.needsMeasuredCurve)
    #expect(regime.end == regime.breakEven)
  }

  /// Oracle: a vector c times as long has coefficients 1/c as large, and the same efficiency and net gain.
  @Test func efficiencyDoesNotDependOnTheLength() throws {
    let short = try SteeringRegime(slope: 0.9, offset: -0.2, loss: 0.07)
    let long = try SteeringRegime(slope: 3.6, offset: -0.2, loss: 0.07 * 16)
    for value in [\SteeringRegime.efficiency, \.netGain, \.gainAtBudget] {
      let values = [short, long].map { $0[keyPath: value].finiteValue ?? .nan }
      #expect(agree(values[0], values[1], within: 1e-14))
    }
    for value in [\SteeringRegime.optimum, \.breakEven, \.budget, \.saturation, \.end] {
      let values = [short, long].map { $0[keyPath: value].finiteValue ?? .nan }
      #expect(agree(values[0], 4 * values[1], within: 1e-14))
    }
  }

  @Test func whatDoesNotExistSaysWhy() throws {
    let free = try SteeringRegime(slope: 1, offset: 0, loss: 0)
    #expect(free.optimum.finiteValue == nil && free.optimum.flag?.detail?.contains("fall") == true)
    #expect(free.budget.finiteValue == nil && free.efficiency.finiteValue == nil)
    #expect(free.end == free.saturation && free.end.finiteValue != nil && free.needsMeasuredCurve)
    let never = try SteeringRegime(slope: 1, offset: 0, loss: 1, linearTerm: -1.5)
    for value in [never.optimum, never.netGain, never.breakEven, never.end] {
      #expect(value.flag?.detail?.contains("never pays") == true)
    }
    #expect(never.efficiency.finiteValue == 1)
    let backwards = try SteeringRegime(slope: -1, offset: 0, loss: 1)
    #expect(backwards.saturation.finiteValue == nil && backwards.end.finiteValue == nil)
    let done = try SteeringRegime(slope: 1, offset: 2, loss: 1)
    #expect(done.saturation.flag?.detail?.contains("without steering") == true)
    #expect(done.end.finiteValue == nil)
    #expect(throws: SteeringError.self) {
      try SteeringRegime(slope: 1, offset: 0, loss: 1, weight: 0)
    }
    #expect(throws: SteeringError.self) {
      try SteeringRegime(slope: 1, offset: 0, loss: 1, tolerance: -1)
    }
    #expect(throws: SteeringError.self) { try SteeringRegime(slope: .nan, offset: 0, loss: 1) }
    let faint = try SteeringRegime(slope: 1, offset: 0, loss: .leastNonzeroMagnitude)
    #expect(faint.optimum.flag?.detail?.contains("hardly") == true)
    for regime in [free, never, backwards, done, faint] {
      #expect(try decoded(from: encoded(regime)) == regime)
    }
  }

  /// Oracle: the maximum of tanh(r) − r²/10 by its derivative, 1/cosh² r = r/5.
  @Test func theMeasuredOptimumIsOnTheGridAndThenBetweenItsPoints() throws {
    let curve = { (r: Double) in tanh(r) - r * r / 10 }
    let places = (0...12).map { Double($0) / 4 }
    let grid = try CurveOptimum(coefficients: places, values: places.map(curve))
    #expect(places.contains(grid.coefficient) && !grid.isRefined && !grid.isAtEdge)
    #expect(grid.value == places.map(curve).max())
    let exact = try CurveOptimum(
      coefficients: places, values: places.map(curve), tolerance: 1e-10,
      objective: { (r) throws(SteeringError) in curve(r) })
    let r = exact.coefficient
    #expect(agree(1 / (cosh(r) * cosh(r)), r / 5, within: 1e-7) && exact.isRefined)
    #expect(exact.value > grid.value)
    let edge = try CurveOptimum(coefficients: [0, 1], values: [0, 1])
    #expect(edge.isAtEdge && edge.coefficient == 1)
    // A dip beside the best grid point: the grid point stays.
    let kept = try CurveOptimum(
      coefficients: [0, 1, 2], values: [0, 1, 0],
      objective: { (r) throws(SteeringError) in r == 1 ? 1 : 0 })
    #expect(kept.coefficient == 1 && !kept.isRefined)
    #expect(throws: SteeringError.self) { try CurveOptimum(coefficients: [], values: []) }
    #expect(throws: SteeringError.self) { try CurveOptimum(coefficients: [0], values: [.nan]) }
  }

  /// Oracle: by hand.
  ///
  /// On (0, 3), (1, 2.9), (2, 1.5), (3, 0) the point (1, 2.9) is farthest above the chord; (2, 1) is
  /// beaten; a change of units moves no knee.
  @Test func theFrontAndItsKnee() throws {
    let behaviour = [0.0, 0.1, 0.2, 0.2, 0.3]
    let helpfulness = [0.3, 0.29, 0.15, 0.1, 0]
    let places = [0.0, 1, 2, 2.5, 3]
    let curve = try ParetoCurve(
      coefficients: places, helpfulness: helpfulness, behaviour: behaviour)
    #expect(curve.points.map(\.isOnFront) == [true, true, true, false, true])
    #expect(curve.knee?.coefficient == 1)
    let scaled = try ParetoCurve(
      coefficients: places, helpfulness: helpfulness.map { $0 / 100 }, behaviour: behaviour)
    #expect(scaled.knee?.coefficient == 1)
    let straight = try ParetoCurve(
      coefficients: [0, 1, 2], helpfulness: [0.5, 0.25, 0], behaviour: [0, 0.25, 0.5])
    #expect(straight.points.allSatisfy(\.isOnFront) && straight.knee == nil)
    let hollow = try ParetoCurve(
      coefficients: [0, 1, 2], helpfulness: [0.5, 0.1, 0], behaviour: [0, 0.1, 0.5])
    #expect(hollow.knee == nil)
    let twins = try ParetoCurve(
      coefficients: [0, 1, 2], helpfulness: [0.5, 0.5, 0.5], behaviour: [0.1, 0.2, 0.2])
    #expect(twins.points.map(\.isOnFront) == [false, true, true] && twins.knee == nil)
    #expect(throws: SteeringError.self) {
      try ParetoCurve(coefficients: [0], helpfulness: [.nan], behaviour: [0])
    }
  }
}
