internal import LinearAlgebra

/// Several logistic regressions on the same rows, which one pass over them evaluates.
///
/// Each problem learns from the rows to which its part gives weight, under a ridge of its own:
///
///     Σᵢ sᵢ ln(1 + exp(−mᵢ)) + ρ/2 ‖w‖²,    Σᵢ sᵢ = 1,    mᵢ = ±(w · xᵢ + b)
///
/// Products are in single precision, everything else in double.
struct LogisticBatch: Sendable {
  /// One regression.
  struct Problem: Sendable {
    /// Which rows it learns from: a column of the parts' weights.
    let part: Int
    /// ρ, for weights of the centred rows.
    let ridge: Double
  }

  let data: LogisticData
  /// sᵢ, (rows, parts).
  let sampleWeights: Matrix<Double>
  let problems: [Problem]
  let coordinates: CurvatureCoordinates

  /// Weights and intercepts of some problems.
  struct Models: Sendable {
    /// (problems, features), of the centred rows.
    var weights: Matrix<Double>
    var intercepts: [Double]
  }

  /// The models at points: one row of coordinates each, those of the intercept last.
  func models(at points: Matrix<Double>, problems: [Int]) -> Models {
    let width = points.columnCount - 1
    return Models(
      weights: coordinates.transform(points.view.columns(0..<width), problems: problems),
      intercepts: points.column(width).map { $0 * CurvatureCoordinates.interceptScale })
  }

  /// The logits of every row under some models, (rows, models).
  func logits(of models: Models) -> Matrix<Double> {
    let scores = product(
      of: data.rows.features.view, and: Matrix<Float>(models.weights).view, rightTransposed: true)
    return Matrix(rowCount: scores.rowCount, columnCount: scores.columnCount) {
      Double(scores[$0, $1]) + models.intercepts[$1]
    }
  }

  /// Values and gradients at points, for the problems that they belong to.
  ///
  /// A problem's result depends on the company it is evaluated in by rounding only: the products of its
  /// coordinates are blocked by how many there are.
  ///
  /// - Parameters:
  ///   - points: One row of coordinates a problem.
  ///   - active: The problem of each point.
  ///   - workspace: Reused from one evaluation to the next.
  /// - Returns: In the coordinates of the points.
  func evaluate(
    _ points: Matrix<Double>, problems active: [Int], reusing workspace: inout [LogisticBlock]
  ) -> LBFGSEvaluation {
    let models = models(at: points, problems: active)
    let weights = Matrix<Float>(models.weights)
    let parts = active.map { problems[$0].part }
    Parallel.forEach(in: &workspace) { _, block in
      block.evaluate(self, weights: weights, intercepts: models.intercepts, parts: parts)
    }
    var gradients = models.weights
    gradients.forEachRowBlock(of: 1) { [workspace] rows, elements in
      let ridge = problems[active[rows.lowerBound]].ridge
      for place in elements.indices { elements[place] *= ridge }
      for block in workspace { block.addGradient(of: rows.lowerBound, to: &elements) }
    }
    return assemble(models, gradients, active, workspace)
  }

  private func assemble(
    _ models: Models, _ gradients: Matrix<Double>, _ active: [Int], _ blocks: [LogisticBlock]
  ) -> LBFGSEvaluation {
    let turned = coordinates.transform(gradients.view, problems: active)
    let width = turned.columnCount
    var result = Matrix<Double>(rowCount: active.count, columnCount: width + 1)
    var values: [Double] = []
    var scales: [Double] = []
    for (row, problem) in active.enumerated() {
      let sums = blocks.reduce(LogisticBlock.Sums()) { $0 + $1.sums[row] }
      let norm = euclideanNorm(models.weights.view.row(row))
      values.append(sums.loss + problems[problem].ridge / 2 * norm * norm)
      scales.append(sums.slopeSize * coordinates.rowNorms[problem])
      for column in 0..<width { result[row, column] = turned[row, column] }
      result[row, width] = sums.slope * CurvatureCoordinates.interceptScale
    }
    return LBFGSEvaluation(values: values, gradients: result, gradientScales: scales)
  }
}
