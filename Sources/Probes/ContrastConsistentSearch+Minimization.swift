internal import Activations
internal import LinearAlgebra
internal import Optimization

extension ContrastConsistentSearch {
  /// The loss at which an unpenalised minimisation is at its end.
  ///
  /// Zero is the lower bound, but no weights reach it: on data that can be fitted, weights grow without
  /// end. At this loss the probabilities of a typical pair are within 1e-4 of 0 and 1.
  static let lossFloor = 1e-8
  /// κ of the mean of ½ κ (z⁺² + z⁻²), the penalty on logits in the first steps.
  static let warmUpPenalty = 0.01

  /// Minimises the loss of every try of a linear network by L-BFGS.
  ///
  /// - Parameters:
  ///   - network: The starts.
  ///   - pairs: Normalised training pairs.
  /// - Returns: The networks at the ends, and how each try got there.
  /// - Throws: ``ProbeError/linearAlgebra(_:)`` if the reduction to the rows' span fails.
  /// - Complexity: O(n · d · tries) for each evaluation of all tries, and O(n² · d) once for a reduction.
  func minimize(_ network: ProbeNetwork, _ pairs: ContrastPairs) throws(ProbeError)
    -> (network: ProbeNetwork, minimizations: [Minimization])
  {
    guard reducesRank, 2 * pairs.count < pairs.width else {
      return minimize(network, positive: pairs.positive, negative: pairs.negative)
    }
    let span = try TrainingSpan(positive: pairs.positive, negative: pairs.negative)
    let weights = network.parameters[0]
    let coordinates = span.coordinates(of: weights)
    let (reduced, minimizations) = minimize(
      .linear(weights: coordinates, biases: network.parameters[1]),
      positive: span.positive, negative: span.negative)
    var found = span.weights(at: reduced.parameters[0])
    if penalty == 0 {
      // Nothing pulls at the part of the start that the rows do not see: it stays.
      found.addElements(of: weights)
      found.subtractElements(of: span.weights(at: coordinates))
    }
    return (.linear(weights: found, biases: reduced.parameters[1]), minimizations)
  }

  /// Whether a minimisation ended at a minimum, or at a loss that is as good as zero.
  ///
  /// With a penalty there is a minimum at finite weights, and where steps no longer lower the loss, it has
  /// been reached to rounding. Without one they may have stopped to for another reason: pairs that are
  /// saturated on the wrong side.
  func isAtMinimum(_ minimization: Minimization) -> Bool {
    switch minimization.stop {
    case .stationary, .valueFloor: true
    case .smallDecrease: penalty > 0
    case .iterationLimit, .evaluationLimit, .lineSearchFailed, .vanishingGradient, .notFinite: false
    }
  }

  private func minimize(
    _ network: ProbeNetwork, positive: Matrix<Float>, negative: Matrix<Float>
  ) -> (network: ProbeNetwork, minimizations: [Minimization]) {
    var objective = ContrastObjective(
      confidenceTerm, penalty: penalty, positive: positive, negative: negative)
    objective.logitPenalty = Self.warmUpPenalty
    let warmUp = warmUpMinimizer.minimize(from: network.points) { points, _ in
      objective.evaluate(points)
    }
    objective.logitPenalty = 0
    let outcomes = minimizer.minimize(from: Matrix(rows: warmUp.map(\.point))) { points, _ in
      objective.evaluate(points)
    }
    return (
      ProbeNetwork(points: outcomes.map(\.point)),
      zip(warmUp, outcomes).map { before, outcome in
        Minimization(
          iterationCount: before.iterationCount + outcome.iterationCount,
          evaluationCount: before.evaluationCount + outcome.evaluationCount, stop: outcome.stop)
      }
    )
  }

  private var warmUpMinimizer: LBFGS {
    var method = LBFGS()
    method.maximumIterationCount = min(warmUpSteps, epochs)
    method.maximumEvaluationCount = .max
    // The precision of gradients and values whose products are single.
    method.gradientTolerance = 1e-5
    method.valuePrecision = 0x1p-22
    return method
  }

  private var minimizer: LBFGS {
    var method = warmUpMinimizer
    method.maximumIterationCount = max(0, epochs - warmUpSteps)
    method.decreaseTolerance = 1e-12
    method.valueFloor = penalty == 0 ? Self.lossFloor : nil
    return method
  }
}

extension ProbeNetwork {
  /// Linear probes with the given weights (tries, d) and biases (1, tries).
  fileprivate static func linear(weights: Matrix<Float>, biases: Matrix<Float>) -> ProbeNetwork {
    ProbeNetwork(
      architecture: .linear, tryCount: weights.rowCount, width: weights.columnCount,
      parameters: [weights, biases])
  }

  /// Linear probes from parameter vectors, the bias last.
  fileprivate init(points: [[Double]]) {
    self = .linear(
      weights: Matrix(rows: points.map { $0.dropLast().map { Float($0) } }),
      biases: Matrix(rows: [points.map { Float($0[$0.count - 1]) }]))
  }

  /// The parameters of linear probes, one try a row, the bias last.
  fileprivate var points: Matrix<Double> {
    Matrix(rowCount: tryCount, columnCount: width + 1) { row, column in
      Double(column < width ? parameters[0][row, column] : parameters[1][0, row])
    }
  }
}
