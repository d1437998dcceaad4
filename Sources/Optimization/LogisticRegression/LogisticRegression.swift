public import LinearAlgebra

/// Logistic regression for two classes with a penalty on the squared norm of the weights.
///
/// The estimator of rows and labels; the probe of activations built on it is `LogisticProbe`. The mean of
/// the logistic losses plus λ‖w‖² is minimised by ``LBFGS``, with an intercept that is not penalised.
/// The minimum is unique. How it is found depends on the rows alone: the same rows, labels and settings
/// give the same bytes at any number of threads.
///
/// Cox (1958), "The regression analysis of binary sequences"; Hoerl & Kennard (1970) for the penalty.
public struct LogisticRegression: Sendable, Codable, Equatable {
  /// How much the samples of each class count.
  public enum ClassWeight: String, Sendable, Codable, CaseIterable {
    /// Every sample counts the same.
    case none
    /// Each class counts the same: a sample counts n / (2 nₖ), with nₖ training samples of its class.
    case balanced
  }

  /// How much the samples of each class count.
  public var classWeight: ClassWeight
  /// How the minimum is found.
  ///
  /// ``LBFGS/gradientTolerance`` is at the precision of gradients that single-precision products give;
  /// higher stops sooner, with weights further from the minimum.
  public var optimizer: LBFGS

  /// Creates the estimator.
  ///
  /// - Parameter classWeight: How much the samples of each class count.
  public init(classWeight: ClassWeight = .none) {
    self.classWeight = classWeight
    optimizer = LBFGS()
    optimizer.gradientTolerance = 1e-6
    optimizer.maximumIterationCount = 500
    optimizer.valuePrecision = Double(Float.ulpOfOne)
  }

  /// Fits one regression.
  ///
  /// - Parameters:
  ///   - rows: (n, features), finite; n at least 2.
  ///   - labels: 0 or 1, one a row, both of them present.
  ///   - penalty: How strongly weights are held back.
  /// - Returns: The fitted regression.
  /// - Throws: ``OptimizationError`` for other rows, labels or penalties.
  /// - Complexity: O(*n* · *d*) for each of a few dozen steps, and O(m² *d*) for m = min(*n*, 1024) once;
  ///   a copy of the rows.
  public func fit(
    rows: MatrixView<Float>, labels: [Int], penalty: LogisticPenalty
  ) throws(OptimizationError) -> FittedLogisticRegression {
    try fit(try LogisticData(rows: rows, labels: labels), penalty: penalty)
  }

  func fit(
    _ data: LogisticData, penalty: LogisticPenalty
  ) throws(OptimizationError) -> FittedLogisticRegression {
    let everyRow = try LogisticPart(
      data.labels, holdingOut: nil, of: [], classWeight: classWeight)
    return try LogisticSolution(
      data, parts: [everyRow], penalties: [penalty], optimizer: optimizer
    ).fitted(0)
  }
}
