public import LinearAlgebra

/// Limited-memory BFGS with a strong-Wolfe line search, for several problems in lockstep.
///
/// The problems have nothing to do with each other: each has a start, steps, a history and an end of its
/// own, and moves exactly as it would alone. They only wait for each other, so that one matrix product
/// can evaluate all of them.
///
/// The first step, and any after which no curvature is known, follows the gradient over a given length,
/// whatever the gradient's size: gradients of 1e-20 are followed as well as those of 1.
///
/// Nocedal & Wright (2006), *Numerical Optimization*, 2nd edition, algorithms 7.4, 7.5, 3.5 and 3.6;
/// Liu & Nocedal (1989), "On the limited memory BFGS method for large scale optimization".
public struct LBFGS: Sendable, Codable, Equatable {
  /// How many pairs of step and change of gradient are kept; at least 1.
  ///
  /// More describe the curvature better, at proportional cost.
  public var historyCount = 10
  /// How many steps each problem may take.
  public var maximumIterationCount = 1000
  /// How often each problem's function may be evaluated, over all its line searches; at least 1.
  public var maximumEvaluationCount = 5000
  /// The share τ of its terms to which the gradient must cancel: ‖Σ tᵢ‖ ≤ τ · Σ ‖tᵢ‖.
  ///
  /// A gradient is a sum of terms, one or more for each sample, and the function says how large they are
  /// together. At a minimum the terms cancel. Where a sigmoid saturates they vanish instead, all of
  /// them, and an absolute bound on the gradient calls that converged, with the loss at its worst. A
  /// share of the terms cannot be met so. Higher stops sooner; it should not be below the precision of
  /// the gradient.
  public var gradientTolerance = 1e-10
  /// The relative decrease of the value by one step at which to stop; 0 is never.
  public var decreaseTolerance = 0.0
  /// A value that is low enough to stop at, such as a known lower bound; `nil` is none.
  public var valueFloor: Double?
  /// The relative precision of values.
  ///
  /// Values that differ by less count as equal. Raise it where the function is computed in single
  /// precision, lest a line search chases rounding.
  public var valuePrecision = 8 * Double.ulpOfOne
  /// The length of the first step that is tried, in the units of the parameters.
  public var firstStepLength = 1.0
  /// The share c₁ of the promised decrease that a step must achieve, in (0, ½).
  public var sufficientDecrease = 1e-4
  /// The share c₂ of the slope that a step may leave, in (c₁, 1).
  ///
  /// Lower searches each line more closely.
  public var curvature = 0.9

  /// Creates the method with the values that Nocedal & Wright advise.
  public init() {}

  /// Minimises a function from several starts.
  ///
  /// - Parameters:
  ///   - starts: (problems, parameters), one start a row.
  ///   - evaluate: Computes value and gradient at points, one a row, for those problems that are not yet
  ///     done; `problems` says which they are, in ascending order. A problem's result must not depend on
  ///     which others are evaluated with it.
  /// - Returns: One outcome a start.
  /// - Complexity: O(`historyCount` · parameters) for each step of each problem, besides evaluations.
  public func minimize(
    from starts: Matrix<Double>,
    evaluate: (_ points: Matrix<Double>, _ problems: [Int]) -> LBFGSEvaluation
  ) -> [LBFGSOutcome] {
    precondition(
      historyCount > 0 && maximumEvaluationCount > 0,
      "a history of \(historyCount) pairs, \(maximumEvaluationCount) evaluations")
    precondition(
      0 < sufficientDecrease && sufficientDecrease < curvature && curvature < 1,
      "Wolfe conditions of \(sufficientDecrease) and \(curvature)")
    var problems = (0..<starts.rowCount).map {
      LBFGSProblem(start: starts.row($0), settings: self)
    }
    var active = Array(problems.indices)
    while !active.isEmpty {
      tell(&problems, active, evaluate(points(of: problems, active), active))
      active.removeAll { problems[$0].stop != nil }
    }
    return problems.compactMap(\.outcome)
  }

  private func points(of problems: [LBFGSProblem], _ active: [Int]) -> Matrix<Double> {
    let width = problems[active[0]].trial.count
    var elements: [Double] = []
    elements.reserveCapacity(active.count * width)
    for problem in active { elements += problems[problem].trial }
    return Matrix(rowCount: active.count, columnCount: width, elements: elements)
  }

  /// Hands each active problem its row.
  private func tell(
    _ problems: inout [LBFGSProblem], _ active: [Int], _ evaluation: LBFGSEvaluation
  ) {
    let count = active.count
    precondition(
      evaluation.values.count == count && evaluation.gradients.rowCount == count
        && evaluation.gradientScales.count == count,
      "an evaluation of \(evaluation.values.count) points for \(count)")
    var rows = [Int?](repeating: nil, count: problems.count)
    for (row, problem) in active.enumerated() { rows[problem] = row }
    Parallel.forEach(in: &problems) { [rows] index, problem in
      guard let row = rows[index] else { return }
      problem.tell(
        value: evaluation.values[row], gradient: evaluation.gradients.row(row),
        gradientScale: evaluation.gradientScales[row])
    }
  }
}
