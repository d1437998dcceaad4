public import LinearAlgebra

/// The direction of a feature at a layer, and where scores along it are 0.
///
/// An answer's score is (h − μ)·v, with its state h, v of length 1 and μ the mean contrast. μ is a mean of
/// differences, so that subtracting it from a state is an offset and no more; the regression's intercept absorbs
/// it.
public struct FeatureAxis: Sendable, Equatable {
  /// v: one weight a feature of the states, of length 1.
  public let unit: [Double]
  /// μ·v, which is subtracted from h·v.
  public let offset: Double

  /// An axis along a given vector.
  ///
  /// - Parameters:
  ///   - vector: Any vector but zero; its length does not matter.
  ///   - mean: μ, as wide.
  /// - Throws: ``EpistemicsError/mismatch(what:expected:actual:)``, or
  ///   ``EpistemicsError/linearAlgebra(_:)`` for a vector that is zero or not finite.
  public init(vector: [Double], mean: [Double]) throws(EpistemicsError) {
    try requireEqual(mean.count, vector.count, "the width of the mean contrast")
    // Scaled first, so that neither squares nor the reciprocal overflow.
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard firstNonFinite(in: vector.span) == nil, largest > 0 else {
      throw .linearAlgebra(.empty(dimension: "weight that is finite and not zero"))
    }
    let scaled = vector.map { $0 / largest }
    let norm = euclideanNorm(scaled.span)
    let unit = scaled.map { $0 / norm }
    self.unit = unit
    offset = dotProduct(mean.span, unit.span)
  }

  /// An axis that was found before.
  init(unit: [Double], offset: Double) {
    self.unit = unit
    self.offset = offset
  }

  /// The scores of states along several axes, accumulated in float64.
  ///
  /// - Parameters:
  ///   - states: (answers, width).
  ///   - axes: Axes of that width.
  /// - Returns: (axes, answers); above 0 for a state that lies further along the axis than the mean contrast.
  /// - Precondition: The widths agree.
  /// - Complexity: O(answers · width · axes).
  public static func scores(of states: Matrix<Float>, along axes: [FeatureAxis]) -> Matrix<Double> {
    guard !axes.isEmpty else { return Matrix(rowCount: 0, columnCount: states.rowCount) }
    let units = Matrix(rows: axes.map(\.unit))
    let widened = Matrix<Double>(states)
    var scores = product(of: units.view, and: widened.view, rightTransposed: true)
    for (row, axis) in axes.enumerated() {
      for column in 0..<scores.columnCount { scores[row, column] -= axis.offset }
    }
    return scores
  }
}
