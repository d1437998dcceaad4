public import Evaluation

/// Helpfulness as a free parabola P₀ + ℓ r + q r², which tests whether ℓ is 0.
///
/// Fitted by least squares. Its coefficients are linear in the values, so each is the mean of the prompts' own,
/// with their standard error by group.
public struct QuadraticFit: Sendable, Codable, Equatable {
  /// P₀, the value at r = 0.
  public let constant: GroupedMean
  /// ℓ, per unit of the coefficient, with the test that it is 0.
  public let linear: GroupedMean
  /// q, per squared unit: −h₂.
  public let quadratic: GroupedMean
  /// R² of the mean curve; undefined where all values agree.
  public let rSquared: MeasuredValue

  /// Fits one curve a prompt.
  ///
  /// - Parameters:
  ///   - coefficients: r, at least three different ones.
  ///   - helpfulness: (coefficient, prompt).
  ///   - groups: Which prompts belong together.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)``.
  /// - Complexity: O(coefficients · prompts).
  public init(
    coefficients: [Double], helpfulness: [[Double]], groups: Grouping
  ) throws(SteeringError) {
    try requireWidth(helpfulness.count, coefficients.count, "the values of helpfulness")
    try requireFinite(coefficients, "the coefficients", unit: "position")
    for row in helpfulness {
      try requireWidth(row.count, groups.sampleCount, "a row of the values of helpfulness")
    }
    let columns = [
      [Double](repeating: 1, count: coefficients.count), coefficients,
      coefficients.map { $0 * $0 },
    ]
    func parameter(_ place: Int) throws(SteeringError) -> GroupedMean {
      let others = columns.indices.filter { $0 != place }.map { columns[$0] }
      guard Set(coefficients).count >= 3,
        let weights = coefficientWeights(of: columns[place], besides: others)
      else {
        throw .invalidCurve(
          what: "the curve of helpfulness", place: nil,
          reason: "a parabola needs at least 3 different coefficients")
      }
      var values = [Double](repeating: 0, count: groups.sampleCount)
      for (weight, row) in zip(weights, helpfulness) {
        for prompt in values.indices { values[prompt] += weight * row[prompt] }
      }
      return try GroupedMean(of: values, groups: groups)
    }
    constant = try parameter(0)
    linear = try parameter(1)
    quadratic = try parameter(2)
    let means = helpfulness.map { $0.reduce(0, +) / Double($0.count) }
    let fitted = zip(columns[1], columns[2]).map { [constant, linear, quadratic] in
      constant.mean + linear.mean * $0 + quadratic.mean * $1
    }
    rSquared = Steering.rSquared(means, fitted: fitted)
  }
}
