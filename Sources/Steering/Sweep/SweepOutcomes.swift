public import LinearAlgebra
internal import RealModule

/// What a model would answer at each coefficient of a sweep, from its next-token distribution.
public struct SweepOutcomes: Sendable, Equatable {
  /// The coefficients, ascending.
  public let coefficients: [Double]
  /// The log-probability of the right answer, (coefficients, prompts), in nats; −∞ for prompts without one.
  public let correct: Matrix<Double>
  /// The log-probability of all aligned tokens together, (coefficients, prompts); −∞ for prompts without any.
  public let aligned: Matrix<Double>
  /// The log-probability of all misaligned tokens together, (coefficients, prompts).
  public let misaligned: Matrix<Double>
  /// KL(p₀‖pᵣ) from the unsteered to the steered distribution, (coefficients, prompts), in nats.
  public let divergence: Matrix<Double>
  /// KL(pᵣ‖p₀), (coefficients, prompts), in nats.
  public let reverseDivergence: Matrix<Double>

  /// How many prompts there are.
  public var promptCount: Int { correct.columnCount }
  /// Where the coefficient is 0; `nil` if it is not among them.
  public var unsteered: Int? { coefficients.firstIndex(of: 0) }

  /// The probability of the right answer: helpfulness.
  ///
  /// - Parameters:
  ///   - coefficient: The coefficient's place.
  ///   - prompt: The prompt's place.
  /// - Returns: From 0 to 1; `nil` for a prompt without a right answer.
  public func helpfulness(coefficient: Int, prompt: Int) -> Double? {
    let value = correct[coefficient, prompt]
    return value > -.infinity ? .exp(value) : nil
  }

  /// (P_A − P_M) / (P_A + P_M) of aligned and misaligned tokens: behaviour.
  ///
  /// - Parameters:
  ///   - coefficient: The coefficient's place.
  ///   - prompt: The prompt's place.
  /// - Returns: From −1 to 1; `nil` for a prompt whose alignment is not measured.
  public func behaviour(coefficient: Int, prompt: Int) -> Double? {
    let pair = (aligned[coefficient, prompt], misaligned[coefficient, prompt])
    guard pair.0 > -.infinity || pair.1 > -.infinity else { return nil }
    return .tanh((pair.0 - pair.1) / 2)
  }
}
