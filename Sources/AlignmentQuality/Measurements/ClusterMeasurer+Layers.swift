internal import LinearAlgebra

extension ClusterMeasurer {
  /// What is measured by streaming: one pass, and a second one for distances.
  static let streamed: Set<Ingredient> = [.scatter, .ownDistances, .centroidDistances]

  /// Measures the same points at several layers, in one pass over the file that holds them.
  ///
  /// Equal to measuring layer by layer, to the byte. What needs pairs of points is measured layer by
  /// layer.
  ///
  /// - Parameters:
  ///   - points: The points with their classes; their own source is not read.
  ///   - layers: Where the coordinates at each layer are read, such as
  ///     ``DumpPoints/layers(of:role:layers:variants:)``. Their rows are those that the points name.
  ///   - ingredients: What is needed; the scatter is always measured.
  /// - Returns: The measurements at each layer.
  /// - Throws: ``AlignmentQualityError`` if a coordinate is not finite or cannot be read, or
  ///   ``AlignmentQualityError/countMismatch(what:count:points:)`` for a layer that does not have the
  ///   rows of the points' own source.
  /// - Complexity: As of ``measure(_:_:)`` for each layer. Besides the results, memory for tiles and for
  ///   two vectors a layer and thread.
  public static func measure<Source: PointSource>(
    _ points: LabelledPoints, at layers: [Source], _ ingredients: Set<Ingredient>
  ) throws(AlignmentQualityError) -> [ClusterMeasurements] {
    for layer in layers where layer.rowCount != points.source.rowCount {
      throw .countMismatch(
        what: "rows of a layer", count: layer.rowCount, points: points.source.rowCount)
    }
    if ingredients.isSubset(of: streamed), Set(layers.map(\.width)).count == 1 {
      return try stream(points, ingredients, sources: layers)
    }
    var measurements: [ClusterMeasurements] = []
    for layer in layers { measurements.append(try measure(points, ingredients, source: layer)) }
    return measurements
  }

  /// What one or two passes over sources of the same width give.
  static func stream<Source: PointSource>(
    _ points: LabelledPoints, _ ingredients: Set<Ingredient>, sources: [Source]
  ) throws(AlignmentQualityError) -> [ClusterMeasurements] {
    let plan = PassPlan(points, sources: sources)
    let scatters = try ScatterPass(plan: plan, sources: sources).scatters()
    let centroids = scatters.map { Matrix(rows: $0.map(\.means)) }
    var results = zip(scatters, centroids).map {
      ClusterMeasurements(scatter: ClassScatter($0, centroids: $1))
    }
    for source in results.indices {
      results[source].centroids = centroids[source]
      results[source].classes = points.classes
    }
    let pass = CentroidDistancePass(
      plan: plan, sources: sources, centroids: centroids, order: points.order)
    if ingredients.contains(.ownDistances) {
      for (source, distances) in try pass.own().enumerated() {
        results[source].ownDistances = distances
      }
    }
    if ingredients.contains(.centroidDistances) {
      for (source, distances) in try pass.toAll().enumerated() {
        results[source].centroidDistances = distances
      }
    }
    return results
  }
}
