internal import LinearAlgebra

/// Measures what needs pairs of points.
package enum PairMeasurer {
  /// The most points whose pairs a 32-bit count of rows can name.
  static let largestCount = Int(Int32.max)

  /// Fills what the ingredients name.
  ///
  /// - Parameters:
  ///   - result: Measurements with the scatter and the centroids.
  ///   - points: The points with their classes.
  ///   - ingredients: What is needed; others than those of pairs are passed over.
  ///   - shape: How pairs are cut into tiles; by the width if not given.
  /// - Throws: ``AlignmentQualityError``.
  package static func fill(
    _ result: inout ClusterMeasurements, _ points: LabelledPoints,
    _ ingredients: Set<Ingredient>, shape: PairTileShape? = nil
  ) throws(AlignmentQualityError) {
    try fill(&result, points, ingredients, shape: shape, source: points.source)
  }

  private static func fill<Source: PointSource>(
    _ result: inout ClusterMeasurements, _ points: LabelledPoints,
    _ ingredients: Set<Ingredient>, shape: PairTileShape?, source: Source
  ) throws(AlignmentQualityError) {
    guard ingredients.contains(.pairSums), let centroids = result.centroids else { return }
    let frame = CentredFrame(scatter: result.scatter, centroids: centroids)
    let centred = try CentredPoints<Source, Double>(points, source: source, frame: frame)
    let sweep = PairSweep(
      points: centred, shape: shape ?? PairTileShape(width: points.width, of: Double.self))
    var sums = DistanceSums(centred, order: points.order)
    _ = try sweep.run(&sums)
    result.pairSums = sums.sums
  }
}
