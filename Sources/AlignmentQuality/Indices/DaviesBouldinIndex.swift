public import Evaluation

/// The mean over classes of the worst similarity to another class: DB = (1/K) Σ_k max_{l≠k} (S_k + S_l)/M_kl.
///
/// S_k = (mean ‖x − c_k‖^t)^{1/t} over class k is its dispersion, and M_kl = ‖c_k − c_l‖_p; distances, not
/// their squares. From 0 up; lower is better. It does not change under rotation, translation and uniform
/// scale, nor with *n*; a norm other than the Euclidean one gives up rotation.
///
/// The paper writes *q* for our *t*. Implementations agree on t = 1 and p = 2, the defaults here; t = 2, the
/// root mean square, needs the scatter alone, so that one pass over the points is enough.
///
/// Davies & Bouldin (1979), doi:10.1109/TPAMI.1979.4766909.
public struct DaviesBouldinIndex: ClusterIndex {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "davies-bouldin"
  /// One line of help.
  public static let summary =
    "how wide each class is, against the distance to the class most like it"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Davies & Bouldin", year: 1979, title: "A cluster separation measure",
    link: "doi:10.1109/TPAMI.1979.4766909")
  /// Lower is better.
  public static let betterWhen = Preference.lower
  /// From 0 up.
  public static let range: ClosedRange<Double> = 0...(.infinity)
  /// What stands above its column.
  public static let abbreviation = "DB"
  /// The peers whose conventions it can follow.
  public static let compatibilities: [IndexCompatibility] = [
    .sklearn, .torchmetrics, .permetrics, .aqiEval,
  ]
  /// The other dispersion in use, and the peers whose conventions differ from the strict ones.
  public static let variants = [
    MethodVariant(
      "root-mean-square", summary: "dispersion as root mean square distance; one pass",
      overrides: ["dispersionPower": 2]),
    MethodVariant(
      "sklearn",
      summary: "0 where all dispersions or all centroids are within 1e-8, equal centroids ignored",
      overrides: ["compatibility": "sklearn"]),
    MethodVariant(
      "torchmetrics", summary: "as scikit-learn, in float64",
      overrides: ["compatibility": "torchmetrics"]),
    MethodVariant(
      "permetrics", summary: "1e10 for one class or equal centroids",
      overrides: ["compatibility": "permetrics"]),
    MethodVariant(
      "aqi-eval", summary: "as scikit-learn, which that code calls",
      overrides: ["compatibility": "aqi-eval"]),
  ]

  /// t, the exponent of the mean of distances; 1 is the mean, 2 the root mean square.
  public var dispersionPower = 1.0
  /// p ≥ 1, the norm of the distance between centroids; 2 is the Euclidean one.
  public var centroidNorm = 2.0
  /// Whose conventions hold where the index is degenerate.
  public var compatibility = IndexCompatibility.strict

  /// Creates the index with mean distances, the Euclidean norm and strict conventions.
  public init() {}

  /// The scatter, and for other dispersions than the root mean square the distances to own centroids.
  public var ingredients: Set<Ingredient> {
    dispersionPower == 2 ? [.scatter] : [.scatter, .ownDistances]
  }

  /// The value, as ``ClusterIndex/value(of:)-(ClusterMeasurements)`` says.
  ///
  /// - Parameter measurements: Measurements with the scatter and, unless t = 2, the distances of points to
  ///   their centroids; with the centroids unless p = 2.
  /// - Returns: The mean; +∞ if two centroids coincide, undefined if two classes are the same repeated
  ///   point.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for t ≤ 0, p < 1, or
  ///   another t or p than a peer has, and
  ///   ``AlignmentQualityError/unsupportedCompatibility(method:name:known:)``.
  /// - Complexity: O(*n* + K² · *d*).
  public func value(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> IndexValue {
    try checkSettings()
    let scatter = measurements.scatter
    guard let terms = DaviesBouldinTerms(of: self, measurements) else {
      return .unmeasured("the distances of points to their centroids, or the centroids,")
    }
    let strict = terms.strictValue(scatter)
    switch compatibility {
    case .sklearn, .torchmetrics, .aqiEval:
      // The peer refuses one class, and a class for every point.
      guard (2..<max(2, scatter.pointCount)).contains(scatter.classCount) else { return strict }
      return .peer(.finite(terms.scikitLearnValue), of: compatibility, insteadOf: strict)
    case .permetrics:
      return .peer(.finite(terms.permetricsValue), of: compatibility, insteadOf: strict)
    case .strict, .clusterCrit: return strict
    }
  }

  /// (√(SS_0/n_0) + √(SS_1/n_1)) / √(F · trW · n/(n_0 n_1)), for two classes, t = 2 and p = 2.
  ///
  /// The scatters of both classes stay as measured, and only the distance of the centroids moves with F.
  ///
  /// - Parameters:
  ///   - ratio: F.
  ///   - measurements: Measurements with the scatter.
  /// - Returns: The value, falling in F; `nil` at F ≤ 0, for more classes, and for other dispersions, of
  ///   which F knows nothing.
  public func value(
    atTraceRatio ratio: Double, of measurements: ClusterMeasurements
  ) -> Double? {
    let scatter = measurements.scatter
    guard dispersionPower == 2, centroidNorm == 2, compatibility == .strict,
      scatter.classCount == 2, ratio > 0, scatter.undefinedReason == nil
    else { return nil }
    let radii = zip(scatter.scatters, scatter.counts).map { ($0 / Double($1)).squareRoot() }
    let shares = scatter.shares
    let squaredDistance =
      ratio * scatter.within / (Double(scatter.pointCount) * shares[0] * shares[1])
    guard squaredDistance > 0 else { return nil }
    return (radii[0] + radii[1]) / squaredDistance.squareRoot()
  }

  private func checkSettings() throws(AlignmentQualityError) {
    try Self.check(compatibility)
    try Self.check(dispersionPower, named: "dispersionPower", isAtLeast: nil)
    try Self.check(centroidNorm, named: "centroidNorm", isAtLeast: 1)
    guard compatibility == .strict || (dispersionPower == 1 && centroidNorm == 2) else {
      throw .invalidSetting(
        method: Self.identifier, name: "compatibility", value: compatibility.rawValue,
        expected: "strict where dispersionPower is not 1 or centroidNorm is not 2, which peers lack"
      )
    }
  }

  private static func check(
    _ value: Double, named name: String, isAtLeast least: Double?
  ) throws(AlignmentQualityError) {
    guard value.isFinite, value > 0, value >= least ?? value else {
      throw .invalidSetting(
        method: identifier, name: name, value: "\(value)",
        expected: "a finite number, " + (least.map { "\($0) or more" } ?? "above 0"))
    }
  }
}
