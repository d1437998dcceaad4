public import LinearAlgebra

/// What a function and its gradient are at several points, one row or element a point.
public struct LBFGSEvaluation: Sendable {
  /// The values.
  ///
  /// Infinity or NaN says that the function has none there.
  public var values: [Double]
  /// The gradients, (points, parameters).
  public var gradients: Matrix<Double>
  /// The sums of the norms of the terms that each gradient is the sum of, in [‖gradient‖, ∞).
  ///
  /// See ``LBFGS/gradientTolerance``.
  public var gradientScales: [Double]

  /// Creates an evaluation.
  ///
  /// - Parameters:
  ///   - values: One a point.
  ///   - gradients: (points, parameters).
  ///   - gradientScales: One a point.
  public init(values: [Double], gradients: Matrix<Double>, gradientScales: [Double]) {
    self.values = values
    self.gradients = gradients
    self.gradientScales = gradientScales
  }
}

/// Where one minimisation ended, and why.
public struct LBFGSOutcome: Sendable, Equatable {
  /// The last point that was accepted; its value is finite unless the start's was not.
  public let point: [Double]
  /// The function's value there.
  public let value: Double
  /// How many steps were accepted.
  public let iterationCount: Int
  /// How often value and gradient were computed.
  public let evaluationCount: Int
  /// Why it ended.
  public let stop: StopReason

  /// Why a minimisation ended.
  public enum StopReason: String, Sendable, Codable, CaseIterable {
    /// The terms of the gradient cancel: a minimum, or another stationary point.
    case stationary
    /// The value reached ``LBFGS/valueFloor``.
    case valueFloor = "value-floor"
    /// The last step lowered the value by less than ``LBFGS/decreaseTolerance`` of itself.
    case smallDecrease = "small-decrease"
    /// ``LBFGS/maximumIterationCount`` steps were taken.
    case iterationLimit = "iteration-limit"
    /// ``LBFGS/maximumEvaluationCount`` evaluations were made.
    case evaluationLimit = "evaluation-limit"
    /// No step was found that lowers the value, neither along the quasi-Newton direction nor along the
    /// gradient: what is left to gain is below the precision of the values.
    case lineSearchFailed = "line-search-failed"
    /// Every term of the gradient is zero.
    ///
    /// Saturation looks like this, and so does a minimum that every
    /// term shares; the gradient cannot tell them apart, the value may.
    case vanishingGradient = "vanishing-gradient"
    /// The value or the gradient was not finite at the start, or wherever a step led.
    case notFinite = "not-finite"

    /// Whether the end was the one that was asked for.
    public var isConverged: Bool {
      switch self {
      case .stationary, .valueFloor, .smallDecrease: true
      case .iterationLimit, .evaluationLimit, .lineSearchFailed, .vanishingGradient, .notFinite:
        false
      }
    }
  }
}
