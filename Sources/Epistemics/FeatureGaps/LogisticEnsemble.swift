internal import Evaluation
public import LinearAlgebra
public import Optimization

/// A logistic regression of a few scores, in float64: the probability that an answer is correct.
///
/// Minimises ½‖w‖² + C · Σᵢ ln(1 + e^−mᵢ) with an intercept that is not penalised, which is scikit-learn's
/// objective, by `LBFGS`. `LogisticRegression`, for thousands of features, computes in float32; the few
/// scores here may be large next to how they differ.
public struct LogisticEnsemble: Sendable, Codable, Equatable {
  /// One weight a score, for raw scores.
  public let weights: [Double]
  /// The logit where all raw scores are 0.
  public let intercept: Double
  /// How many steps the minimisation took.
  public let iterationCount: Int
  /// Why the minimisation ended.
  public let stop: LBFGSOutcome.StopReason

  /// Whether the minimum was reached, as closely as was asked for or as values tell.
  public var isConverged: Bool { stop.isConverged || stop == .lineSearchFailed }

  /// Fits the regression.
  ///
  /// - Parameters:
  ///   - scores: (answers, features), finite.
  ///   - labels: 1 or 0, one an answer, both present.
  ///   - inversePenalty: C, above 0.
  ///   - standardize: Whether the penalty is on weights of scores at variance 1; a score that does not vary has
  ///     weight 0 either way.
  ///   - maximumIterationCount: How many steps the minimisation may take.
  /// - Throws: ``EpistemicsError/mismatch(what:expected:actual:)``,
  ///   ``EpistemicsError/oneLabel(what:label:count:)``,
  ///   ``EpistemicsError/notFinite(what:row:column:)`` or ``EpistemicsError/optimization(_:)``.
  /// - Complexity: O(answers · features) for each of a few dozen steps.
  public init(
    scores: Matrix<Double>, labels: [Int], inversePenalty: Double = 1, standardize: Bool = false,
    maximumIterationCount: Int = 200
  ) throws(EpistemicsError) {
    try requireEqual(labels.count, scores.rowCount, "the labels, one an answer,")
    for (sample, label) in labels.enumerated() where label != 0 && label != 1 {
      throw .invalidLabel(label: label, sample: sample)
    }
    try JudgedAnswers.requireBothLabels(labels, of: "the regression")
    try requireFinite(scores, "the scores")
    guard inversePenalty > 0, inversePenalty.isFinite else {
      throw .optimization(.invalidPenalty(.inverse(inversePenalty)))
    }
    let problem: EnsembleProblem
    do throws(LinearAlgebraError) {
      problem = try EnsembleProblem(
        scores, labels: labels, inversePenalty: inversePenalty, standardize: standardize)
    } catch {
      throw .linearAlgebra(error)
    }
    var optimizer = LBFGS()
    optimizer.maximumIterationCount = maximumIterationCount
    let starts = Matrix<Double>(rowCount: 1, columnCount: scores.columnCount + 1)
    let outcomes = optimizer.minimize(from: starts) { points, _ in problem.evaluate(points.row(0)) }
    guard let outcome = outcomes.first, outcome.value.isFinite else {
      throw .optimization(.notFinite)
    }
    (weights, intercept) = problem.original(outcome.point)
    iterationCount = outcome.iterationCount
    stop = outcome.stop
  }

  /// The logit of an answer.
  ///
  /// - Parameter scores: One raw score a feature.
  /// - Returns: The log-odds that it is correct.
  /// - Precondition: There are as many scores as weights.
  public func logit(of scores: [Double]) -> Double {
    intercept + dotProduct(weights.span, scores.span)
  }
}

/// The objective in coordinates in which its curvature along each axis is about 1.
private struct EnsembleProblem: Sendable {
  /// Scores less their mean, times ``factors``, (answers, features).
  private let rows: Matrix<Double>
  private let signs: [Double]
  private let inversePenalty: Double
  private let means: [Double]
  /// The weight of each centred score for one unit of its coordinate.
  private let factors: [Double]
  /// λ of ½ λ t² for each coordinate t.
  private let ridges: [Double]
  /// The intercept for one unit of its coordinate.
  private let interceptFactor: Double

  init(
    _ scores: Matrix<Double>, labels: [Int], inversePenalty: Double, standardize: Bool
  ) throws(LinearAlgebraError) {
    let moments = try ColumnMoments(of: scores.view)
    let variances = try moments.variances(.count)
    // A logistic loss has a curvature of at most ¼.
    let weight = inversePenalty * Double(labels.count) / 4
    let penalties = variances.map { standardize ? $0 : 1 }
    let factors = zip(variances, penalties).map { variance, penalty in
      variance > 0 ? 1 / (weight * variance + penalty).squareRoot() : 0
    }
    var rows = scores
    rows.subtractFromRows(moments.means)
    rows.scaleColumns(by: factors)
    self.rows = rows
    self.inversePenalty = inversePenalty
    self.factors = factors
    means = moments.means
    ridges = zip(factors, penalties).map { $0 * $0 * $1 }
    interceptFactor = 1 / weight.squareRoot()
    signs = labels.map { $0 == 1 ? 1 : -1 }
  }

  func evaluate(_ point: [Double]) -> LBFGSEvaluation {
    let width = rows.columnCount
    var value = 0.0
    var gradient = [Double](repeating: 0, count: width + 1)
    var scale = 0.0
    for column in 0..<width {
      let pull = ridges[column] * point[column]
      value += pull * point[column] / 2
      gradient[column] = pull
      scale += abs(pull)
    }
    for (answer, sign) in signs.enumerated() {
      let row = rows.view.row(answer)
      var logit = interceptFactor * point[width]
      for column in 0..<width { logit += row[column] * point[column] }
      value += inversePenalty * LogisticLoss.value(margin: sign * logit)
      let slope =
        -sign * inversePenalty * LogisticLoss.probability(ofLogit: -sign * logit)
      var square = interceptFactor * interceptFactor
      for column in 0..<width {
        gradient[column] += slope * row[column]
        square += row[column] * row[column]
      }
      gradient[width] += slope * interceptFactor
      scale += abs(slope) * square.squareRoot()
    }
    return LBFGSEvaluation(
      values: [value], gradients: Matrix(rows: [gradient]), gradientScales: [scale])
  }

  /// Weights and intercept for raw scores.
  func original(_ point: [Double]) -> (weights: [Double], intercept: Double) {
    let weights = zip(factors, point).map { $0 * $1 }
    let shift = dotProduct(weights.span, means.span)
    return (weights, interceptFactor * point[weights.count] - shift)
  }
}
