public import Evaluation
internal import LinearAlgebra

/// The mean cosine of two different points: (‖Σ x/‖x‖‖² − n)/(n (n − 1)).
///
/// From −1/(n − 1) to 1, where all points have one direction; 0 in expectation for directions without
/// preference. A common offset of all points, which language models have, is most of it; subtract it
/// first to see the rest.
///
/// Ethayarajh (2019), doi:10.18653/v1/D19-1006, section 4.1.
public struct Anisotropy: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "anisotropy"
  /// One line of help.
  public static let summary = "mean cosine of two different points"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Ethayarajh", year: 2019,
    title: "How contextual are contextualized word representations?",
    link: "doi:10.18653/v1/D19-1006", locator: "section 4.1")
  /// It only describes.
  public static let betterWhen: Preference? = nil
  /// It is of all points together.
  public static let needsClasses = false

  /// Creates the measure.
  public init() {}

  /// The mean cosine.
  ///
  /// - Parameter points: At least two other than the origin; points at the origin are left out with a flag.
  /// - Returns: The mean.
  /// - Throws: ``AlignmentQualityError`` if the points cannot be read.
  /// - Complexity: O(*n* · *d*), and memory for tiles.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let (kept, flags) = try points.withDirections()
    guard let kept, kept.count > 1 else {
      return .undefined("fewer than two points have a direction", flags: flags)
    }
    let cloud = try PointCloud(kept)
    var sum = Matrix<Double>(rowCount: 1, columnCount: cloud.width)
    for block in cloud.blocks(of: 0..<cloud.count) {
      var rows = try cloud.read(block, .none)
      rows.scaleRowsToUnitNorm()
      let ones = Matrix(rowCount: 1, columnCount: block.count, repeating: 1.0)
      sum.addElements(of: product(of: ones.view, and: rows.view))
    }
    let count = Double(cloud.count)
    return .finite((dotProduct(sum.span, sum.span) - count) / (count * (count - 1)), flags: flags)
  }
}
