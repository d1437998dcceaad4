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

  /// Measures ingredients on points of a source.
  static func measure<Source: PointSource>(
    _ points: LabelledPoints, _ ingredients: Set<Ingredient>, source: Source
  ) throws(AlignmentQualityError) -> ClusterMeasurements {
    var result = try stream([points], ingredients, sources: [source])[0][0]
    try PairMeasurer.fill(&result, points, ingredients)
    if ingredients.contains(.groupMoments), let centroids = result.centroids {
      result.groupMoments = try GroupMomentsPass(
        points: points, source: source, centroids: centroids
      ).moments()
    }
    for ingredient in ingredients {
      guard case .separationQuantile(let share, let weight) = ingredient, points.classCount == 2
      else { continue }
      result.separationQuantiles[ingredient] = try SeparationQuantile.value(
        of: points, share: share, cosineWeight: weight)
    }
    return result
  }
}
