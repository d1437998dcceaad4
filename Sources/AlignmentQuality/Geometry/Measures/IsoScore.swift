public import Evaluation

/// IsoScore: how evenly the variance is spread over all *d* directions.
///
/// From 0, all variance in one direction, to 1, the same in every direction. With the published steps
/// written out (normalise the spectrum to length √d, take its distance from (1, …, 1), rescale), it is
/// (r − 1)/(d − 1) with the participation ratio r. So it says what ``ParticipationRatio`` says, as a share of
/// *d*, and cannot come near 1 with n ≤ d.
///
/// Rudman, Gillman, Rayne & Eickhoff (2022), arXiv:2108.07344, algorithm 1.
public struct IsoScore: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "iso-score"
  /// One line of help.
  public static let summary = "how evenly the variance is spread over all directions"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Rudman, Gillman, Rayne & Eickhoff", year: 2022,
    title: "IsoScore: measuring the uniformity of embedding space utilization",
    link: "arXiv:2108.07344", locator: "algorithm 1")
  /// It only describes.
  public static let betterWhen: Preference? = nil
  /// It is of all points together.
  public static let needsClasses = false

  /// Creates the measure.
  public init() {}

  /// The score.
  ///
  /// - Parameter points: At least two points that differ, in at least two dimensions.
  /// - Returns: The score.
  /// - Throws: As ``ParticipationRatio/value(of:)``.
  /// - Complexity: As there.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    guard points.width > 1 else { return .undefined("in one dimension there is one direction") }
    var result = try ParticipationRatio().value(of: points)
    let directions = Double(points.width)
    result.value = result.value.map { min(1, max(0, ($0 - 1) / (directions - 1))) }
    return result
  }
}
