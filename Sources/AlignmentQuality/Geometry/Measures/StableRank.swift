public import Evaluation
internal import LinearAlgebra

/// The stable rank ‖X‖_F²/‖X‖₂²: the sum of the squared singular values over the largest of them.
///
/// From 1 to min(*n*, *d*), and never above the rank. Points are centred unless the variant `uncentred` is
/// asked for. The largest direction alone decides it.
///
/// Rudelson & Vershynin (2007), doi:10.1145/1255443.1255449.
public struct StableRank: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "stable-rank"
  /// One line of help.
  public static let summary = "sum of the squared singular values over the largest"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Rudelson & Vershynin", year: 2007,
    title: "Sampling from large matrices: an approach through geometric functional analysis",
    link: "doi:10.1145/1255443.1255449", locator: "section 1.1")
  /// It only describes.
  public static let betterWhen: Preference? = nil
  /// It is of all points together.
  public static let needsClasses = false
  /// Of points that are not centred.
  public static let variants = [
    MethodVariant(
      "uncentred", summary: "of the points as they are", overrides: ["isCentered": false])
  ]

  /// Whether the mean of all points is subtracted first.
  public var isCentered = true

  /// Creates the measure of centred points.
  public init() {}

  /// The rank.
  ///
  /// - Parameter points: At least two points that differ.
  /// - Returns: The rank.
  /// - Throws: ``AlignmentQualityError/tooLarge(what:count:limit:)`` where both *n* and *d* are above 16,384.
  /// - Complexity: O(*n* · *d* · min(*n*, *d*)). The largest eigenvalue of a Gram matrix loses no digits.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let cloud = try PointCloud(points, isDecomposed: true)
    if let reason = cloud.undefinedReason { return .undefined(reason) }
    let gram = try cloud.smallerGram(isCentered ? .mean : .none)
    let largest = try decomposing { () throws(LinearAlgebraError) in
      try SymmetricEigendecomposition(leading: 1, of: gram.view).eigenvalues[0]
    }
    return .finite(GramMoments(gram).trace / largest)
  }
}
