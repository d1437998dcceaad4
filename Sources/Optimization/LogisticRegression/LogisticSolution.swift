internal import LinearAlgebra

/// The minima of every part under every penalty, found in one batch.
struct LogisticSolution: Sendable {
  private let batch: LogisticBatch
  private let outcomes: [LBFGSOutcome]
  private let penalties: [LogisticPenalty]
  /// Weights and intercepts of all problems, those of the first part first.
  private let models: LogisticBatch.Models

  /// Finds the minima.
  ///
  /// - Parameters:
  ///   - data: Rows and labels.
  ///   - parts: What to learn from.
  ///   - penalties: How strongly to hold weights back.
  ///   - optimizer: How to minimise.
  /// - Throws: ``OptimizationError/invalidPenalty(_:)`` or ``OptimizationError/notFinite``.
  init(
    _ data: LogisticData, parts: [LogisticPart], penalties: [LogisticPenalty], optimizer: LBFGS
  ) throws(OptimizationError) {
    let rowCount = data.labels.count
    var problems: [LogisticBatch.Problem] = []
    for (part, own) in parts.enumerated() {
      for penalty in penalties {
        let strength = try penalty.checkedStrength(rowCount: own.rowCount)
        let ridge = 2 * strength / (data.rows.unit * data.rows.unit)
        problems.append(LogisticBatch.Problem(part: part, ridge: ridge))
      }
    }
    let batch = LogisticBatch(
      data: data,
      sampleWeights: Matrix(rowCount: rowCount, columnCount: parts.count) {
        parts[$1].sampleWeights[$0]
      }, problems: problems,
      coordinates: CurvatureCoordinates(data.basis, ridges: problems.map(\.ridge)))
    let width = data.rows.features.columnCount
    var starts = Matrix<Double>(rowCount: problems.count, columnCount: width + 1)
    for (row, problem) in problems.enumerated() {
      starts[row, width] = parts[problem.part].baseLogit / CurvatureCoordinates.interceptScale
    }
    var blocks = LogisticBlock.blocks(rowCount: rowCount)
    outcomes = optimizer.minimize(from: starts) { points, active in
      batch.evaluate(points, problems: active, reusing: &blocks)
    }
    guard outcomes.allSatisfy(\.value.isFinite) else { throw .notFinite }
    models = batch.models(
      at: Matrix(rows: outcomes.map(\.point)), problems: Array(problems.indices))
    self.batch = batch
    self.penalties = problems.indices.map { penalties[$0 % penalties.count] }
  }

  /// The logits of every row under every model, (rows, problems).
  var logits: Matrix<Double> { batch.logits(of: models) }

  /// One fit, for the rows as they were given.
  func fitted(_ problem: Int) -> FittedLogisticRegression {
    let weights = models.weights.row(problem)
    let outcome = outcomes[problem]
    let norm = euclideanNorm(weights.span)
    let (original, intercept) = batch.data.rows.original(
      weights, intercept: models.intercepts[problem])
    return FittedLogisticRegression(
      weights: original, intercept: intercept, penalty: penalties[problem],
      meanLoss: outcome.value - batch.problems[problem].ridge / 2 * norm * norm,
      value: outcome.value, iterationCount: outcome.iterationCount, stop: outcome.stop)
  }
}
