internal import Evaluation
internal import LinearAlgebra

extension SteeringAxis {
  /// The leading principal component of the rows of some matrices.
  ///
  /// - Parameters:
  ///   - parts: Rows of one width.
  ///   - centering: What is subtracted from rows first.
  ///   - method: Who asks, for the error.
  /// - Throws: ``SteeringError/degenerate(method:reason:)`` if all rows are equal, or zero where they are not
  ///   centred.
  init(
    leadingComponentOf parts: [Matrix<Float>], centering: LeadingComponents.Centering,
    method: String
  ) throws(SteeringError) {
    let smaller = min(parts.reduce(0) { $0 + $1.rowCount }, parts[0].columnCount)
    let leading: LeadingComponents
    do throws(LinearAlgebraError) {
      leading = try LeadingComponents(of: parts, centering: centering, count: min(2, smaller))
    } catch {
      throw .linearAlgebra(error)
    }
    let first = leading.meanSquares[0]
    // What centring leaves of equal rows is rounding.
    let scale = parts.reduce(0) { $0 + squaredRowNorms(of: $1.view).reduce(0, +) }
    let count = Double(parts.reduce(0) { $0 + $1.rowCount })
    guard first > 1e-13 * scale / count else {
      throw .degenerate(
        method: method,
        reason: centering == .columns
          ? "all its rows are equal, so that nothing is left once their mean is taken away"
          : "the two sides of every pair are equal")
    }
    self.init(
      leading.directions.row(0), explainedVariance: first / leading.totalMeanSquare)
    if leading.meanSquares.count > 1, first - leading.meanSquares[1] < 1e-6 * first {
      flags.append(
        .init(
          "ambiguous-component",
          detail:
            "the two leading variances are equal to 1e-6, so that any direction between is as good")
      )
    }
  }
}
