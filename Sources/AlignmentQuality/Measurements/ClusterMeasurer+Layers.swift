internal import LinearAlgebra

extension ClusterMeasurer {
  /// Measures the same points at several layers, in one pass over the file that holds them.
  ///
  /// Equal to measuring layer by layer, but for rounding where a layer is read in other tiles. What needs
  /// pairs of points is measured layer by layer.
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
    let results = try measure([points], at: layers, ingredients)
    return results[0]
  }

  /// Measures several labellings of the same rows at several layers, in one pass over the file.
  ///
  /// For all samples and each category of them, or for classes of several kinds. Equal to measuring one
  /// labelling after the other, but for rounding.
  ///
  /// - Parameters:
  ///   - labellings: Points with their classes, of sources with the same rows; the sources themselves are
  ///     not read.
  ///   - layers: Where the coordinates at each layer are read.
  ///   - ingredients: What is needed; the scatter is always measured.
  /// - Returns: For each labelling, the measurements at each layer.
  /// - Throws: As ``measure(_:at:_:)-(LabelledPoints,_,_)``.
  /// - Complexity: Each row is read once a pass, however many labellings name it. Memory for a mean for
  ///   each layer and each combination of classes that occurs.
  public static func measure<Source: PointSource>(
    _ labellings: [LabelledPoints], at layers: [Source], _ ingredients: Set<Ingredient>
  ) throws(AlignmentQualityError) -> [[ClusterMeasurements]] {
    for (points, layer) in labellings.flatMap({ points in layers.map { (points, $0) } })
    where layer.rowCount != points.source.rowCount {
      throw .countMismatch(
        what: "rows of a layer", count: layer.rowCount, points: points.source.rowCount)
    }
    let streamed: Set<Ingredient> = [.scatter, .ownDistances, .centroidDistances]
    if ingredients.isSubset(of: streamed), Set(layers.map(\.width)).count == 1 {
      return try stream(labellings, ingredients, sources: layers)
    }
    var results: [[ClusterMeasurements]] = []
    for points in labellings {
      var measurements: [ClusterMeasurements] = []
      for layer in layers { measurements.append(try measure(points.reading(layer), ingredients)) }
      results.append(measurements)
    }
    return results
  }

  /// What one or two passes over sources of the same width give, for each labelling and source.
  static func stream<Source: PointSource>(
    _ labellings: [LabelledPoints], _ ingredients: Set<Ingredient>, sources: [Source]
  ) throws(AlignmentQualityError) -> [[ClusterMeasurements]] {
    let cells = PointCells(labellings)
    let plan = PassPlan(cells.cells, sources: sources)
    let scatters = try ScatterPass(plan: plan, sources: sources).scatters()
    var results = labellings.indices.map { labelling in
      scatters.map { ClusterMeasurements(cells, in: labelling, scatters: $0) }
    }
    let pass = CentroidDistancePass(
      plan: plan, sources: sources, labellings: labellings,
      centroids: results.map { $0.compactMap(\.centroids) })
    if ingredients.contains(.ownDistances) {
      for (labelling, distances) in try pass.distances(to: .own).enumerated() {
        for source in sources.indices {
          results[labelling][source].ownDistances = distances[source].elements
        }
      }
    }
    if ingredients.contains(.centroidDistances) {
      for (labelling, distances) in try pass.distances(to: .all).enumerated() {
        for source in sources.indices {
          results[labelling][source].centroidDistances = distances[source]
        }
      }
    }
    return results
  }
}

extension ClusterMeasurements {
  /// The measurements of a labelling that the scatters of cells give.
  fileprivate init(_ cells: PointCells, in labelling: Int, scatters: [RowScatter]) {
    let points = cells.labellings[labelling]
    let none = RowScatter(columnCount: scatters.first?.means.count ?? 0)
    var classes = [RowScatter](repeating: none, count: points.classCount)
    for (cell, scatter) in zip(cells.cells, scatters) {
      if let number = cell.classes[labelling] { classes[number].merge(scatter) }
    }
    let centroids = Matrix(rows: classes.map(\.means))
    self.init(scatter: ClassScatter(classes, centroids: centroids))
    self.centroids = centroids
    self.classes = points.classes
  }
}
