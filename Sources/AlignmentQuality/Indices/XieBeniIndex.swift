public import Evaluation
internal import LinearAlgebra

/// The scatter within classes over the squared distance of the closest two centroids:
/// XB = trW / (n · min D_kl²).
///
/// From 0 up; lower is better. It does not change under rotation, translation and uniform scale, nor with
/// *n*. Of more than two classes only the closest pair enters. For two classes XB = p₀p₁/F with F = trB/trW,
/// so it then says the same as Caliński–Harabasz: CH · XB = (n − 2) p₀p₁.
///
/// The paper's index is for fuzzy partitions: XB_m = Σ_k Σ_i u_ki^m ‖x_i − c_k‖² / (n · min D_kl²). The
/// `fuzzy` variant takes the memberships from the distances to the classes' means, and leaves those means
/// where they are; ``fuzzy(_:memberships:fuzzifier:)`` takes any.
///
/// Xie & Beni (1991), doi:10.1109/34.85677.
public struct XieBeniIndex: ClusterIndex {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "xie-beni"
  /// One line of help.
  public static let summary =
    "mean squared distance to the own centroid, over that of the closest centroids"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Xie & Beni", year: 1991, title: "A validity measure for fuzzy clustering",
    link: "doi:10.1109/34.85677")
  /// Lower is better.
  public static let betterWhen = Preference.lower
  /// From 0 up.
  public static let range: ClosedRange<Double> = 0...(.infinity)
  /// What stands above its column.
  public static let abbreviation = "XB"
  /// The peers whose conventions it can follow.
  public static let compatibilities: [IndexCompatibility] = [.clusterCrit, .permetrics, .aqiEval]
  /// The fuzzy index, and the peers whose definitions or conventions differ.
  public static let variants = [
    MethodVariant(
      "fuzzy", summary: "fuzzy memberships from the distances to the classes' means",
      overrides: ["partition": "fuzzy-from-centroids"]),
    MethodVariant(
      "cluster-crit",
      summary: "over the squared distance of the closest two points of different classes",
      overrides: ["compatibility": "cluster-crit"]),
    MethodVariant(
      "permetrics",
      summary: "each point to its nearest centroid, whatever its label; 1e10 where degenerate",
      overrides: ["compatibility": "permetrics"]),
    MethodVariant(
      "aqi-eval", summary: "infinite for one class or centroids within 1e-6",
      overrides: ["compatibility": "aqi-eval"]),
  ]

  /// Whether a point belongs to its class alone.
  public enum Partition: String, Sendable, Codable, CaseIterable {
    /// Each point belongs to its class.
    case crisp
    /// Each point belongs to every class, by its distances to the classes' means.
    case fuzzyFromCentroids = "fuzzy-from-centroids"
  }

  /// Whether a point belongs to its class alone.
  public var partition = Partition.crisp
  /// m > 1, the exponent of the memberships; of no effect on crisp classes.
  public var fuzzifier = 2.0
  /// Whose definition and conventions hold.
  public var compatibility = IndexCompatibility.strict

  /// Creates the crisp index with strict conventions.
  public init() {}

  /// The scatter; distances to all centroids or the closest pairs of points where the definition has them.
  public var ingredients: Set<Ingredient> {
    if partition == .fuzzyFromCentroids { return [.scatter, .centroidDistances] }
    switch compatibility {
    case .permetrics: return [.scatter, .centroidDistances]
    case .clusterCrit: return [.scatter, .pairExtremes]
    case .strict, .sklearn, .torchmetrics, .aqiEval: return [.scatter]
    }
  }

  /// The value, as ``ClusterIndex/value(of:)-(ClusterMeasurements)`` says.
  ///
  /// - Parameter measurements: Measurements with ``ingredients``.
  /// - Returns: The ratio; +∞ if two centroids coincide, undefined if nothing scatters within classes
  ///   either.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a fuzzifier of 1
  ///   or less and for a fuzzy partition by a peer's conventions, and
  ///   ``AlignmentQualityError/unsupportedCompatibility(method:name:known:)``.
  /// - Complexity: O(K²), with memberships O(*n* · K).
  public func value(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> IndexValue {
    try checkSettings()
    let scatter = measurements.scatter
    if partition == .fuzzyFromCentroids { return fuzzyValue(of: measurements) }
    switch compatibility {
    case .strict, .sklearn, .torchmetrics:
      return Self.strictValue(scatter.within, scatter)
    case .clusterCrit: return Self.clusterCritValue(of: measurements)
    case .permetrics: return Self.permetricsValue(of: measurements)
    case .aqiEval: return Self.alignmentQualityCodeValue(scatter)
    }
  }

  /// p₀p₁/F, for two crisp classes.
  ///
  /// - Parameters:
  ///   - ratio: F.
  ///   - measurements: Measurements with the scatter.
  /// - Returns: The value, falling in F; `nil` at F ≤ 0, for more classes, and for definitions that F does
  ///   not determine.
  public func value(
    atTraceRatio ratio: Double, of measurements: ClusterMeasurements
  ) -> Double? {
    let shares = measurements.scatter.shares
    let isOfTraces = compatibility == .strict || compatibility == .aqiEval
    guard partition == .crisp, isOfTraces, shares.count == 2, ratio > 0 else { return nil }
    return shares[0] * shares[1] / ratio
  }

  private func checkSettings() throws(AlignmentQualityError) {
    try Self.check(compatibility)
    try Self.check(fuzzifier: fuzzifier)
    guard partition == .crisp || compatibility == .strict else {
      throw .invalidSetting(
        method: Self.identifier, name: "partition", value: partition.rawValue,
        expected: "crisp by the conventions of \(compatibility.rawValue), which has no other")
    }
  }

  static func check(fuzzifier: Double) throws(AlignmentQualityError) {
    guard fuzzifier.isFinite, fuzzifier > 1 else {
      throw .invalidSetting(
        method: identifier, name: "fuzzifier", value: "\(fuzzifier)",
        expected: "a finite number above 1")
    }
  }
}

extension XieBeniIndex {
  /// A numerator over n · min D_kl², with strict conventions.
  static func strictValue(_ numerator: Double, _ scatter: ClassScatter) -> IndexValue {
    value(
      numerator, scatter, squaredSeparation: scatter.smallestSquaredCentroidDistance ?? 0,
      coincidence: "the two closest centroids coincide")
  }

  private static func value(
    _ numerator: Double, _ scatter: ClassScatter, squaredSeparation: Double, coincidence: String
  ) -> IndexValue {
    if let reason = scatter.undefinedReason { return .undefined(reason) }
    let flags = scatter.scatterFlags
    guard squaredSeparation > 0 else {
      return scatter.isWithinZero
        ? .undefined("\(coincidence), and nothing scatters within classes", flags: flags)
        : .positiveInfinity(coincidence, flags: flags)
    }
    if scatter.isWithinZero { return .finite(0, flags: flags) }
    return .checked(numerator / (Double(scatter.pointCount) * squaredSeparation), flags: flags)
  }

  private static func clusterCritValue(of measurements: ClusterMeasurements) -> IndexValue {
    let scatter = measurements.scatter
    guard let extremes = measurements.pairExtremes else {
      return .unmeasured("the distances between the points of classes")
    }
    let separation = scatter.classPairs.map { extremes.smallest[$0, $1] }.min() ?? 0
    return value(
      scatter.within, scatter, squaredSeparation: separation * separation,
      coincidence: "two classes share a point")
  }

  private static func permetricsValue(of measurements: ClusterMeasurements) -> IndexValue {
    let scatter = measurements.scatter
    guard let distances = measurements.centroidDistances else {
      return .unmeasured("the distances of points to all centroids")
    }
    let numerator = (0..<distances.rowCount).reduce(0) { sum, position in
      let nearest = distances.row(position).min() ?? 0
      return sum + nearest * nearest
    }
    let strict = strictValue(numerator, scatter)
    let separation = scatter.classPairs.map { scatter.squaredCentroidDistances[$0, $1] }.min() ?? 0
    let ratio = numerator / (Double(scatter.pointCount) * separation)
    return .peer(
      .finite(separation > 0 && ratio.isFinite ? ratio : 1e10), of: .permetrics, insteadOf: strict)
  }

  /// Infinite for fewer than two classes and centroids within 1e-6, else the formula.
  private static func alignmentQualityCodeValue(_ scatter: ClassScatter) -> IndexValue {
    let strict = strictValue(scatter.within, scatter)
    let separation = scatter.classPairs.map { scatter.squaredCentroidDistances[$0, $1] }.min() ?? 0
    guard separation > 1e-12 else {
      return .peer(
        .infinite("there is one class, or two centroids within 1e-6"), of: .aqiEval,
        insteadOf: strict)
    }
    let value = scatter.within / (Double(scatter.pointCount) * separation)
    return .peer(.finite(value), of: .aqiEval, insteadOf: strict)
  }
}
