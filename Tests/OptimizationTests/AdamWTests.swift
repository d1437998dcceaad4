import LinearAlgebra
import Optimization
import TestSupport
import Testing

@Suite struct AdamWTests {
  private let golden = GoldenArrays("adamw.npz")

  /// Oracle: torch.optim.AdamW, also through a zero gradient and one of 1e-12, where ε decides.
  @Test func fiveStepsFollowPyTorch() throws {
    var parameters = [try golden.matrix("start")]
    let gradients = try golden.numbers("gradients").map { Float($0) }
    let steps = try golden.numbers("steps").map { Float($0) }
    let size = parameters[0].elements.count
    let optimizer = AdamW(learningRate: 0.015, weightDecay: 0.05)
    var state = AdamWState(optimizer, for: parameters)
    for step in 0..<5 {
      let gradient = Matrix(
        rowCount: 3, columnCount: 5,
        elements: Array(gradients[(step * size)..<((step + 1) * size)]))
      state.step(&parameters, gradients: [gradient], isDecayed: [true])
      let expected = Array(steps[(step * size)..<((step + 1) * size)])
      // About ten roundings a step, of numbers below 3.
      let tolerance = Tolerance.rounding(count: 10 * (step + 1), scale: 3, in: Float.self)
      #expect(Tolerance.largestDifference(parameters[0].elements, expected) <= tolerance)
    }
  }

  /// Closed form: the first step of Adam is the sign of the gradient times the learning rate.
  @Test func theFirstStepHasTheLengthOfTheLearningRate() {
    var parameters = [Matrix<Float>(rows: [[1, 1, 1]])]
    var state = AdamWState(AdamW(learningRate: 0.1, weightDecay: 0), for: parameters)
    state.step(&parameters, gradients: [Matrix(rows: [[2, -7, 0]])], isDecayed: [true])
    #expect(Tolerance.largestDifference(parameters[0].elements, [0.9, 1.1, 1]) < 1e-6)
  }

  /// Closed form: without a gradient a decayed parameter shrinks by 1 − lr·λ, another stays.
  @Test func decayIsDecoupledAndCanBeSwitchedOff() {
    var parameters = [Matrix<Float>(rows: [[4]]), Matrix<Float>(rows: [[4]])]
    var state = AdamWState(AdamW(learningRate: 0.5, weightDecay: 0.5), for: parameters)
    let zero = Matrix<Float>(rows: [[0]])
    state.step(&parameters, gradients: [zero, zero], isDecayed: [true, false])
    #expect(parameters[0][0, 0] == 3)
    #expect(parameters[1][0, 0] == 4)
  }
}
