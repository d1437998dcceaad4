public import Evaluation
internal import LinearAlgebra

/// The squared Mahalanobis distance of two classes' means: D² = (c₁ − c₀)ᵀ S_w⁻¹ (c₁ − c₀).
///
/// S_w is the pooled covariance W/(n − 2), shrunk by Ledoit & Wolf unless the variant `unshrunk` is asked
/// for. From 0 up; higher is better separated. Beside it stand Hotelling's T² = (n₀n₁/n) D², the error
/// Φ(−D/2) of linear discriminant analysis for normal classes of equal size and covariance, and the
/// intensity of the shrinkage. D² is that of these points: where *d* is not far below *n* it is far
/// above the population's, and the error far below what new points would have.
public struct MahalanobisDistance: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "mahalanobis"
  /// One line of help.
  public static let summary = "squared distance of two means in units of the spread within classes"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Ledoit & Wolf", year: 2004,
    title: "A well-conditioned estimator for large-dimensional covariance matrices",
    link: "doi:10.1016/S0047-259X(03)00096-4", locator: "eq. 14")
  /// Higher is better.
  public static let betterWhen: Preference? = .higher
  /// It compares two classes.
  public static let needsClasses = true
  /// The distance without shrinkage.
  public static let variants = [
    MethodVariant(
      "unshrunk", summary: "the pooled covariance as it is, which needs n − 2 ≥ d",
      overrides: ["shrinkage": "none"])
  ]

  /// How the covariance is made invertible.
  public enum Shrinkage: String, Sendable, Codable, CaseIterable {
    /// By the intensity that Ledoit & Wolf estimate.
    case ledoitWolf = "ledoit-wolf"
    /// Not at all.
    case none
  }

  /// How the covariance is made invertible.
  public var shrinkage = Shrinkage.ledoitWolf

  /// Creates the measure with shrinkage.
  public init() {}

  /// The squared distance.
  ///
  /// - Parameter points: Two classes.
  /// - Returns: D²; +∞ if neither class scatters, undefined if S_w cannot be inverted.
  /// - Throws: ``AlignmentQualityError/tooLarge(what:count:limit:)`` where both *n* and *d* are above 16,384.
  /// - Complexity: O(*n* · *d* · m + m³) with m = min(*n*, *d*). Memory for m² numbers, and for n · d if
  ///   n ≤ d.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let cloud = try PointCloud(points, isDecomposed: true)
    let scatter = cloud.scatter
    if let reason = cloud.twoClassReason { return .undefined(reason) }
    if scatter.isWithinZero {
      return .positiveInfinity("every class is one repeated point, and the points differ")
    }
    guard let covariance = try ShrunkCovariance(within: cloud, shrinkage) else {
      return .undefined("the covariance within classes is singular; shrink it, or give more points")
    }
    let difference = Matrix(rows: [cloud.centroids.row(1)])
    var shifted = difference
    shifted.subtractFromRows(cloud.centroids.row(0))
    let form = try decomposing { () throws(LinearAlgebraError) in
      try covariance.quadraticForms(shifted)[0]
    }
    let (count, first, second) = (
      Double(cloud.count), Double(scatter.counts[0]), Double(scatter.counts[1])
    )
    let squaredDistance = max(0, form) * (count - 2) / count
    return IndexValue(
      .finite(squaredDistance), flags: scatter.indistinguishableFlags,
      details: [
        .init("hotelling-t-squared", .finite(first * second / count * squaredDistance)),
        .init(
          "bayes-error",
          .finite(NormalDistribution.cumulative(-squaredDistance.squareRoot() / 2))),
        .init("shrinkage-intensity", .finite(covariance.intensity)),
      ])
  }
}
