import Evaluation
import Foundation
import Steering
import Testing

/// Fits of curves of behaviour and helpfulness.
@Suite struct TradeoffFitTests {
  /// Fits of the sweep table as published, printed to four or three digits: slope and offset of the line through
  /// arctanh B with its R², of tanh with its R², and the R² of the straight line.
  private static let printed: [String: [Double]] = [
    "hallucination none": [0.5167, 0.5231, 0.986, 0.5425, 0.5335, 0.988, 0.951],
    "hallucination pos": [0.5379, 0.5075, 0.995, 0.5493, 0.5113, 0.998, 0.973],
    "hallucination neg": [0.3987, 0.3894, 0.992, 0.4087, 0.3934, 0.991, 0.973],
    "corrigible none": [0.6803, 0.2797, 0.951, 0.7542, 0.3249, 0.968, 0.923],
    "corrigible pos": [0.7303, 0.6307, 0.878, 1.1263, 0.8633, 0.941, 0.779],
    "corrigible neg": [0.6285, 0.0815, 0.997, 0.6358, 0.0797, 0.997, 0.992],
  ]

  @Test func thePublishedSweepFitsToThePrintedDigits() throws {
    let golden = try TradeoffGolden.read().published
    #expect(Set(golden.compactMap(\.name)) == Set(Self.printed.keys))
    for sweep in golden {
      let fit = try sweep.fit()
      let expected = try #require(Self.printed[sweep.name ?? ""])
      let found = [
        fit.linearized.slope, fit.linearized.offset, fit.linearized.rSquared.finiteValue,
        fit.slope, fit.offset, fit.rSquared.finiteValue, fit.line.rSquared.finiteValue,
      ].map { $0 ?? .nan }
      for (value, printed) in zip(found, expected) {
        #expect((value - printed).magnitude <= 5e-4, "\(sweep.name ?? ""): \(value), \(printed)")
      }
    }
  }

  /// The sweep as published is the one that the fits in the golden file are of.
  @Test func theGoldenFitsAreOfThePublishedSweep() throws {
    let text = String(
      decoding: try goldenData("caa_llama2_7b_chat_layer13_ab_sweep.csv"), as: UTF8.self)
    var sweeps: [String: [(Double, Double)]] = [:]
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",").map(String.init)
      let place = try #require(Double(fields[2]))
      let probability = try #require(Double(fields[3]))
      sweeps["\(fields[0]) \(fields[1])", default: []].append((place, 2 * probability - 1))
    }
    for sweep in try TradeoffGolden.read().published {
      let rows = try #require(sweeps[sweep.name ?? ""])
      #expect(rows.map(\.0) == sweep.coefficients)
      #expect(zip(rows, sweep.values).allSatisfy { ($0.1 - $1).magnitude < 1e-15 })
    }
  }

  /// Oracle: SciPy's Levenberg and Marquardt, stopped at 1e−15; a minimum fixes parameters to the root of that.
  @Test func alignmentFitsAgreeWithSciPyForEveryWeighting() throws {
    let golden = try TradeoffGolden.read()
    #expect(Set(golden.alignment.map(\.weighting)).count == AlignmentWeighting.allCases.count)
    for sweep in golden.alignment + golden.published {
      let fit = try sweep.fit()
      let near = try #require(fit.lineNearZero)
      let pairs: [(Double, Double, Double)] = [
        (fit.linearized.slope, sweep.linearized[0], 1e-11),
        (fit.linearized.offset, sweep.linearized[1], 1e-11),
        (fit.linearized.rSquared.finiteValue ?? .nan, sweep.linearized[2], 1e-11),
        (fit.slope, sweep.curve[0], 1e-7), (fit.offset, sweep.curve[1], 1e-7),
        (fit.rSquared.finiteValue ?? .nan, sweep.curve[2], 1e-10),
        (fit.line.slope, sweep.line[0], 1e-12), (fit.line.offset, sweep.line[1], 1e-12),
        (fit.line.rSquared.finiteValue ?? .nan, sweep.line[2], 1e-12),
        (near.slope, sweep.lineNearZero[0], 1e-12), (near.offset, sweep.lineNearZero[1], 1e-12),
      ]
      for (place, pair) in pairs.enumerated() {
        #expect(
          agree(pair.0, pair.1, within: pair.2), "\(sweep.weighting) \(place): \(pair)")
      }
      #expect(fit.flags.isEmpty)
    }
  }

  /// Oracle: a curve that is a tanh, or a bell, has its own parameters.
  @Test func cleanCurvesAreRecovered() throws {
    let places = (-8...8).map { Double($0) / 4 }
    for weighting in AlignmentWeighting.allCases {
      let fit = try AlignmentFit(
        coefficients: places, behaviour: places.map { tanh(1.25 * $0 - 0.5) },
        counts: places.map { _ in 1000 }, weighting: weighting)
      #expect(agree(fit.slope, 1.25, within: 1e-12) && agree(fit.offset, -0.5, within: 1e-12))
      let base = tanh(-0.5)
      #expect(agree(fit.gain, 1.25 * (1 - base * base), within: 1e-12))
      #expect(agree(fit.value(at: 0.3), tanh(1.25 * 0.3 - 0.5), within: 1e-12))
    }
    for floor in [HelpfulnessFloor.none, .chance(0.25), .tradeoffPaper] {
      let (scale, bottom) =
        floor == .none ? (1.0, 0.0) : floor == .tradeoffPaper ? (0.5, 0.25) : (0.75, 0.25)
      // a = 0.5 and b = 0.8, so c = 0.16.
      let fit = try HelpfulnessFit(
        coefficients: places,
        helpfulness: places.map { scale / (1.5 + 0.16 * $0 * $0) + bottom }, floor: floor)
      let bell = try #require(fit.bell)
      #expect(agree(bell.oddsAgainst, 0.5, within: 1e-12) && agree(bell.width, 0.8, within: 1e-11))
      #expect(agree(bell.peak, scale / 1.5 + bottom, within: 1e-12))
      let share = 1 / 1.5
      #expect(agree(bell.loss, scale * share * (1 - share) * 0.32, within: 1e-12))
      #expect(agree(fit.value(at: 2) ?? .nan, scale / 2.14 + bottom, within: 1e-12))
      #expect(try decoded(from: encoded(fit)) == fit)
    }
  }

  /// Oracle: SciPy; the loss by differences of the fitted bell, whose step of 10⁻³ leaves 10⁻⁶ and rounding 10⁻⁹.
  @Test func helpfulnessFitsAgreeWithSciPy() throws {
    for golden in try TradeoffGolden.read().helpfulness {
      let floor: HelpfulnessFloor =
        golden.scale == 1 ? .none : golden.scale == 0.5 ? .tradeoffPaper : .chance(golden.floor)
      let fit = try HelpfulnessFit(
        coefficients: golden.coefficients, helpfulness: golden.values, floor: floor)
      let bell = try #require(fit.bell)
      #expect(agree(bell.oddsAgainst, golden.oddsAgainst, within: 1e-7))
      #expect(agree(bell.growth, golden.growth, within: 1e-7))
      #expect(agree(bell.peak, golden.peak, within: 1e-7))
      #expect((bell.loss / golden.lossByDifferences - 1).magnitude < 1e-4)
      #expect(agree(fit.rSquared.finiteValue ?? .nan, golden.rSquared, within: 1e-10))
    }
  }

  /// The paper's constants: the curvature is that of the fitted peak, 0.0600, and not 0.0384, which multiplies by
  /// α once more.
  @Test func theLossUsesTheFittedPeak() throws {
    let odds = 0.5 * 0.4 / 0.6
    let places = [-2.0, -1, 0, 1, 2]
    let fit = try HelpfulnessFit(
      coefficients: places,
      helpfulness: places.map { 1 / (1 + odds + odds * 0.32 * $0 * $0) })
    #expect(agree(try #require(fit.bell).loss, 0.06, within: 1e-12))
  }

  @Test func helpfulnessThatDoesNotFallHasNoCost() throws {
    let places = [-2.0, -1, 0, 1, 2]
    let rising = places.map { 0.4 + 0.05 * $0 * $0 }
    for values in [
      places.map { _ in 0.5 }, rising, places.map { _ in 1.0 }, places.map { _ in 0.0 },
    ] {
      let fit = try HelpfulnessFit(coefficients: places, helpfulness: values)
      #expect(fit.shape == .noCost && fit.bell == nil && fit.value(at: 1) == nil)
      #expect(fit.rSquared.finiteValue == nil)
      #expect(try decoded(from: encoded(fit)) == fit)
    }
  }

  /// Oracle: NumPy's least squares of each prompt, and the formula of the error by group in NumPy.
  @Test func parabolasAndTheTestOfTheirLinearTermAgreeWithNumPy() throws {
    let golden = try TradeoffGolden.read().quadratic
    let fit = try QuadraticFit(
      coefficients: golden.coefficients, helpfulness: golden.helpfulness,
      groups: Grouping(golden.groups))
    let found = [fit.constant, fit.linear, fit.quadratic].map(\.mean)
    for (value, expected) in zip(found, golden.parameters) {
      #expect(agree(value, expected, within: 1e-13))
    }
    let error = try #require(fit.linear.standardError.finiteValue)
    #expect((error / golden.linearError - 1).magnitude < 1e-11)
    let p = try #require(fit.linear.pValue)
    #expect((p / golden.pValue - 1).magnitude < 1e-9)
    #expect(agree(fit.rSquared.finiteValue ?? .nan, golden.rSquared, within: 1e-12))
    #expect(throws: SteeringError.self) {
      try QuadraticFit(coefficients: [0, 1], helpfulness: [[1], [1]], groups: Grouping([0]))
    }
  }

  /// The published averages 0.62, 0.65, 0.56 at −1, 0, 1 lie on 0.65 − 0.03 r − 0.06 r².
  @Test func threePointsLieOnTheirParabola() throws {
    let fit = try QuadraticFit(
      coefficients: [-1, 0, 1], helpfulness: [[0.62], [0.65], [0.56]], groups: Grouping([0]))
    #expect(agree(fit.constant.mean, 0.65, within: 1e-14))
    #expect(agree(fit.linear.mean, -0.03, within: 1e-14))
    #expect(agree(fit.quadratic.mean, -0.06, within: 1e-14))
    #expect(fit.linear.pValue == nil)
  }

  /// Oracle: powers have their own order; a linear term of helpfulness shows, and is gone from the symmetric loss.
  @Test func ordersAreThoseOfThePowers() throws {
    let places = [-0.04, -0.02, -0.01, 0, 0.01, 0.02, 0.04]
    let test = try OrderTest(
      coefficients: places, behaviour: places.map { 0.1 - 2 * $0 },
      helpfulness: places.map { 0.5 - 3 * $0 * $0 })
    #expect(agree(test.behaviour.finiteValue ?? .nan, 1, within: 1e-12))
    #expect(agree(test.helpfulness.finiteValue ?? .nan, 2, within: 1e-11))
    #expect(agree(test.symmetricHelpfulness.finiteValue ?? .nan, 2, within: 1e-11))
    #expect(test.largestCoefficient == 0.04)
    let sloped = try OrderTest(
      coefficients: places, behaviour: nil, helpfulness: places.map { 0.5 - $0 - 3 * $0 * $0 },
      limit: 0.02)
    #expect(agree(sloped.helpfulness.finiteValue ?? .nan, 1, within: 0.1))
    #expect(agree(sloped.symmetricHelpfulness.finiteValue ?? .nan, 2, within: 1e-11))
    #expect(sloped.behaviour.finiteValue == nil && sloped.largestCoefficient == 0.02)
    let rising = try OrderTest(
      coefficients: [0, 1, 2], behaviour: [0, 0, 0], helpfulness: [0.1, 0.2, 0.3])
    #expect(rising.helpfulness.finiteValue == nil && rising.behaviour.finiteValue == nil)
    #expect(rising.symmetricHelpfulness.finiteValue == nil)
    #expect(throws: SteeringError.self) {
      try OrderTest(coefficients: [1, 2], behaviour: [0, 0], helpfulness: nil)
    }
  }

  @Test func unusableCurvesAreRefused() throws {
    #expect(throws: SteeringError.self) {
      try AlignmentFit(coefficients: [1, 1], behaviour: [0, 0.5], counts: [9, 9])
    }
    for values in [[0, 1.5], [0, .nan], [0]] {
      #expect(throws: SteeringError.self) {
        try AlignmentFit(coefficients: [0, 1], behaviour: values, counts: [9, 9])
      }
    }
    #expect(throws: SteeringError.self) {
      try AlignmentFit(coefficients: [0, 1], behaviour: [0, 0.5], counts: [9, 0])
    }
    #expect(throws: SteeringError.self) {
      try HelpfulnessFit(coefficients: [-1, 1], helpfulness: [0.5, 0.5])
    }
    #expect(throws: SteeringError.self) {
      try HelpfulnessFit(coefficients: [0, 1], helpfulness: [0.5, 0.4], floor: .chance(1))
    }
    #expect(throws: SteeringError.self) {
      try HelpfulnessFit(coefficients: [0, 1], helpfulness: [0.5, -0.4])
    }
    // Constant behaviour, and behaviour at its ends, have a fit without a share of explained variance or with one.
    let flat = try AlignmentFit(
      coefficients: [0, 1, 2], behaviour: [0.5, 0.5, 0.5], counts: [9, 9, 9])
    #expect(flat.slope.magnitude < 1e-12 && flat.rSquared.finiteValue == nil)
    let saturated = try AlignmentFit(
      coefficients: [-1, 0, 1], behaviour: [1, 1, 1], counts: [Int.max, Int.max, Int.max])
    #expect(saturated.slope.isFinite && saturated.rSquared.finiteValue == nil)
    let step = try AlignmentFit(
      coefficients: [-1, 0, 1], behaviour: [-1, 0, 1], counts: [9, 9, 9])
    #expect(step.slope > 2 && step.slope.isFinite && step.offset.isFinite)
    #expect(try decoded(from: encoded(step)) == step)
  }
}
