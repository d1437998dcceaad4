import LinearAlgebra
import Optimization
import Testing

/// How a minimisation ends, above all where it cannot end well.
@Suite struct LBFGSStopTests {
  /// Six samples that a direction separates, with a bias in the last column.
  private static let samples = Matrix<Double>(rows: [
    [1, 0.2, 1], [2, -0.4, 1], [1.5, 0.3, 1], [-1, 0.1, 1], [-2, -0.2, 1], [-1.2, 0.4, 1],
  ])
  private static let labels: [Double] = [1, 1, 1, 0, 0, 0]
  private static let objective = TestObjective.squaredSigmoid(samples, labels: labels)

  /// The rule that other implementations stop by calls a loss of 1 converged here: PyTorch's bound on
  /// the largest element of the gradient is 1e-7, SciPy's 1e-5.
  @Test(arguments: [20.0, 60, 200, 500])
  func aSaturatedStartIsLeft(scale: Double) throws {
    let start = [-scale, 0, 0]
    #expect(Self.objective.value(start) > 0.99)
    #expect((Self.objective.gradient(start).map(abs).max() ?? 1) < 1e-7)
    var method = LBFGS()
    method.valueFloor = 1e-6
    let outcome = try #require(method.minimize(Self.objective, from: [start]).first)
    #expect(outcome.stop == .valueFloor)
    #expect(outcome.value <= 1e-6)
    #expect(outcome.evaluationCount < 100)
  }

  /// Where the slopes are below the smallest number, nothing can be done, and that is what is said.
  @Test func aStartWithoutAnySlopeIsNotCalledConverged() {
    let start = [-1e4, 0, 0]
    for outcome in LBFGS().minimize(Self.objective, from: [start]) {
      #expect(outcome.stop == .vanishingGradient)
      #expect(!outcome.stop.isConverged)
      #expect(outcome.point == start)
      #expect((outcome.iterationCount, outcome.evaluationCount) == (0, 1))
    }
  }

  /// Closed form: x + 1/x has its minimum at 1; the first trial, 40 below 8, is where it has no value.
  @Test func aRegionWithoutValuesIsBackedOutOf() {
    let barrier = TestObjective { point in
      let x = point[0]
      return x > 0 ? (x + 1 / x, [[1], [-1 / (x * x)]]) : (.nan, [[.nan]])
    }
    var method = LBFGS()
    method.firstStepLength = 40
    for outcome in method.minimize(barrier, from: [[8]]) {
      #expect(outcome.stop == .stationary)
      #expect(abs(outcome.point[0] - 1) < 1e-9)
    }
  }

  /// A function that loses its value in the middle of the run: the last good point is kept.
  @Test(arguments: [0, 1, 2, 7])
  func notANumberEndsWithTheLastGoodPoint(goodCount: Int) throws {
    var evaluationCount = 0
    let objective = TestObjective.rosenbrock
    let start = [-1.2, 1]
    let outcome = try #require(
      LBFGS().minimize(from: Matrix(rows: [start])) { points, _ in
        evaluationCount += 1
        let point = points.row(0)
        let isGood = evaluationCount <= goodCount
        return LBFGSEvaluation(
          values: [isGood ? objective.value(point) : .nan],
          gradients: Matrix(rows: [objective.gradient(point)]),
          gradientScales: [objective.gradientScale(point)])
      }.first)
    #expect(outcome.stop == .notFinite)
    #expect(outcome.evaluationCount == evaluationCount)
    if goodCount == 0 {
      #expect(outcome.point == start && outcome.value.isNaN && evaluationCount == 1)
    } else {
      #expect(outcome.value == objective.value(outcome.point))
      #expect((outcome.iterationCount > 0) == (goodCount > 2))
    }
  }

  /// A gradient that is not finite is as bad as a value.
  @Test func anInfiniteGradientIsNotFinite() {
    let objective = TestObjective { _ in (1, [[.infinity, 0]]) }
    #expect(LBFGS().minimize(objective, from: [[0, 0]])[0].stop == .notFinite)
  }

  /// A gradient of the wrong sign promises a decrease that no step has.
  @Test func aGradientThatLiesFailsTheLineSearch() {
    let objective = TestObjective { point in (point[0] * point[0], [[-2 * point[0]]]) }
    let outcome = LBFGS().minimize(objective, from: [[3]])[0]
    #expect(outcome.stop == .lineSearchFailed)
    #expect(outcome.point == [3])
  }

  @Test func limitsAndSmallDecreasesSaySo() {
    var method = LBFGS()
    method.maximumIterationCount = 4
    let limited = method.minimize(.rosenbrock, from: [[-1.2, 1]])[0]
    #expect(limited.stop == .iterationLimit && limited.iterationCount == 4)
    method.maximumIterationCount = 0
    let untouched = method.minimize(.rosenbrock, from: [[-1.2, 1]])[0]
    #expect(untouched.stop == .iterationLimit && untouched.point == [-1.2, 1])
    method = LBFGS()
    method.maximumEvaluationCount = 7
    let brief = method.minimize(.rosenbrock, from: [[-1.2, 1]])[0]
    #expect(brief.stop == .evaluationLimit && brief.evaluationCount == 7)
    #expect(brief.value == TestObjective.rosenbrock.value(brief.point))
    method = LBFGS()
    method.decreaseTolerance = 0.5
    let hasty = method.minimize(.rosenbrock, from: [[-1.2, 1]])[0]
    #expect(hasty.stop == .smallDecrease && hasty.value > 1e-3)
  }

  /// A function without a minimum is followed down until a limit ends it.
  @Test func aFunctionWithoutBoundEndsAtALimit() {
    let slope = TestObjective { point in (-point[0], [[-1]]) }
    var method = LBFGS()
    method.maximumEvaluationCount = 200
    let outcome = method.minimize(slope, from: [[0]])[0]
    #expect(!outcome.stop.isConverged)
    #expect(outcome.value < -1e9)
  }
}
