public import LinearAlgebra
internal import RealModule

/// The AdamW optimiser: Adam with weight decay decoupled from the gradient.
///
/// The update is PyTorch's, step by step and in single precision, so that the same initial weights
/// and gradients give the same trajectory to rounding:
///
///     w ← w (1 − lr·λ)
///     m ← m + (g − m)(1 − β₁)
///     v ← β₂ v + (1 − β₂) g²
///     w ← w − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// Loshchilov & Hutter (2019), algorithm 2. The value holds hyperparameters only; what changes from
/// step to step lives in ``AdamWState``.
public struct AdamW: Sendable, Codable, Equatable {
  /// The step size `lr`.
  ///
  /// Higher learns faster, but a saturating probe overshoots.
  public var learningRate: Double
  /// The decay rate β₁ of the mean of gradients, in [0, 1).
  public var meanDecay: Double
  /// The decay rate β₂ of the mean of squared gradients, in [0, 1).
  public var varianceDecay: Double
  /// The constant ε added to the root of the variance.
  ///
  /// Higher damps steps where gradients are small.
  public var epsilon: Double
  /// The weight decay λ.
  ///
  /// Higher keeps weights small, but biases the fit towards zero.
  public var weightDecay: Double

  /// Creates an optimiser; the defaults are PyTorch's, except for the learning rate, which has none.
  ///
  /// - Parameters:
  ///   - learningRate: The step size.
  ///   - meanDecay: β₁.
  ///   - varianceDecay: β₂.
  ///   - epsilon: ε.
  ///   - weightDecay: λ.
  public init(
    learningRate: Double, meanDecay: Double = 0.9, varianceDecay: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0.01
  ) {
    self.learningRate = learningRate
    self.meanDecay = meanDecay
    self.varianceDecay = varianceDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}

/// The running moments of one ``AdamW`` optimisation over a list of parameter matrices.
public struct AdamWState: Sendable {
  /// The hyperparameters, which stay the same from step to step.
  public let optimizer: AdamW
  /// How many steps were taken.
  public private(set) var stepCount = 0
  private var means: [Matrix<Float>]
  private var variances: [Matrix<Float>]

  /// Creates the state before the first step, all moments zero.
  ///
  /// - Parameters:
  ///   - optimizer: The hyperparameters.
  ///   - parameters: The matrices that will be updated; only their shapes are read.
  public init(_ optimizer: AdamW, for parameters: [Matrix<Float>]) {
    self.optimizer = optimizer
    let zeros = parameters.map {
      Matrix<Float>(rowCount: $0.rowCount, columnCount: $0.columnCount, repeating: 0)
    }
    means = zeros
    variances = zeros
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: The matrices to update, of the shapes given to the initialiser.
  ///   - gradients: The gradient of the loss in each, of the same shapes.
  ///   - isDecayed: Whether weight decay applies to each matrix.
  /// - Complexity: O(number of parameters), one pass.
  public mutating func step(
    _ parameters: inout [Matrix<Float>], gradients: borrowing [Matrix<Float>], isDecayed: [Bool]
  ) {
    precondition(
      parameters.count == means.count && gradients.count == means.count
        && isDecayed.count == means.count, "one gradient and one decay switch for each parameter")
    stepCount += 1
    for position in parameters.indices {
      update(
        &parameters[position], mean: &means[position], variance: &variances[position],
        gradient: gradients[position], isDecayed: isDecayed[position])
    }
  }

  private func update(
    _ parameter: inout Matrix<Float>, mean: inout Matrix<Float>, variance: inout Matrix<Float>,
    gradient: borrowing Matrix<Float>, isDecayed: Bool
  ) {
    let step = Double(stepCount)
    // Scalars are formed in double precision and rounded once, as PyTorch's are.
    let coefficients = AdaptiveStep(
      keep: Float(1 - (isDecayed ? optimizer.learningRate * optimizer.weightDecay : 0)),
      size: Float(optimizer.learningRate / (1 - Double.pow(optimizer.meanDecay, step))),
      meanWeight: Float(1 - optimizer.meanDecay), varianceKeep: Float(optimizer.varianceDecay),
      varianceWeight: Float(1 - optimizer.varianceDecay),
      varianceCorrection: Float((1 - Double.pow(optimizer.varianceDecay, step)).squareRoot()),
      epsilon: Float(optimizer.epsilon))
    var parameterSpan = parameter.mutableSpan
    var meanSpan = mean.mutableSpan
    var varianceSpan = variance.mutableSpan
    coefficients.apply(
      gradient.span, parameters: &parameterSpan, means: &meanSpan, variances: &varianceSpan)
  }
}
