internal import Evaluation
internal import LinearAlgebra

/// The scatter of points under every permutation of their labels, by one matrix product.
///
/// With w_bk the indicator of class k under permutation b and X̃ the points less their mean, in float32, the
/// rows of W X̃ are the class sums S_bk of all permutations, K − 1 a permutation; the last class has what is left
/// of the total. All else is small, and in float64: SS_k = Σ w ‖x̃‖² − ‖S_k‖²/n_k, and
/// D_kl² = ‖S_k/n_k − S_l/n_l‖².
///
/// The product sums n_k float32 numbers in blocks, so an element of S_bk is off by at most n u Σ |x̃| and in
/// practice by about √n u times its own standard deviation (u = 2⁻²⁴): below 1e−5 of the spread of the null
/// distribution for 10⁴ points, which ``ClusterPermutationTest`` allows for.
public enum ScatterPermutation {
  /// Permutes the labels of one layer's points.
  ///
  /// - Parameters:
  ///   - points: The points, with the classes that were permuted.
  ///   - measurements: Measurements of the same points; where they hold no centroids, they are measured.
  ///   - labels: The permutations.
  /// - Returns: The scatter under each permutation.
  /// - Throws: ``AlignmentQualityError/countMismatch(what:count:points:)`` for labels of other points, and if
  ///   the points cannot be read.
  /// - Complexity: O(permutations · K · *n* · *d*), at the speed of the matrix product. Memory for
  ///   permutations · K · *d* float32 sums, and for blocks of points.
  public static func scatters(
    of points: LabelledPoints, measured measurements: ClusterMeasurements,
    under labels: PermutedLabels
  ) throws(AlignmentQualityError) -> PermutedScatters {
    guard labels.counts == points.classSizes else {
      throw .countMismatch(
        what: "permuted labels", count: labels.counts.reduce(0, +), points: points.count)
    }
    let centroids: Matrix<Double>
    if let known = measurements.centroids {
      centroids = known
    } else {
      let measured = try ClusterMeasurer.measure(points, [.scatter])
      centroids =
        measured.centroids ?? Matrix(rowCount: points.classCount, columnCount: points.width)
    }
    let frame = Frame(
      center: mean(centroids, points.classSizes), scale: Self.scale(of: measurements.scatter))
    return try scatters(points, points.source, frame, labels)
  }

  /// How points are read: less their mean, and scaled by a power of two so that float32 sums and products
  /// stay in its range.
  private struct Frame {
    let center: [Double]
    let scale: Double
  }

  /// One over the root mean square distance from the mean, to the next power of two.
  private static func scale(of scatter: ClassScatter) -> Double {
    let square = (scatter.within + scatter.between) / Double(scatter.pointCount)
    guard square > 0, square.isFinite else { return 1 }
    return Double(sign: .plus, exponent: -square.squareRoot().exponent, significand: 1)
  }

  private static func scatters<Source: PointSource>(
    _ points: LabelledPoints, _ source: Source, _ frame: Frame, _ labels: PermutedLabels
  ) throws(AlignmentQualityError) -> PermutedScatters {
    let width = source.width
    // By shape alone: as many rows as make the product efficient, in a few tens of MiB.
    let height = min(points.count, max(256, min(2048, (1 << 23) / max(1, width))))
    var sums = PermutedSums(labels: labels, width: width)
    var indicators = ClassIndicators(labels, blockRowCount: height)
    var block = Matrix<Float>(rowCount: height, columnCount: width)
    for first in stride(from: 0, to: points.count, by: height) {
      let rows = points.rows[first..<min(first + height, points.count)]
      try block.forEachRowBlock(of: TileShape.rowCount(width: width, of: Float.self)) {
        (part, target) throws(AlignmentQualityError) in
        // The last block may end before its buffer does.
        let own = rows.dropFirst(part.lowerBound).prefix(part.count)
        guard !own.isEmpty else { return }
        try read(own, source, in: frame, into: &target)
      }
      indicators.write(first..<first + rows.count)
      sums.add(
        block.view(rows: 0..<rows.count),
        indicators: indicators.matrix.view.columns(0..<rows.count), first: first)
    }
    return sums.scatters(scale: frame.scale)
  }

  /// Reads rows less the centre, and scaled.
  private static func read<Source: PointSource>(
    _ rows: ArraySlice<Int>, _ source: Source, in frame: Frame,
    into target: inout MutableSpan<Float>
  ) throws(AlignmentQualityError) {
    var tile = Matrix<Source.Scalar>(rowCount: rows.count, columnCount: source.width)
    var buffer = tile.mutableSpan
    try source.read(rows, into: &buffer)
    _ = Source.Scalar.center(
      tile.view, around: frame.center.span, scale: frame.scale, into: &target)
  }

  private static func mean(_ centroids: Matrix<Double>, _ counts: [Int]) -> [Double] {
    let total = Double(counts.reduce(0, +))
    let shares = counts.map { Double($0) / total }
    return product(of: centroids.view, and: shares.span, transposed: true)
  }
}
