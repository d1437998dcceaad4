internal import LinearAlgebra

/// What layer weights are chosen and judged by; higher is better.
public enum PoolingObjective: String, Sendable, Codable, CaseIterable {
  /// F = trB / trW, from 0 up. It grows with the number of layers and coordinates by noise alone.
  case traceRatio = "trace-ratio"
  /// F_u = (trB − Σ (1 − p_k) SS_k/(n_k − 1)) / n over trW / (n − K): the same with what noise adds taken
  /// away; 0 on average for weights that know nothing of the points, and so often negative.
  ///
  /// It is ``DebiasedSeparationIndex`` by sample. By group it is no ratio of two forms of L × L numbers that
  /// the statistics of classes give; measure ``LayeredPoints/pooled(_:)`` for that.
  case debiasedSeparation = "debiased-separation"

  /// Why points have no objective at all, if so.
  ///
  /// - Parameter scatter: The products of their layers.
  /// - Returns: The reason, or `nil`.
  public func undefinedReason(of scatter: LayerScatter) -> String? {
    if scatter.counts.count < 2 { return "all points are of one class" }
    let fewest = self == .traceRatio ? 1 : 2
    if let index = scatter.counts.firstIndex(where: { $0 < fewest }) {
      return
        "points in class \(index): \(scatter.counts[index]), of which \(fewest) or more are needed"
    }
    if scatter.pointCount <= scatter.counts.count { return "every point is a class of its own" }
    return nil
  }

  /// The objective as a ratio of two forms of the weights.
  ///
  /// - Parameter scatter: The products of the layers, for which ``undefinedReason(of:)`` is `nil`.
  /// - Returns: The ratio.
  /// - Complexity: O(K · L²).
  public func ratio(of scatter: LayerScatter) -> QuadraticRatio {
    let within = scatter.totalWithinProducts
    guard self == .debiasedSeparation else {
      return QuadraticRatio(numerator: scatter.betweenProducts, denominator: within)
    }
    let pointCount = Double(scatter.pointCount)
    var between = scatter.betweenProducts
    for (count, products) in zip(scatter.counts, scatter.withinProducts) {
      let share = Double(count) / pointCount
      between.add(products, times: -(1 - share) / Double(count - 1))
    }
    var numerator = Matrix<Double>(rowCount: scatter.layerCount, columnCount: scatter.layerCount)
    numerator.add(between, times: (pointCount - Double(scatter.counts.count)) / pointCount)
    return QuadraticRatio(numerator: numerator, denominator: within)
  }
}
