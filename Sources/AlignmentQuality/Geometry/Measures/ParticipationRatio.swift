public import Evaluation
internal import LinearAlgebra

/// The participation ratio (Σλ)²/Σλ² over the eigenvalues of the covariance.
///
/// From 1, where all points lie on a line, to *d* for equal variance in every direction; never above n − 1. It
/// needs the trace and the norm of a Gram matrix, and no eigenvalue. Few directions of large variance
/// decide it, in language models often a single one.
///
/// Gao et al. (2017), doi:10.1101/214262, eq. 5.
public struct ParticipationRatio: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "participation-ratio"
  /// One line of help.
  public static let summary =
    "squared sum of the covariance's eigenvalues over the sum of their squares"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Gao, Trautmann, Yu, Santhanam, Ryu, Shenoy & Ganguli", year: 2017,
    title: "A theory of multineuronal dimensionality, dynamics and measurement",
    link: "doi:10.1101/214262", locator: "eq. 5")
  /// It only describes.
  public static let betterWhen: Preference? = nil
  /// It is of all points together.
  public static let needsClasses = false

  /// Creates the measure.
  public init() {}

  /// The ratio.
  ///
  /// - Parameter points: At least two points that differ.
  /// - Returns: The ratio.
  /// - Throws: ``AlignmentQualityError/tooLarge(what:count:limit:)`` where both *n* and *d* are above 16,384.
  /// - Complexity: O(*n* · *d* · min(*n*, *d*)).
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let cloud = try PointCloud(points, isDecomposed: true)
    if let reason = cloud.undefinedReason { return .undefined(reason) }
    return .finite(GramMoments(try cloud.smallerGram(.mean)).participationRatio)
  }
}
