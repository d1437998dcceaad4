import LinearAlgebra
import Testing

/// Oracle: the same operations one element at a time, each rounded once.
@Suite struct AdaptiveStepTests {
  /// Parameters, means and variances.
  struct State: Equatable {
    var parameters: [Float]
    var means: [Float]
    var variances: [Float]

    /// The state after a step by the kernel.
    func stepped(_ gradients: [Float], form: KernelForm) -> State {
      var (parameters, means, variances) = (parameters, means, variances)
      var parameterSpan = parameters.mutableSpan
      var meanSpan = means.mutableSpan
      var varianceSpan = variances.mutableSpan
      let step = AdaptiveStep(
        keep: 0.9999, size: 0.0123, meanWeight: 0.1, varianceKeep: 0.999, varianceWeight: 0.001,
        varianceCorrection: 0.0447, epsilon: 1e-8)
      step.apply(
        gradients.span, parameters: &parameterSpan, means: &meanSpan, variances: &varianceSpan,
        form: form)
      return State(parameters: parameters, means: means, variances: variances)
    }

    /// The state after the same step, element by element.
    func expected(_ gradients: [Float]) -> State {
      var state = self
      for element in gradients.indices {
        let slope = gradients[element]
        let mean = means[element] + (slope - means[element]) * 0.1
        let variance = variances[element] * 0.999 + slope * slope * 0.001
        state.means[element] = mean
        state.variances[element] = variance
        let denominator = variance.squareRoot() / 0.0447 + 1e-8
        state.parameters[element] = parameters[element] * 0.9999 - 0.0123 * (mean / denominator)
      }
      return state
    }
  }

  static func values(_ count: Int, from first: Float) -> [Float] {
    (0..<count).map { first + Float(($0 * 7919) % 1009) / 311 }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 31, 1000], [KernelForm.automatic, .portable])
  func bytesAreThoseOfTheElementwiseUpdate(count: Int, form: KernelForm) {
    let start = State(
      parameters: Self.values(count, from: -1), means: Self.values(count, from: -2),
      variances: Self.values(count, from: 0))
    let gradients = Self.values(count, from: -1.5)
    #expect(start.stepped(gradients, form: form) == start.expected(gradients))
  }

  @Test(arguments: [KernelForm.automatic, .portable])
  func zeroGradientFromRestOnlyShrinksTheParameters(form: KernelForm) {
    let zeros = [Float](repeating: 0, count: 9)
    let start = State(parameters: Self.values(9, from: 1), means: zeros, variances: zeros)
    let end = start.stepped(zeros, form: form)
    #expect(end.parameters == start.parameters.map { $0 * 0.9999 })
    #expect(end.means == zeros && end.variances == zeros)
  }
}
