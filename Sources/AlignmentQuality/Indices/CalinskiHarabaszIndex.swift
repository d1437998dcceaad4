public import Evaluation

/// The variance-ratio criterion: CH = (trB/(K − 1)) / (trW/(n − K)).
///
/// From 0 up; higher is better, and about 1 without class structure. It grows in proportion to *n*, so
/// compare values at equal *n* only, or compare F = trB/trW.
///
/// Caliński & Harabasz (1974), doi:10.1080/03610927408827101.
public struct CalinskiHarabaszIndex: ClusterIndex {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "calinski-harabasz"
  /// One line of help.
  public static let summary = "scatter between classes over scatter within, per degree of freedom"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Caliński & Harabasz", year: 1974, title: "A dendrite method for cluster analysis",
    link: "doi:10.1080/03610927408827101")
  /// Higher is better.
  public static let betterWhen = Preference.higher
  /// From 0 up.
  public static let range: ClosedRange<Double> = 0...(.infinity)
  /// The peers whose conventions it can follow.
  public static let compatibilities: [IndexCompatibility] = [
    .sklearn, .torchmetrics, .permetrics, .aqiEval,
  ]
  /// What stands above its column.
  public static let abbreviation = "CH"
  /// The peers whose conventions differ from the strict ones.
  public static let variants = [
    MethodVariant(
      "sklearn", summary: "1 where nothing scatters within classes",
      overrides: ["compatibility": "sklearn"]),
    MethodVariant(
      "torchmetrics", summary: "as scikit-learn, in float64",
      overrides: ["compatibility": "torchmetrics"]),
    MethodVariant(
      "permetrics", summary: "1 where nothing scatters within classes, and for 1 or n classes",
      overrides: ["compatibility": "permetrics"]),
    MethodVariant(
      "aqi-eval", summary: "as scikit-learn, which that code calls",
      overrides: ["compatibility": "aqi-eval"]),
  ]

  /// Whose conventions hold where the ratio is degenerate.
  public var compatibility = IndexCompatibility.strict

  /// Creates the index with strict conventions.
  public init() {}

  /// The scatter alone.
  public var ingredients: Set<Ingredient> { [.scatter] }

  /// The value, as ``ClusterIndex/value(of:)-(ClusterMeasurements)`` says.
  ///
  /// - Parameter measurements: Measurements with the scatter.
  /// - Returns: The ratio; +∞ if only the classes' means differ, undefined if nothing does.
  /// - Throws: ``AlignmentQualityError/unsupportedCompatibility(method:name:known:)``.
  public func value(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> IndexValue {
    try Self.check(compatibility)
    let scatter = measurements.scatter
    let strict = Self.strictValue(scatter)
    let hasOtherClasses = (2..<max(2, scatter.pointCount)).contains(scatter.classCount)
    switch compatibility {
    case .sklearn, .torchmetrics, .aqiEval:
      // The peer refuses one class, and a class for every point.
      guard hasOtherClasses, scatter.isWithinZero else { return strict }
    case .permetrics:
      guard !hasOtherClasses || scatter.isWithinZero else { return strict }
    case .strict, .clusterCrit: return strict
    }
    return .peer(.finite(1), of: compatibility, insteadOf: strict)
  }

  private static func strictValue(_ scatter: ClassScatter) -> IndexValue {
    if let reason = scatter.undefinedReason { return .undefined(reason) }
    if scatter.isWithinZero {
      return .positiveInfinity(
        "every class is one repeated point, and the points differ", flags: scatter.scatterFlags)
    }
    let between = scatter.between / Double(scatter.classCount - 1)
    let within = scatter.within / Double(scatter.pointCount - scatter.classCount)
    return .checked(between / within, flags: scatter.scatterFlags)
  }

  /// F · (n − K)/(K − 1).
  ///
  /// - Parameters:
  ///   - ratio: F.
  ///   - measurements: Measurements with the scatter.
  /// - Returns: The value; `nil` for one class.
  public func value(
    atTraceRatio ratio: Double, of measurements: ClusterMeasurements
  ) -> Double? {
    let scatter = measurements.scatter
    guard scatter.classCount > 1 else { return nil }
    return ratio * Double(scatter.pointCount - scatter.classCount) / Double(scatter.classCount - 1)
  }
}
