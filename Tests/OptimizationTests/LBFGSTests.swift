import LinearAlgebra
import Optimization
import TestSupport
import Testing

@Suite struct LBFGSTests {
  /// Uniform numbers in ±1.
  private static func draw(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in 2 * generator.nextUniform() - 1 }
  }

  private static func drawMatrix(_ rowCount: Int, _ columnCount: Int, seed: UInt64)
    -> Matrix<Double>
  {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: draw(rowCount * columnCount, seed: seed))
  }

  /// MᵀM + 1, so positive definite, with a minimum that is drawn.
  private static func quadratic(_ order: Int, seed: UInt64)
    -> (objective: TestObjective, minimum: [Double])
  {
    let root = drawMatrix(order, order, seed: seed)
    var matrix = symmetricProduct(of: root.view, transposed: true)
    for index in 0..<order { matrix[index, index] += 1 }
    let minimum = draw(order, seed: seed + 1)
    return (.quadratic(matrix, minimum: minimum), minimum)
  }

  /// Theorem: with exact line searches and a full memory, the directions are conjugate, so a quadratic
  /// of n dimensions is at its minimum after n steps.
  @Test(arguments: [1, 2, 5, 9])
  func aQuadraticIsMinimisedInAsManyStepsAsDimensions(order: Int) throws {
    let (objective, minimum) = Self.quadratic(order, seed: 7)
    var method = LBFGS()
    method.curvature = 1e-8
    method.sufficientDecrease = 1e-9
    method.gradientTolerance = 1e-6
    let outcome = try #require(
      method.minimize(objective, from: [Self.draw(order, seed: 3)]).first)
    #expect(outcome.stop == .stationary)
    #expect(outcome.iterationCount <= order)
    // The smallest eigenvalue is at least 1, so the distance is at most the norm of the gradient.
    let bound = 1e-6 * objective.gradientScale(outcome.point)
    #expect(Tolerance.largestDifference(outcome.point, minimum) <= bound)
  }

  /// Oracle: the closed form of the minimum, to the precision of the gradient and not to its root.
  @Test func theMinimumIsFoundToThePrecisionOfTheGradient() {
    let (objective, minimum) = Self.quadratic(20, seed: 11)
    var method = LBFGS()
    method.gradientTolerance = 1e-14
    for outcome in method.minimize(objective, from: [Self.draw(20, seed: 4)]) {
      #expect(outcome.stop == .stationary)
      #expect(
        Tolerance.largestDifference(outcome.point, minimum)
          <= 1e-14 * objective.gradientScale(outcome.point))
    }
  }

  /// Closed form: Rosenbrock's function has its one minimum, zero, where every coordinate is 1.
  ///
  /// All its terms are zero there, so that it is the floor which ends the search.
  @Test func theCurvedValleyIsFollowedToItsEnd() {
    var method = LBFGS()
    method.valueFloor = 1e-22
    for outcome in method.minimize(.rosenbrock, from: [[-1.2, 1], [3, -2], [0, 0]]) {
      #expect(outcome.stop == .valueFloor)
      #expect(Tolerance.largestDifference(outcome.point, [1, 1]) < 1e-9)
      #expect(outcome.iterationCount < 100)
      #expect(outcome.evaluationCount < 200)
    }
  }

  /// Oracle: SciPy's Newton method.
  ///
  /// Strong convexity bounds the distance by ‖gradient‖ / 2λ.
  @Test func penalisedLogisticRegressionAgreesWithNewtonsMethod() throws {
    let golden = GoldenArrays("penalized_logistic.npz")
    let samples = Matrix(rowCount: 40, columnCount: 6, elements: try golden.numbers("samples"))
    let labels = try golden.numbers("labels")
    let minima = Matrix(rowCount: 3, columnCount: 6, elements: try golden.numbers("minima"))
    let values = try golden.numbers("values")
    for (index, penalty) in try golden.numbers("penalties").enumerated() {
      let objective = TestObjective.logistic(samples, labels: labels, penalty: penalty)
      let starts = [[Double](repeating: 0, count: 6), Self.draw(6, seed: 5).map { 30 * $0 }]
      for outcome in LBFGS().minimize(objective, from: starts) {
        #expect(outcome.stop == .stationary)
        let bound = 1e-10 * objective.gradientScale(outcome.point) / (2 * penalty)
        #expect(Tolerance.largestDifference(outcome.point, minima.row(index)) <= bound)
        #expect(abs(outcome.value - values[index]) <= 1e-14)
      }
    }
  }

  /// Law: a problem moves as it would alone, whoever else is minimised and on however many threads.
  @Test func problemsInLockstepAreTheSameBitsAsAlone() {
    let starts = [
      [-1.2, 1, 0, 0.5], [2, 2, 2, 2], [1, 1, 1, 1], [0, 0, 0, -3], [9, -9, 9, -9],
    ]
    var method = LBFGS()
    method.valueFloor = 1e-18
    let chosen = Parallel.threadCount
    defer { Parallel.threadCount = chosen }
    Parallel.threadCount = 1
    let alone = starts.map { method.minimize(.rosenbrock, from: [$0]) }.flatMap { $0 }
    #expect(Set(alone.map(\.evaluationCount)).count > 3)
    #expect(method.minimize(.rosenbrock, from: starts) == alone)
    Parallel.threadCount = 3
    #expect(method.minimize(.rosenbrock, from: starts) == alone)
  }

  /// Law: the path does not change with the unit of the function.
  ///
  /// Powers of two scale without rounding.
  @Test(arguments: [-300, -60, 40, 300])
  func theUnitOfTheFunctionChangesNothing(exponent: Int) {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let objective = TestObjective.rosenbrock
    var method = LBFGS()
    method.maximumIterationCount = 25
    let plain = method.minimize(objective, from: [[-1.2, 1]])
    let scaled = method.minimize(objective.scaled(by: factor), from: [[-1.2, 1]])
    #expect(scaled.map(\.point) == plain.map(\.point))
    #expect(scaled.map(\.evaluationCount) == plain.map(\.evaluationCount))
  }

  /// Theorem: every step meets both Wolfe conditions, up to the precision of values.
  ///
  /// A run of k steps ends where the k-th step of a longer one does, which shows each step.
  @Test(arguments: [0.9, 0.1])
  func everyStepMeetsTheStrongWolfeConditions(curvature: Double) {
    let samples = Self.drawMatrix(30, 4, seed: 21)
    let labels = Self.draw(30, seed: 22).map { $0 > 0 ? 1.0 : 0 }
    let objectives: [TestObjective] = [
      .rosenbrock, .logistic(samples, labels: labels, penalty: 1e-4),
      Self.quadratic(4, seed: 31).objective,
    ]
    var method = LBFGS()
    method.curvature = curvature
    for objective in objectives {
      let start = [-1.2, 1, -0.3, 4]
      let total = method.minimize(objective, from: [start])[0].iterationCount
      #expect(total >= 5)
      var point = start
      for count in 1...total {
        method.maximumIterationCount = count
        let next = method.minimize(objective, from: [start])[0].point
        let step = zip(next, point).map { $0 - $1 }
        let slope = TestObjective.dot(objective.gradient(point), step)
        let nextSlope = TestObjective.dot(objective.gradient(next), step)
        #expect(slope < 0)
        let slack = 2 * method.valuePrecision * objective.value(point)
        #expect(
          objective.value(next) <= objective.value(point) + 1e-4 * slope + slack, "step \(count)")
        #expect(abs(nextSlope) <= curvature * abs(slope) * (1 + 1e-9), "step \(count)")
        point = next
      }
      method.maximumIterationCount = 1000
    }
  }
}
