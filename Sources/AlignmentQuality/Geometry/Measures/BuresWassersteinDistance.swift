public import Evaluation
internal import LinearAlgebra

/// The squared Bures–Wasserstein distance of two classes: how far one normal distribution has to be moved to
/// become the other, ‖c₀ − c₁‖² + tr(S₀ + S₁ − 2 (S₀^½ S₁ S₀^½)^½).
///
/// Covariances are divided by the number of points. From 0, for equal means and covariances, up; in the
/// squared unit of the coordinates, so compare layers by a number without unit, such as the share of the
/// means that stands beside it. No square root of a covariance is taken: the cross term is the
/// nuclear norm ‖X₀ X₁ᵀ‖_* / √(n₀ n₁) of the centred classes, in which X may be replaced by the triangle of
/// its QR factorisation. Of few points in many dimensions the covariances are too unlike by chance,
/// and the distance is too large.
public struct BuresWassersteinDistance: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "bures-wasserstein"
  /// One line of help.
  public static let summary = "squared distance of two classes as normal distributions"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Bhatia, Jain & Lim", year: 2019,
    title: "On the Bures–Wasserstein distance between positive definite matrices",
    link: "doi:10.1016/j.exmath.2018.01.002", locator: "eq. 2")
  /// Higher is better.
  public static let betterWhen: Preference? = .higher
  /// It compares two classes.
  public static let needsClasses = true

  /// Creates the measure.
  public init() {}

  /// The squared distance.
  ///
  /// - Parameter points: Two classes.
  /// - Returns: The distance, with the parts of the means and of the covariances.
  /// - Throws: ``AlignmentQualityError/tooLarge(what:count:limit:)`` where both *n* and *d* are above 16,384.
  /// - Complexity: O(*n* · *d* · m + m³) with m = min(*n*, *d*). Memory for m · d numbers, a few times.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let cloud = try PointCloud(points, isDecomposed: true)
    let scatter = cloud.scatter
    if let reason = cloud.twoClassReason { return .undefined(reason) }
    let (first, second) = (Double(scatter.counts[0]), Double(scatter.counts[1]))
    let left = try cloud.reducedRows(points.classRanges[0], .classMeans)
    let right = try cloud.reducedRows(points.classRanges[1], .classMeans)
    let cross = product(of: left.view, and: right.view, rightTransposed: true)
    let singularValues = try decomposing { () throws(LinearAlgebraError) in
      try SingularValueDecomposition.singularValues(of: cross.view)
    }
    let nuclearNorm = singularValues.reduce(0, +) / (first * second).squareRoot()
    let traces = scatter.scatters[0] / first + scatter.scatters[1] / second
    let ofMeans = scatter.squaredCentroidDistances[0, 1]
    // Equal covariances leave rounding only, which may be negative.
    let ofCovariances = max(0, traces - 2 * nuclearNorm)
    return IndexValue(
      .finite(ofMeans + ofCovariances), flags: scatter.indistinguishableFlags,
      details: [
        .init("squared-mean-distance", .finite(ofMeans)),
        .init("squared-covariance-distance", .finite(ofCovariances)),
      ])
  }
}
