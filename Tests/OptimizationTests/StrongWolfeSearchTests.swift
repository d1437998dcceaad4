import Optimization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct StrongWolfeSearchTests {
  /// A function of one number with its derivative.
  private struct Curve: Sendable {
    let name: String
    let value: @Sendable (Double) -> Double
    let slope: @Sendable (Double) -> Double
  }

  private static let curves = [
    Curve(name: "parabola", value: { ($0 - 3) * ($0 - 3) }, slope: { 2 * ($0 - 3) }),
    Curve(
      name: "quartic with a second minimum", value: { $0 * $0 * $0 * $0 - 4 * $0 * $0 - 2 * $0 },
      slope: { 4 * $0 * $0 * $0 - 8 * $0 - 2 }),
    Curve(
      name: "ripples on a parabola", value: { $0 * $0 / 50 - $0 + sin(5 * $0) / 10 },
      slope: { $0 / 25 - 1 + cos(5 * $0) / 2 }),
    Curve(name: "exponential wall", value: { exp($0) - 4 * $0 }, slope: { exp($0) - 4 }),
    // Moré & Thuente (1994), function 1 with β = 2: slopes up only far out, and then hardly.
    Curve(
      name: "shallow", value: { -$0 / ($0 * $0 + 2) },
      slope: { ($0 * $0 - 2) / (($0 * $0 + 2) * ($0 * $0 + 2)) }),
  ]

  private struct Result {
    var verdict = StrongWolfeSearch.Verdict.tryAgain
    var trials: [(step: Double, value: Double, slope: Double)] = []
  }

  private func run(_ curve: Curve, firstStep: Double, settings: LBFGS = LBFGS()) -> Result {
    var search = StrongWolfeSearch(
      value: curve.value(0), slope: curve.slope(0), firstStep: firstStep, settings: settings)
    var result = Result()
    while result.verdict == .tryAgain, result.trials.count < 200 {
      let (value, slope) = (curve.value(search.step), curve.slope(search.step))
      result.trials.append((search.step, value, slope))
      result.verdict = search.tell(value: value, slope: slope)
    }
    return result
  }

  /// Theorem: such steps exist along every direction of descent of a function that is bounded below, and
  /// the search finds one, wherever it begins.
  @Test(arguments: [0.9, 0.1, 1e-3], [1e-9, 1e-3, 0.3, 1, 8, 1e3])
  func theStepMeetsBothConditions(curvature: Double, firstStep: Double) throws {
    var settings = LBFGS()
    settings.curvature = curvature
    for curve in Self.curves {
      let result = run(curve, firstStep: firstStep, settings: settings)
      #expect(result.verdict == .accepted, "\(curve.name)")
      let (step, value, slope) = try #require(result.trials.last)
      let (startValue, startSlope) = (curve.value(0), curve.slope(0))
      let slack = settings.valuePrecision * abs(startValue)
      #expect(value <= startValue + 1e-4 * step * startSlope + slack, "\(curve.name)")
      #expect(abs(slope) <= curvature * abs(startSlope), "\(curve.name)")
      #expect(result.trials.count <= 40, "\(curve.name)")
    }
  }

  /// A flat place that is hardly lower, far out, is not the decrease that the slope promised.
  @Test func aDecreaseThatIsTooSmallForItsStepIsRefused() {
    var search = StrongWolfeSearch(value: 1, slope: -1, firstStep: 5000, settings: LBFGS())
    #expect(search.tell(value: 0.9, slope: 0) == .tryAgain)
    #expect(search.step < 5000)
    #expect(search.tell(value: 0.4, slope: 0) == .accepted)
  }

  /// At a kink no step is flat enough.
  ///
  /// The lowest that was tried is taken, and evaluated last.
  @Test(arguments: [0.2, 1, 17])
  func atAKinkTheLowestTrialIsTaken(firstStep: Double) throws {
    let kink = Curve(
      name: "kink", value: { abs($0 - 0.7) }, slope: { $0 < 0.7 ? -1 : 1 })
    let result = run(kink, firstStep: firstStep)
    #expect(result.verdict == .accepted)
    let last = try #require(result.trials.last)
    #expect(last.value == result.trials.map(\.value).min())
    #expect(last.value < 1e-3)
  }

  /// Values that agree to the last digit do not stop a search whose slopes go on.
  @Test func aPlateauThatSlopesIsCrossed() {
    // 1 to rounding up to 40, then down to 0 and, at 100, up again.
    let plateau = Curve(
      name: "plateau", value: { 1 / (1 + exp($0 - 80)) + max(0, $0 - 100) },
      slope: { -1 / ((1 + exp($0 - 80)) * (1 + exp(80 - $0))) + ($0 > 100 ? 1 : 0) })
    #expect(plateau.value(20) == plateau.value(0))
    let result = run(plateau, firstStep: 1)
    #expect(result.verdict == .accepted)
    #expect((result.trials.last?.value ?? 1) < 1e-6)
  }

  /// Where there is no lower value the search says so.
  @Test func aSlopeThatLiesFails() {
    let liar = Curve(name: "liar", value: { $0 }, slope: { _ in -1 })
    #expect(run(liar, firstStep: 1).verdict == .failed)
  }
}
