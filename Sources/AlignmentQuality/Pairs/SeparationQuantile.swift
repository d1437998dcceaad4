internal import LinearAlgebra

/// A quantile of how far the points of two classes are from each other, pair by pair.
///
/// The quantile at a share τ of ‖x − y‖² + λ (1 − cos(x, y)) over all pairs of a point of each class,
/// interpolated linearly between order statistics, as NumPy does by default. With τ = 0 the smallest: one
/// pair decides then, which a share of 0.05 avoids. A point of zeros has no direction; its cosine counts
/// as 0.
///
/// The separation of the alignment quality index, arXiv 2506.13901, appendix G.3.
public enum SeparationQuantile {
  /// The quantile over all pairs of points of two classes.
  ///
  /// The order statistics are found exactly, among values that come from float64 products: each ‖x − y‖² is
  /// off by at most about d · 10⁻¹⁶ of the points' squared distances from their mean. Pairs are never held
  /// at once; the products are computed again for each 16 bits by which the quantile is closed in on.
  ///
  /// - Parameters:
  ///   - points: Points of two classes.
  ///   - share: τ, from 0 to 1.
  ///   - cosineWeight: λ ≥ 0.
  /// - Returns: The quantile, at least 0.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a setting outside
  ///   of its range or another number of classes, and what reading points throws.
  /// - Complexity: O(n₀ · n₁ · *d*), up to five times over, and memory for tiles.
  public static func value(
    of points: LabelledPoints, share: Double, cosineWeight: Double
  ) throws(AlignmentQualityError) -> Double {
    try value(
      of: points, share: share, cosineWeight: cosineWeight, shape: nil, capacity: 1 << 20)
  }

  /// The quantile by chosen tiles, which holds so many values at most.
  package static func value(
    of points: LabelledPoints, share: Double, cosineWeight: Double, shape: PairTileShape?,
    capacity: Int
  ) throws(AlignmentQualityError) -> Double {
    try require((0...1).contains(share), "share", "\(share)", "a share from 0 to 1")
    try require(
      cosineWeight >= 0 && cosineWeight.isFinite, "cosineWeight", "\(cosineWeight)",
      "a finite number, 0 or more")
    try require(points.classCount == 2, "classes", "\(points.classCount)", "points of 2 classes")
    try PairMeasurer.check(pointCount: points.count, width: points.width)
    return try value(
      of: points, source: points.source, share, cosineWeight,
      shape ?? PairTileShape(width: points.width, of: Double.self), capacity)
  }

  private static func value<Source: PointSource>(
    of points: LabelledPoints, source: Source, _ share: Double, _ cosineWeight: Double,
    _ shape: PairTileShape, _ capacity: Int
  ) throws(AlignmentQualityError) -> Double {
    let measured = try ClusterMeasurer.measure(points, [.scatter])
    guard let centroids = measured.centroids else { return .nan }
    let frame = CenteredFrame(scatter: measured.scatter, centroids: centroids)
    let tiles = try CenteredPoints<Source, Double>(points, source: source, frame: frame)
    let values = try PairSeparations(
      tiles, cosineWeight: cosineWeight, center: frame.center)
    let pairCount = points.classSizes[0] * points.classSizes[1]
    let position = share * Double(pairCount - 1)
    let rank = Int(position)
    var search = RankSearch(
      values, ranks: Double(rank) < position ? [rank, rank + 1] : [rank],
      firstCount: points.classSizes[0], pairCount: pairCount, capacity: capacity)
    while !search.isFinished {
      _ = try PairSweep(points: tiles, shape: shape).run(&search)
      search.closeIn()
    }
    let found = search.found
    guard let lower = found.first, let upper = found.last else { return .nan }
    return lower + (position - Double(rank)) * (upper - lower)
  }

  private static func require(
    _ holds: Bool, _ name: String, _ value: String, _ expected: String
  ) throws(AlignmentQualityError) {
    guard !holds else { return }
    throw .invalidSetting(
      method: TrimmedSeparationIndex.identifier, name: name, value: value, expected: expected)
  }
}
