internal import LinearAlgebra

/// A copy of rows less their mean, in units in which features have a mean variance of 1.
///
/// The intercept takes up the mean, so that centring changes nothing but the rounding, and one common
/// unit only renames the penalty: neither carries anything from one row to the fit on others.
struct CenteredRows: Sendable {
  /// (rows, features).
  let features: Matrix<Float>
  /// What was subtracted from each feature.
  private let centers: [Float]
  /// What all features were divided by.
  let unit: Double

  init(_ rows: MatrixView<Float>) throws(OptimizationError) {
    let moments: ColumnMoments
    do throws(LinearAlgebraError) {
      moments = try ColumnMoments(of: rows)
    } catch {
      throw .linearAlgebra(error)
    }
    let width = rows.columnCount
    let total = moments.squaredDeviations.reduce(0, +)
    let deviation = (total / Double(max(1, rows.rowCount * width))).squareRoot()
    // As it will be divided by, so that the weights are turned back by the very same number.
    let divisor = Float(deviation)
    unit = divisor > 0 ? Double(divisor) : 1
    centers = moments.means.map { Float($0) }
    var features = Matrix(rows)
    features.standardizeRows(
      centers: Matrix(rowCount: 1, columnCount: width, elements: centers),
      scales: Matrix(rowCount: 1, columnCount: width, repeating: Float(unit)))
    self.features = features
  }

  /// The weights and the intercept for the rows as they were given.
  func original(_ weights: [Double], intercept: Double) -> (weights: [Double], intercept: Double) {
    let original = weights.map { $0 / unit }
    let shift = zip(original, centers).reduce(0) { $0 + $1.0 * Double($1.1) }
    return (original, intercept - shift)
  }
}
