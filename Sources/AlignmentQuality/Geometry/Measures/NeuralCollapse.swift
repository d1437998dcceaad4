public import Evaluation
internal import LinearAlgebra

/// The variability within classes in the directions of their means, NC1 = tr(S_w S_b⁺)/K.
///
/// S_w = W/n and S_b = B/n; for classes of equal size these are the covariances of Papyan, Han & Donoho.
/// From 0, where every class is one point, up; lower is better. Beside it stands how often the nearest
/// class mean is that of the point's own class (a tie counts as a miss). The means include the point
/// itself, so with few points in many dimensions nearly all agree, whatever the labels are.
///
/// Papyan, Han & Donoho (2020), doi:10.1073/pnas.2015509117.
public struct NeuralCollapse: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "neural-collapse"
  /// One line of help.
  public static let summary = "variability within classes in the directions of their means"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Papyan, Han & Donoho", year: 2020,
    title: "Prevalence of neural collapse during the terminal phase of deep learning training",
    link: "doi:10.1073/pnas.2015509117", locator: "figure 6")
  /// Lower is better.
  public static let betterWhen: Preference? = .lower
  /// It compares classes.
  public static let needsClasses = true

  /// Creates the measure.
  public init() {}

  /// The variability.
  ///
  /// - Parameter points: At least two classes.
  /// - Returns: NC1, 0 with a flag where no class scatters and +∞ where the classes' means coincide.
  /// - Throws: ``AlignmentQualityError`` if the points cannot be read.
  /// - Complexity: O(*n* · *d* · K) and memory for tiles.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let cloud = try PointCloud(points)
    let scatter = cloud.scatter
    if let reason = scatter.undefinedReason { return .undefined(reason) }
    if scatter.isBetweenZero { return .positiveInfinity("the means of all classes coincide") }
    let (axes, rank) = try scaledAxes(cloud)
    var total = 0.0
    for block in cloud.blocks(of: 0..<cloud.count) {
      let rows = try cloud.read(block, .classMeans)
      let scores = product(of: rows.view, and: axes.view, rightTransposed: true)
      total += dotProduct(scores.span, scores.span)
    }
    var flags = scatter.indistinguishableFlags
    if scatter.isWithinZero {
      flags.append(Flag("zero-within-scatter", detail: "every class is one repeated point"))
    }
    if rank < min(scatter.classCount - 1, cloud.width) {
      flags.append(
        Flag("dependent-centroids", detail: "\(scatter.classCount) means span \(rank) dimensions"))
    }
    return IndexValue(
      .finite(total / Double(cloud.count) / Double(scatter.classCount)), flags: flags,
      details: [.init("nearest-class-centre-agreement", .finite(try agreement(points)))])
  }

  /// Axes a of S_b, each divided by the square root of its eigenvalue, so that tr(S_w S_b⁺) = Σ aᵀ S_w a.
  private func scaledAxes(
    _ cloud: PointCloud
  ) throws(AlignmentQualityError) -> (Matrix<Double>, rank: Int) {
    var means = cloud.centroids
    means.subtractFromRows(cloud.mean.row(0))
    for (number, share) in cloud.scatter.shares.enumerated() {
      means.scaleRow(number, by: share.squareRoot())
    }
    let centered = means
    let decomposition = try decomposing { () throws(LinearAlgebraError) in
      try SingularValueDecomposition(centered.view)
    }
    // Means around their mean span a dimension less than there are.
    let rank = max(1, min(decomposition.rank(), cloud.scatter.classCount - 1))
    var axes = decomposition.rightVectors.selectingRows(Array(0..<rank))
    for row in 0..<rank { axes.scaleRow(row, by: 1 / decomposition.singularValues[row]) }
    return (axes, rank)
  }

  /// The share of points that are strictly nearer to their class's mean than to any other.
  private func agreement(_ points: LabelledPoints) throws(AlignmentQualityError) -> Double {
    let measurements = try ClusterMeasurer.measure(points, [.centroidDistances])
    guard let distances = measurements.centroidDistances else {
      preconditionFailure("points were measured without the distances to their means")
    }
    let agreeing = points.classes.enumerated().count { position, own in
      (0..<distances.columnCount).allSatisfy {
        $0 == own || distances[position, own] < distances[position, $0]
      }
    }
    return Double(agreeing) / Double(points.count)
  }
}
