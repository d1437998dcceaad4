internal import LinearAlgebra

/// Measures what needs pairs of points.
package enum PairMeasurer {
  /// Fills what the ingredients name.
  ///
  /// Sums are taken from float64 products. Extremes and Hausdorff distances are taken from float32 products
  /// where those have a rounding bound that tells most pairs apart, from float64 products otherwise, and
  /// from the same ones as the sums where those are wanted too; they are the float64 evaluations on the
  /// coordinates as they are in each case.
  ///
  /// - Parameters:
  ///   - result: Measurements with the scatter and the centroids.
  ///   - points: The points with their classes.
  ///   - ingredients: What is needed; others than those of pairs are passed over.
  ///   - options: How pairs are cut into tiles, for tests.
  /// - Throws: ``AlignmentQualityError``.
  package static func fill(
    _ result: inout ClusterMeasurements, _ points: LabelledPoints,
    _ ingredients: Set<Ingredient>, options: PairOptions = PairOptions()
  ) throws(AlignmentQualityError) {
    let wanted = ingredients.intersection([.pairSums, .pairExtremes, .hausdorffDistances])
    guard !wanted.isEmpty, let centroids = result.centroids else { return }
    try check(pointCount: points.count, width: points.width)
    let frame = CenteredFrame(scatter: result.scatter, centroids: centroids)
    try PairMeasurement(points: points, wanted: wanted, options: options, frame: frame)
      .fill(&result, source: points.source)
  }

  /// Refuses counts that the product of two tiles could not name.
  ///
  /// - Parameters:
  ///   - pointCount: n.
  ///   - width: d.
  /// - Throws: ``AlignmentQualityError/tooLarge(what:count:limit:)``.
  package static func check(pointCount: Int, width: Int) throws(AlignmentQualityError) {
    let limit = Int(Int32.max)
    for (what, count) in [("points", pointCount), ("coordinates", width)] where count > limit {
      throw .tooLarge(what: what, count: count, limit: limit)
    }
  }
}

/// How pairs are measured where not by the shape of the points; for tests.
package struct PairOptions: Sendable {
  /// How pairs are cut into tiles.
  package var shape: PairTileShape?
  /// How many pairs are kept for evaluation.
  package var capacity: Int?
  /// Whether products are in float64 in any case.
  package var usesDoublePrecision = false

  /// The options that users have.
  package init() {}
}

/// One measurement of pairs.
private struct PairMeasurement {
  let points: LabelledPoints
  let wanted: Set<Ingredient>
  let options: PairOptions
  let frame: CenteredFrame

  func fill<Source: PointSource>(
    _ result: inout ClusterMeasurements, source: Source
  ) throws(AlignmentQualityError) {
    let isSingle =
      !wanted.contains(.pairSums) && frame.fitsSinglePrecision && !options.usesDoublePrecision
    if isSingle, let bound = RoundingBound(width: points.width, of: Float.self) {
      // Beyond so many evaluations float64 products cost less.
      let limit = max(1 << 16, points.count * points.count / 256)
      let tiles = try CenteredPoints<Source, Float>(points, source: source, frame: frame)
      var search = search(tiles, bound, limit: limit)
      if try sweep(tiles, &search) { return try take(search, into: &result) }
    }
    guard let bound = RoundingBound(width: points.width, of: Double.self) else { return }
    let tiles = try CenteredPoints<Source, Double>(points, source: source, frame: frame)
    var both = BothAccumulators(
      first: OptionalAccumulator(
        wrapped: wanted.contains(.pairSums) ? DistanceSums(tiles, order: points.order) : nil),
      second: search(tiles, bound, limit: .max))
    _ = try sweep(tiles, &both)
    result.pairSums = both.first.wrapped?.sums
    try take(both.second, into: &result)
  }

  private typealias Search<Source: PointSource, Tile: TileScalar> = BothAccumulators<
    OptionalAccumulator<ExtremeSearch<Source, Tile>>,
    OptionalAccumulator<HausdorffSearch<Source, Tile>>
  >

  private func search<Source: PointSource, Tile: TileScalar>(
    _ tiles: CenteredPoints<Source, Tile>, _ bound: RoundingBound, limit: Int
  ) -> Search<Source, Tile> {
    Search(
      first: OptionalAccumulator(
        wrapped: wanted.contains(.pairExtremes)
          ? ExtremeSearch(
            tiles, bound: bound, capacity: options.capacity, evaluationLimit: limit) : nil),
      second: OptionalAccumulator(
        wrapped: wanted.contains(.hausdorffDistances)
          ? HausdorffSearch(tiles, bound: bound) : nil))
  }

  private func sweep<Source: PointSource, Accumulator: PairAccumulator>(
    _ tiles: CenteredPoints<Source, Accumulator.Tile>, _ accumulator: inout Accumulator
  ) throws(AlignmentQualityError) -> Bool {
    let shape = options.shape ?? PairTileShape(width: points.width, of: Accumulator.Tile.self)
    return try PairSweep(points: tiles, shape: shape).run(&accumulator)
  }

  private func take<Source: PointSource, Tile: TileScalar>(
    _ search: Search<Source, Tile>, into result: inout ClusterMeasurements
  ) throws(AlignmentQualityError) {
    result.pairExtremes = try search.first.wrapped?.extremes(order: points.order)
    result.hausdorffDistances = try search.second.wrapped?.distances()
  }
}
