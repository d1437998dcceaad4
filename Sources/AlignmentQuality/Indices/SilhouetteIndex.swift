public import Evaluation

/// The mean silhouette: how much nearer points are to their own class than to the next one.
///
/// s_i = (b − a)/max(a, b) with a the mean distance to the other points of the class, and b the smallest
/// mean distance to the points of another class; 0 for a class of one point. From −1 to 1; higher is better.
/// It does not change under rotation, translation and uniform scale.
///
/// - `exact` takes all pairs of points.
/// - `simplified` takes distances to centroids for a and b. It lies above the exact one, because the own
///   centroid contains the point.
/// - `squared-euclidean` is exact for squared distances, at the cost of distances to centroids:
///   mean ‖x − x_j‖² over class l is ‖x − c_l‖² + SS_l/n_l. Its values compare with each other only.
///
/// Rousseeuw (1987), doi:10.1016/0377-0427(87)90125-7; Vendramin, Campello & Hruschka (2010),
/// doi:10.1002/sam.10080, for the simplified one.
public struct SilhouetteIndex: ClusterIndex {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "silhouette"
  /// One line of help.
  public static let summary = "how much nearer points are to their own class than to the next one"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Rousseeuw", year: 1987,
    title: "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis",
    link: "doi:10.1016/0377-0427(87)90125-7")
  /// Higher is better.
  public static let betterWhen = Preference.higher
  /// From −1 to 1.
  public static let range: ClosedRange<Double> = -1...1
  /// What stands above its column.
  public static let abbreviation = "silh."
  /// The peers whose conventions it can follow.
  public static let compatibilities: [IndexCompatibility] = [.sklearn, .permetrics, .aqiEval]
  /// The cheaper kinds, and the peers whose conventions differ from the strict ones.
  public static let variants = [
    MethodVariant(
      "simplified", summary: "distances to centroids instead of to points",
      overrides: ["distance": "simplified"]),
    MethodVariant(
      "squared-euclidean", summary: "squared distances, from centroids and scatters",
      overrides: ["distance": "squared-euclidean"]),
    MethodVariant(
      "sklearn", summary: "0 where all points are the same point",
      overrides: ["compatibility": "sklearn"]),
    MethodVariant(
      "permetrics", summary: "0 for points that repeat all of their class; -1 for one class",
      overrides: ["compatibility": "permetrics"]),
    MethodVariant(
      "aqi-eval", summary: "as scikit-learn, which that code calls",
      overrides: ["compatibility": "aqi-eval"]),
  ]

  /// What the distance between a point and a class is.
  public enum Distance: String, Sendable, Codable, CaseIterable {
    /// The mean Euclidean distance to its points.
    case exact
    /// The Euclidean distance to its centroid.
    case simplified
    /// The mean squared Euclidean distance to its points.
    case squaredEuclidean = "squared-euclidean"
  }

  /// What the distance between a point and a class is.
  public var distance = Distance.exact
  /// Whose conventions hold where the index is degenerate.
  public var compatibility = IndexCompatibility.strict

  /// Creates the exact index with strict conventions.
  public init() {}

  /// The sums of all pairs' distances, or the distances to all centroids.
  public var ingredients: Set<Ingredient> {
    distance == .exact ? [.scatter, .pairSums] : [.scatter, .centroidDistances]
  }

  /// The value, as ``ClusterIndex/value(of:)-(ClusterMeasurements)`` says.
  ///
  /// - Parameter measurements: Measurements with ``ingredients``.
  /// - Returns: The mean over points; undefined if all points are the same point.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a peer's
  ///   conventions with distances that it does not have, and
  ///   ``AlignmentQualityError/unsupportedCompatibility(method:name:known:)``.
  /// - Complexity: O(*n* · K).
  public func value(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> IndexValue {
    try checkSettings()
    let scatter = measurements.scatter
    let silhouettes = PointSilhouettes(of: measurements, distance)
    let strict = strictValue(silhouettes, scatter)
    switch compatibility {
    case .sklearn, .aqiEval:
      // The peer refuses one class, and a class for every point.
      guard (2..<max(2, scatter.pointCount)).contains(scatter.classCount), let silhouettes else {
        return strict
      }
      return .peer(.finite(silhouettes.mean), of: compatibility, insteadOf: strict)
    case .permetrics:
      if scatter.classCount == 1 {
        return .peer(.finite(-1), of: .permetrics, insteadOf: strict)
      }
      guard let silhouettes else { return strict }
      let value = silhouettes.meanWithoutRepeatedPoints(measurements)
      return .peer(.finite(value), of: .permetrics, insteadOf: strict)
    case .strict, .clusterCrit, .torchmetrics: return strict
    }
  }

  /// The silhouette of each point by strict conventions, in the order of the points.
  ///
  /// - Parameter measurements: Measurements with ``ingredients``.
  /// - Returns: Numbers from −1 to 1; `nil` where the index has no value.
  /// - Complexity: O(*n* · K).
  public func pointValues(of measurements: ClusterMeasurements) -> [Double]? {
    guard measurements.scatter.undefinedReason == nil else { return nil }
    return PointSilhouettes(of: measurements, distance)?.values
  }

  private func strictValue(
    _ silhouettes: PointSilhouettes?, _ scatter: ClassScatter
  ) -> IndexValue {
    if let reason = scatter.undefinedReason { return .undefined(reason) }
    guard let silhouettes else { return .unmeasured("the distances of points to classes") }
    var flags = scatter.scatterFlags
    if silhouettes.coincidentCount > 0 {
      flags.append(
        Flag(
          "coincident-points",
          detail: "\(silhouettes.coincidentCount) points lie on all of their class and on another"))
    }
    return .checked(silhouettes.mean, flags: flags)
  }

  private func checkSettings() throws(AlignmentQualityError) {
    try Self.check(compatibility)
    let hasDistance =
      switch compatibility {
      case .sklearn: distance != .simplified
      case .permetrics, .aqiEval: distance == .exact
      case .strict, .clusterCrit, .torchmetrics: true
      }
    guard hasDistance else {
      throw .invalidSetting(
        method: Self.identifier, name: "distance", value: distance.rawValue,
        expected: "one that \(compatibility.rawValue) has, such as exact")
    }
  }
}
