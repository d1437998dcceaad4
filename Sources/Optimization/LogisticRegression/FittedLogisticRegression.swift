public import LinearAlgebra

/// A fitted logistic regression: the logit of label 1 is weights · x + intercept.
public struct FittedLogisticRegression: Sendable, Equatable {
  /// One weight a feature.
  public let weights: [Double]
  /// The logit where all features are 0.
  public let intercept: Double
  /// The penalty of the fit.
  public let penalty: LogisticPenalty
  /// The mean loss over the training rows in nats, by their sample weights and without the penalty.
  public let meanLoss: Double
  /// What was minimised: the mean loss and λ‖w‖².
  public let value: Double
  /// How many steps the minimisation took.
  public let iterationCount: Int
  /// Why the minimisation ended.
  public let stop: LBFGSOutcome.StopReason

  /// Whether the minimum was reached, as closely as was asked for or as values in single precision tell.
  public var isConverged: Bool { stop.isConverged || stop == .lineSearchFailed }

  /// The logits of rows.
  ///
  /// - Parameter rows: (rows, features), as wide as ``weights``.
  /// - Returns: One logit a row; above 0 for label 1. Products are in single precision.
  /// - Precondition: The widths agree.
  public func logits(of rows: MatrixView<Float>) -> [Double] {
    let single = weights.map { Float($0) }
    return product(of: rows, and: single.span).map { Double($0) + intercept }
  }
}
