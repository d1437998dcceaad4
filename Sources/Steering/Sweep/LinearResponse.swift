public import LinearAlgebra

/// Steering at an earlier layer, extrapolated from two runs of the model: each prompt's last state moves along its own
/// line, h(r) = h(0) + r δ with δ = (h(r₁) − h(0)) / r₁.
///
/// An approximation away from 0 and r₁: the blocks behind the vector are not linear. It is what the trade-off paper's
/// first assumption says of the length of δ.
///
/// Wolf et al. (2024), arXiv:2401.16332, section 3.
public struct LinearResponse: Sendable, Equatable {
  /// h(0), (prompts, width), before the final norm.
  public let unsteered: Matrix<Float>
  /// δ, (prompts, width).
  public let slopes: Matrix<Float>
  /// r₁.
  public let coefficient: Double
  /// 1 − R² of ‖h(r) − h(0)‖ against |r|, through the origin and over all prompts; `nil` with fewer than two coefficients
  /// beside 0.
  public let nonlinearity: Double?

  /// The response between two runs.
  ///
  /// - Parameters:
  ///   - unsteered: h(0), (prompts, width), before the final norm.
  ///   - steered: h(r₁) of the same prompts.
  ///   - coefficient: r₁, not 0.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/invalidSetting(method:name:value:expected:)`` for a coefficient of 0 or states of other prompts,
  ///   ``SteeringError/degenerate(method:reason:)`` if no state moved.
  public init(
    unsteered: Matrix<Float>, steered: Matrix<Float>, at coefficient: Double
  ) throws(SteeringError) {
    try self.init(
      unsteered: unsteered, steered: steered, at: coefficient, nonlinearity: nil)
  }

  private init(
    unsteered: Matrix<Float>, steered: Matrix<Float>, at coefficient: Double, nonlinearity: Double?
  ) throws(SteeringError) {
    guard unsteered.columnCount == steered.columnCount else {
      throw .widthMismatch(
        what: "the steered states", expected: unsteered.columnCount, actual: steered.columnCount)
    }
    guard unsteered.rowCount == steered.rowCount else {
      throw .invalidSetting(
        method: "linear response", name: "steered", value: "of \(steered.rowCount) prompts",
        expected: "the \(unsteered.rowCount) prompts of the unsteered run, in their order")
    }
    guard coefficient != 0, coefficient.isFinite else {
      throw .invalidSetting(
        method: "linear response", name: "coefficient", value: "\(coefficient)",
        expected: "that of the steered run, a finite number other than 0")
    }
    guard unsteered != steered else {
      throw .degenerate(
        method: "linear response",
        reason: "the two runs have the same last states; was the vector added at all?")
    }
    self.unsteered = unsteered
    slopes = Matrix(rowCount: unsteered.rowCount, columnCount: unsteered.columnCount) {
      Float((Double(steered[$0, $1]) - Double(unsteered[$0, $1])) / coefficient)
    }
    self.coefficient = coefficient
    self.nonlinearity = nonlinearity
  }

  /// The response of a sweep, between 0 and the coefficient above it that is nearest to 1; `nil` without these.
  ///
  /// - Parameters:
  ///   - states: The last states at each coefficient, (prompts, width) each.
  ///   - coefficients: As many.
  /// - Throws: As ``init(unsteered:steered:at:)``.
  init?(states: [Matrix<Float>], coefficients: [Double]) throws(SteeringError) {
    guard let zero = coefficients.firstIndex(of: 0),
      let place = coefficients.indices.filter({ coefficients[$0] > 0 }).min(by: {
        (coefficients[$0] - 1).magnitude < (coefficients[$1] - 1).magnitude
      }), states[zero] != states[place]
    else { return nil }
    try self.init(
      unsteered: states[zero], steered: states[place], at: coefficients[place],
      nonlinearity: Self.nonlinearity(states, coefficients, zero: zero))
  }

  private static func nonlinearity(
    _ states: [Matrix<Float>], _ coefficients: [Double], zero: Int
  ) -> Double? {
    guard coefficients.count > 2 else { return nil }
    var points: [(size: Double, length: Double)] = []
    for (place, coefficient) in coefficients.enumerated() where place != zero {
      var difference = states[place]
      difference.subtractElements(of: states[zero])
      points += squaredRowNorms(of: difference.view).map {
        (coefficient.magnitude, $0.squareRoot())
      }
    }
    let squares = points.reduce(0) { $0 + $1.size * $1.size }
    let slope = points.reduce(0) { $0 + $1.size * $1.length } / squares
    let mean = points.reduce(0) { $0 + $1.length } / Double(points.count)
    let residual = points.reduce(0) { sum, point in
      let error = point.length - slope * point.size
      return sum + error * error
    }
    let total = points.reduce(0) { $0 + ($1.length - mean) * ($1.length - mean) }
    return total > 0 ? residual / total : nil
  }

  /// The outcomes along the lines.
  ///
  /// - Parameters:
  ///   - head: What turns states into logits.
  ///   - answers: Which tokens count as which answer, of each prompt.
  ///   - coefficients: The strengths, finite; 0 is put among them.
  /// - Returns: The outcomes, by ascending coefficient.
  /// - Throws: ``SteeringError`` for states of other counts or widths than the head's and the answers'.
  /// - Complexity: O(*R* · *n* · *V* · *d*).
  public func outcomes(
    head: FinalHead, answers: PromptAnswers, coefficients: [Double]
  ) throws(SteeringError) -> SweepOutcomes {
    let grid = Set(coefficients + [0]).sorted()
    let states = grid.map { coefficient in
      Matrix(rowCount: unsteered.rowCount, columnCount: unsteered.columnCount) { row, column in
        Float(Double(unsteered[row, column]) + coefficient * Double(slopes[row, column]))
      }
    }
    return try MeasuredSweep(coefficients: grid, answers: answers).outcomes(
      head: head, states: states)
  }
}
