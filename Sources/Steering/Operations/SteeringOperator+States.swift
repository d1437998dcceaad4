internal import Activations
public import LinearAlgebra

/// States after an operation.
public struct SteeredStates: Sendable, Equatable {
  /// (rows, width).
  public let states: Matrix<Float>
  /// How far each state moved along the unit vector, ρ; 0 where it was masked out, or failed the condition.
  public let coefficients: [Double]
  /// Rows that the operation made zero, so that their length could not be restored.
  public let collapsedRows: [Int]
}

extension SteeringOperator {
  /// Applies the operation to states.
  ///
  /// - Parameters:
  ///   - states: (rows, width); they stay as they are.
  ///   - mask: Which rows are changed, one flag a row; all if not given.
  /// - Returns: The changed states, computed in float64 and rounded once.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``, or `shapeMismatch` for a mask of another
  ///   length.
  /// - Complexity: O(*n* · *d*).
  public func applied(
    to states: Matrix<Float>, mask: [Bool]? = nil
  ) throws(SteeringError) -> SteeredStates {
    let coefficients = try self.coefficients(for: states, mask: mask)
    var result = states
    var collapsed: [Int] = []
    let width = states.columnCount
    var elements = result.mutableSpan
    for (row, coefficient) in coefficients.enumerated() where coefficient != 0 {
      let state = states.row(row).map { Double($0) }
      var moved = moved(state.span, along: direction.elements.span, by: coefficient)
      if preservesNorm {
        let norm = euclideanNorm(moved.span)
        if norm > 0 {
          let scale = euclideanNorm(state.span) / norm
          for column in 0..<width { moved[column] *= scale }
        } else {
          collapsed.append(row)
        }
      }
      for column in 0..<width { elements[row * width + column] = Float(moved[column]) }
    }
    return SteeredStates(states: result, coefficients: coefficients, collapsedRows: collapsed)
  }

  /// ρ of each state.
  func coefficients(
    for states: Matrix<Float>, mask: [Bool]? = nil
  ) throws(SteeringError) -> [Double] {
    guard states.columnCount == direction.elements.count else {
      throw .widthMismatch(
        what: "the states", expected: direction.elements.count, actual: states.columnCount)
    }
    if let mask, mask.count != states.rowCount {
      throw .activations(
        .shapeMismatch(
          what: "the mask", expected: "\(states.rowCount) flags, one a state",
          actual: "\(mask.count)"))
    }
    let projections = DirectionReadings.projections(of: states, on: direction.elements)
    let isChanged = try changedRows(of: states)
    return projections.enumerated().map { row, projection in
      guard mask?[row] ?? true, isChanged?[row] ?? true else { return 0 }
      return operation.coefficient(projection: projection, norm: direction.norm)
    }
  }

  /// Which rows pass the condition; `nil` for all.
  private func changedRows(of states: Matrix<Float>) throws(SteeringError) -> [Bool]? {
    guard let condition else { return nil }
    let readings = DirectionReadings.projections(of: states, on: condition.unit)
    guard condition.isCosine else { return readings.map { $0 > condition.threshold } }
    let norms = squaredRowNorms(of: states.view).map { $0.squareRoot() }
    // A state of zeros has no angle to anything.
    return zip(readings, norms).map { $1 > 0 && $0 / $1 > condition.threshold }
  }
}
