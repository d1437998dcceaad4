public import Evaluation
internal import LinearAlgebra

/// The energy distance of two classes: 2 mean ‖x − y‖ − mean ‖x − x′‖ − mean ‖y − y′‖.
///
/// In the unit of the coordinates, so layers cannot be compared by it; the number beside it divides by
/// 2 mean ‖x − y‖ and lies between 0 and 1. The means are over all pairs, each point with itself too, which
/// makes 0 the least; equal classes have more than 0. The variant `unbiased` has 0 in expectation there.
///
/// Székely & Rizzo (2013), doi:10.1016/j.jspi.2013.03.018, eq. 6.1.
public struct EnergyDistance: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "energy-distance"
  /// One line of help.
  public static let summary = "mean distance between two classes beyond that within them"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Székely & Rizzo", year: 2013,
    title: "Energy statistics: a class of statistics based on distances",
    link: "doi:10.1016/j.jspi.2013.03.018", locator: "eq. 6.1")
  /// Higher is better.
  public static let betterWhen: Preference? = .higher
  /// It compares two classes.
  public static let needsClasses = true
  /// The other estimator.
  public static let variants = [
    MethodVariant(
      "unbiased", summary: "means over pairs of different points",
      overrides: ["estimator": "unbiased"])
  ]

  /// How the means over pairs are taken.
  public var estimator = TwoSampleEstimator.biased

  /// Creates the measure as it was published.
  public init() {}

  /// The distance.
  ///
  /// - Parameter points: Two classes, of at least two points each for the unbiased form.
  /// - Returns: The distance, with the coefficient that it is of 2 mean ‖x − y‖.
  /// - Throws: ``AlignmentQualityError`` if the points cannot be read.
  /// - Complexity: O(*n*² · *d*), and memory for tiles.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let cloud = try PointCloud(points)
    if let reason = cloud.twoClassReason { return .undefined(reason) }
    let counts = cloud.scatter.counts
    if estimator == .unbiased, counts.contains(1) {
      return .undefined("a class has one point, and pairs of different points are needed")
    }
    let sums = try DistanceTiles(cloud).sums { sumOfSquareRoots($0) }
    var distance = -estimator.contrast(of: sums, counts: counts, atZero: 0)
    // Equal classes leave rounding only, which may be negative.
    if estimator == .biased { distance = max(0, distance) }
    let between = 2 * sums[0, 1] / (Double(counts[0]) * Double(counts[1]))
    return IndexValue(
      .finite(distance), details: [.init("energy-coefficient", .finite(distance / between))])
  }
}
