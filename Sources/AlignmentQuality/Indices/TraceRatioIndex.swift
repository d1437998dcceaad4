public import Evaluation

/// F = trB/trW: the scatter between classes over the scatter within them.
///
/// From 0 up; higher is better. Unlike Caliński–Harabasz it does not grow with *n*, but it is biased upward in
/// high dimension: without class structure its mean is about (K − 1)/(n − K). The details carry
/// η² = F/(1 + F), the share of the scatter that classes explain, and ω², which takes the bias off η²:
/// ω² = (trB − (K − 1) · MSW)/(trB + trW + MSW) with MSW = trW/(n − K); it may be negative.
///
/// For two classes every index of traces is a function of F: XB = p₀p₁/F and CH = (n − 2) · F.
///
/// Fisher (1936), doi:10.1111/j.1469-1809.1936.tb02137.x, for scatters between and within classes.
public struct TraceRatioIndex: ClusterIndex {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "trace-ratio"
  /// One line of help.
  public static let summary =
    "scatter between classes over scatter within, whatever the number of points"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Fisher", year: 1936,
    title: "The use of multiple measurements in taxonomic problems",
    link: "doi:10.1111/j.1469-1809.1936.tb02137.x")
  /// Higher is better.
  public static let betterWhen = Preference.higher
  /// From 0 up.
  public static let range: ClosedRange<Double> = 0...(.infinity)
  /// What stands above its column.
  public static let abbreviation = "F"

  /// Creates the index.
  public init() {}

  /// The scatter alone.
  public var ingredients: Set<Ingredient> { [.scatter] }

  /// The value, as ``ClusterIndex/value(of:)-(ClusterMeasurements)`` says.
  ///
  /// - Parameter measurements: Measurements with the scatter.
  /// - Returns: The ratio with `eta-squared` and `omega-squared`; +∞ if only the classes' means differ,
  ///   undefined if nothing does.
  public func value(of measurements: ClusterMeasurements) -> IndexValue {
    let scatter = measurements.scatter
    if let reason = scatter.undefinedReason { return .undefined(reason) }
    let (between, within) = (scatter.between, scatter.within)
    let freedom = Double(scatter.pointCount - scatter.classCount)
    let meanSquare = within / freedom
    let excess = between - Double(scatter.classCount - 1) * meanSquare
    var value: IndexValue =
      scatter.isWithinZero
      ? .positiveInfinity(
        "every class is one repeated point, and the points differ", flags: scatter.scatterFlags)
      : .checked(between / within, flags: scatter.scatterFlags)
    value.details = [
      .init("eta-squared", IndexValue.checked(between / (between + within)).value),
      .init("omega-squared", IndexValue.checked(excess / (between + within + meanSquare)).value),
    ]
    return value
  }

  /// F itself.
  ///
  /// - Parameters:
  ///   - ratio: F.
  ///   - measurements: Not used.
  /// - Returns: F.
  public func value(
    atTraceRatio ratio: Double, of measurements: ClusterMeasurements
  ) -> Double? { ratio }
}
