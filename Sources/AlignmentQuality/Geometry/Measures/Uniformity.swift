public import Evaluation
internal import LinearAlgebra
internal import RealModule

/// How evenly the directions of points cover the sphere: log mean exp(−t ‖x/‖x‖ − y/‖y‖‖²), t = 2.
///
/// Over pairs of two different points. From −4t, which only opposite points reach, to 0, where all have one
/// direction; lower is more even. In many dimensions even directions are all but orthogonal and give
/// −2t, so it tells layers apart by their common offset more than by anything else.
///
/// Wang & Isola (2020), arXiv:2005.10242, eq. 2.
public struct Uniformity: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "uniformity"
  /// One line of help.
  public static let summary = "how evenly directions cover the sphere; lower is more even"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Wang & Isola", year: 2020,
    title:
      "Understanding contrastive representation learning through alignment and uniformity on the hypersphere",
    link: "arXiv:2005.10242", locator: "section 4.1")
  /// It only describes.
  public static let betterWhen: Preference? = nil
  /// It is of all points together.
  public static let needsClasses = false

  /// t, above 0: how fast the potential of two directions falls with their squared distance.
  public var decay = 2.0

  /// Creates the measure with t = 2.
  public init() {}

  /// The logarithm of the mean potential.
  ///
  /// - Parameter points: At least two other than the origin; points at the origin are left out with a flag.
  /// - Returns: The logarithm.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)``, or what reading throws.
  /// - Complexity: O(*n*² · *d*), and memory for tiles.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    guard decay > 0, decay.isFinite else {
      throw Self.refusal(of: "decay", decay, expected: "a number above 0")
    }
    let (kept, flags) = try points.withDirections()
    guard let kept, kept.count > 1 else {
      return .undefined("fewer than two points have a direction", flags: flags)
    }
    let cloud = try PointCloud(kept)
    let factor = -decay
    let sums = try DistanceTiles(cloud, ofDirections: true).sums {
      sumOfExponentials($0, factor: factor)
    }
    let count = Double(cloud.count)
    return .finite(
      Double.log(sums.elements.reduce(0, +) / (count * (count - 1))), flags: flags)
  }
}
