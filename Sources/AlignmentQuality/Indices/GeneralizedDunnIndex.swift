public import Evaluation

/// The generalised Dunn indices: min over pairs of classes of their separation, over the largest diameter.
///
/// GD_ij = min_{k<l} δ_i(k, l) / max_k Δ_j(k), with six separations and three diameters; Dunn's own index
/// is GD_11, the default. From 0 up; higher is better. It does not change under rotation, translation and
/// uniform scale.
///
/// Separations and diameters that are single distances hang on single points: one outlier, or one sample
/// in the wrong class, decides GD_11. GD_33, GD_43 and GD_53 average, and the last two need no pairs.
///
/// A point in two classes gives GD_1j = 0. If no class has an extent, the index is +∞ where classes are
/// apart, and undefined where two coincide.
///
/// Dunn (1973), doi:10.1080/01969727308546046; Bezdek & Pal (1998), doi:10.1109/3477.678624, for the
/// numbering.
public struct GeneralizedDunnIndex: ClusterIndex {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "dunn"
  /// One line of help.
  public static let summary = "the smallest distance between classes over the largest within one"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Bezdek & Pal", year: 1998, title: "Some new indexes of cluster validity",
    link: "doi:10.1109/3477.678624")
  /// Higher is better.
  public static let betterWhen = Preference.higher
  /// From 0 up.
  public static let range: ClosedRange<Double> = 0...(.infinity)
  /// What stands above its column.
  public static let abbreviation = "Dunn"
  /// The peers whose conventions it can follow.
  public static let compatibilities: [IndexCompatibility] = [
    .permetrics, .clusterCrit, .torchmetrics, .aqiEval,
  ]
  /// All 18 by their numbers, and the peers whose definitions differ.
  public static let variants = numberedVariants + peerVariants

  /// How far two classes are from each other.
  public enum Separation: String, Sendable, Codable, CaseIterable {
    /// δ₁: the smallest distance between their points.
    case single
    /// δ₂: the largest distance between their points.
    case complete
    /// δ₃: the mean distance between their points.
    case average
    /// δ₄: the distance of their centroids.
    case centroid
    /// δ₅: the mean distance of the points of both to the centroid of the other class.
    case toOtherCentroid = "to-other-centroid"
    /// δ₆: the Hausdorff distance, the largest distance from a point to the nearest of the other class.
    case hausdorff
    /// clusterCrit's δ₅: the mean distance of the points of both to their own centroid.
    case toOwnCentroid = "to-own-centroid"
  }

  /// How far a class extends.
  public enum Diameter: String, Sendable, Codable, CaseIterable {
    /// Δ₁: the largest distance between its points.
    case complete
    /// Δ₂: the mean distance between its points.
    case average
    /// Δ₃: twice the mean distance to its centroid.
    case centroid
  }

  /// How far two classes are from each other.
  public var separation = Separation.single
  /// How far a class extends.
  public var diameter = Diameter.complete
  /// Whose conventions hold.
  public var compatibility = IndexCompatibility.strict

  /// Creates Dunn's index with strict conventions.
  public init() {}

  /// Creates one of the 18.
  ///
  /// - Parameters:
  ///   - separation: How far two classes are from each other.
  ///   - diameter: How far a class extends.
  public init(separation: Separation, diameter: Diameter) {
    self.separation = separation
    self.diameter = diameter
  }

  /// What the separation and the diameter are taken from.
  public var ingredients: Set<Ingredient> {
    switch compatibility {
    case .torchmetrics: [.scatter, .ownDistances]
    case .permetrics: [.scatter, .pairExtremes, .centroidDistances]
    default: [.scatter, usedSeparation.ingredient, diameter.ingredient]
    }
  }

  /// The value, as ``ClusterIndex/value(of:)-(ClusterMeasurements)`` says.
  ///
  /// - Parameter measurements: Measurements with ``ingredients``.
  /// - Returns: The ratio; +∞ if no class has an extent and all are apart.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a peer's
  ///   conventions with distances that it does not have, and
  ///   ``AlignmentQualityError/unsupportedCompatibility(method:name:known:)``.
  /// - Complexity: O(*n* · K + K²).
  public func value(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> IndexValue {
    try checkSettings()
    let terms = DunnTerms(measurements)
    return switch compatibility {
    case .permetrics: permetricsValue(terms)
    case .torchmetrics: torchmetricsValue(terms)
    case .aqiEval: aqiEvalValue(terms)
    case .strict, .sklearn, .clusterCrit: strictValue(terms)
    }
  }

  /// All 18 indices from the measurements of one sweep over the pairs.
  ///
  /// - Parameter measurements: Measurements with ``allIngredients``.
  /// - Returns: Strict values by `gd11`, `gd12`, … `gd63`.
  /// - Complexity: O(*n* · K + K²).
  public static func allValues(of measurements: ClusterMeasurements) -> [String: IndexValue] {
    let terms = DunnTerms(measurements)
    return Dictionary(
      uniqueKeysWithValues: numbered.map { name, index in (name, index.strictValue(terms)) })
  }

  /// What all 18 together are taken from.
  public static var allIngredients: Set<Ingredient> {
    numbered.reduce(into: []) { $0.formUnion($1.index.ingredients) }
  }

  /// δ₅ of clusterCrit is another one.
  private var usedSeparation: Separation {
    compatibility == .clusterCrit && separation == .toOtherCentroid ? .toOwnCentroid : separation
  }

  private func strictValue(_ terms: DunnTerms) -> IndexValue {
    if let reason = terms.scatter.undefinedReason { return .undefined(reason) }
    guard let separations = terms.separations(usedSeparation),
      let diameters = terms.diameters(diameter)
    else { return .unmeasured("the distances of pairs, or to centroids,") }
    let flags = usedSeparation == .single ? terms.coincidentFlags : []
    return Self.ratio(separations, diameters, flags: flags + terms.scatter.scatterFlags)
  }

  private static func ratio(
    _ separations: [Double], _ extents: [Double], flags: [Flag]
  ) -> IndexValue {
    // A minimum or a maximum could drop a NaN.
    guard (separations + extents).allSatisfy({ !$0.isNaN }) else {
      return .checked(.nan, flags: flags)
    }
    let (separation, extent) = (separations.min() ?? 0, extents.max() ?? 0)
    guard extent == 0 else { return .checked(separation / extent, flags: flags) }
    guard separation > 0 else {
      return .undefined("no class has an extent, and two of them coincide", flags: flags)
    }
    return IndexValue(
      .infinite("no class has an extent, and all classes are apart"), flags: flags)
  }

  /// Its own ratio: the distance of centroids over the largest distance of a point from its centroid.
  private func torchmetricsValue(_ terms: DunnTerms) -> IndexValue {
    if terms.scatter.classCount == 1 { return strictValue(terms) }
    guard let separations = terms.separations(.centroid),
      let radii = terms.measurements.ownDistances
    else { return .unmeasured("the distances of points to centroids") }
    return Self.ratio(separations, radii, flags: terms.scatter.scatterFlags)
  }

  /// Its default: the smallest distance of a point to the centroid of an earlier class, over Δ₁.
  private func permetricsValue(_ terms: DunnTerms) -> IndexValue {
    guard let nearest = terms.distanceToEarlierCentroid,
      let diameter = terms.diameters(.complete)?.max()
    else { return .unmeasured("the distances of pairs and to centroids") }
    let strict = strictValue(terms)
    if terms.scatter.classCount == 1 || diameter == 0 {
      return .peer(.finite(0), of: .permetrics, insteadOf: strict)
    }
    return .checked(nearest / diameter, flags: strict.flags)
  }

  /// GD_11 over the separations that are not 0, so that points in two classes go unnoticed.
  private func aqiEvalValue(_ terms: DunnTerms) -> IndexValue {
    let strict = strictValue(terms)
    guard let separations = terms.separations(.single),
      let diameter = terms.diameters(.complete)?.max()
    else { return strict }
    guard let separation = separations.filter({ $0 > 0 }).min(), diameter > 0 else {
      return .peer(.finite(0.001), of: .aqiEval, insteadOf: strict)
    }
    return .peer(IndexValue.checked(separation / diameter).value, of: .aqiEval, insteadOf: strict)
  }

  private func checkSettings() throws(AlignmentQualityError) {
    try Self.check(compatibility)
    guard [.permetrics, .torchmetrics, .aqiEval].contains(compatibility) else { return }
    for (name, value, expected) in [
      ("separation", separation.rawValue, Separation.single.rawValue),
      ("diameter", diameter.rawValue, Diameter.complete.rawValue),
    ] where value != expected {
      throw .invalidSetting(
        method: Self.identifier, name: name, value: value,
        expected: "\(expected), the only one of \(compatibility.rawValue)")
    }
  }
}
