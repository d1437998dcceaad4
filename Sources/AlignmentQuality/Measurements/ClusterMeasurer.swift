/// Measures what indices need, in as few passes over the points as it takes.
public enum ClusterMeasurer {
  /// Measures ingredients on points.
  ///
  /// - Parameters:
  ///   - points: The points with their classes.
  ///   - ingredients: What is needed; the scatter is always measured.
  /// - Returns: The measurements.
  /// - Throws: ``AlignmentQualityError`` if a coordinate is not finite or cannot be read.
  /// - Complexity: O(*n* · *d*) for the scatter and the distances to own centroids, O(*n* · K · *d*) for
  ///   those to all centroids, O(*n*² · *d*) for pairs. Memory for tiles, and K numbers a point where the
  ///   ingredient has so many.
  public static func measure(
    _ points: LabelledPoints, _ ingredients: Set<Ingredient>
  ) throws(AlignmentQualityError) -> ClusterMeasurements {
    try measure(points, ingredients, source: points.source)
  }

  private static func measure<Source: PointSource>(
    _ points: LabelledPoints, _ ingredients: Set<Ingredient>, source: Source
  ) throws(AlignmentQualityError) -> ClusterMeasurements {
    let pass = try ScatterPass(points, source: source)
    var result = ClusterMeasurements(scatter: pass.scatter)
    result.centroids = pass.centroids
    result.classes = points.classes
    if ingredients.contains(.ownDistances) || ingredients.contains(.centroidDistances) {
      let distances = CentroidDistancePass(
        points: points, source: source, centroids: pass.centroids)
      if ingredients.contains(.ownDistances) { result.ownDistances = try distances.own() }
      if ingredients.contains(.centroidDistances) {
        result.centroidDistances = try distances.toAll()
      }
    }
    try PairMeasurer.fill(&result, points, ingredients)
    return result
  }
}
