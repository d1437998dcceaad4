public import Evaluation

/// The alignment quality index (AQI) by one of the formulas that go by its name.
///
/// Higher is better in all of them; each has a range of its own, and most grow with the number of points.
/// There is no AQI without a formula: ``variants`` names them all, that of the defaults too, and a record
/// always carries the name. Beside the value stand the numbers it is made of. To compare models or data
/// sets, compare the debiased separation instead: <doc:WhatAQIMeasures> says why.
///
/// Borah et al. (2025), section 3 and appendices B.4 and G.3, and the released code.
public struct AlignmentQualityIndex: ClusterIndex {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "alignment-quality-index"
  /// One line of help.
  public static let summary =
    "cluster indices of two classes combined, by one of the formulas that are called AQI"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Borah et al.", year: 2025,
    title:
      "Alignment Quality Index (AQI): Beyond Refusals: AQI as an Intrinsic Alignment Diagnostic "
      + "via Latent Geometry, Cluster Divergence, and Layer wise Pooled Representations",
    link: "arXiv:2506.13901", locator: "section 3")
  /// Higher is better, in every formula.
  public static let betterWhen = Preference.higher
  /// From 0 up; ``AlignmentQualityFormula`` says what each formula reaches.
  public static let range: ClosedRange<Double> = 0...(.infinity)
  /// What stands above its column.
  public static let abbreviation = "AQI"
  /// The released code, for the formulas that it has.
  public static let compatibilities: [IndexCompatibility] = [.aqiEval]

  /// Which formula.
  public var formula = AlignmentQualityFormula.paperLinear
  /// λ or γ, from 0 to 1; if not given, ``AlignmentQualityFormula/publishedWeight``.
  ///
  /// It weighs the first term of the formula, which is 1/XB in `paper-linear` and CH in `paper-geometric` and
  /// in code. With two classes it only rescales `paper-linear`: the ranking at given class sizes is the same
  /// for all.
  public var weight: Double?
  /// CH_max of `paper-geometric`, above 0: the 99th percentile of CH over a pool of models, such as
  /// ``ReferencePool/percentile(_:)`` gives.
  ///
  /// The paper does not say its own, so there is no default.
  public var referenceCalinskiHarabasz: Double?
  /// Whose conventions hold where a component is degenerate: our own, or those of the released code for the
  /// formulas that it has.
  public var compatibility = IndexCompatibility.strict

  /// Creates the index by the paper's first formula, under the name `paper-linear`.
  public init() {}

  /// What the components of the formula need.
  public var ingredients: Set<Ingredient> {
    formula.components.reduce(into: [.scatter]) {
      $0.formUnion($1.index(compatibility).ingredients)
    }
  }

  /// The value, as ``ClusterIndex/value(of:)-(ClusterMeasurements)`` says.
  ///
  /// - Parameter measurements: Measurements that hold at least ``ingredients``.
  /// - Returns: The value; undefined if a component is, whatever its weight, and for a formula whose scale
  ///   needs other sets of points.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` or
  ///   ``AlignmentQualityError/unsupportedCompatibility(method:name:known:)``.
  public func value(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> IndexValue {
    try values(of: [measurements])[0]
  }

  /// The values of several sets of points, on one scale where the formula has one.
  ///
  /// - Parameter keyed: Measurements, one a set: the categories of one model at one layer, and all of its
  ///   points.
  /// - Returns: One value a set. The paper defines no aggregate over categories, and there is none.
  /// - Throws: As ``value(of:)-(ClusterMeasurements)``.
  public func values(
    of keyed: [ClusterMeasurements]
  ) throws(AlignmentQualityError) -> [IndexValue] {
    try checkSettings()
    let components = try components(of: keyed)
    var values = composites(of: components)
    if compatibility != .strict { try nameStrictValues(in: &values, of: keyed) }
    for (position, measurements) in keyed.enumerated() {
      try values[position].add(components[position], measurements)
    }
    return values
  }

  /// λ or γ as it is used.
  var effectiveWeight: Double { weight ?? formula.publishedWeight }

  func checkSettings() throws(AlignmentQualityError) {
    if let weight, !(0...1).contains(weight) {
      throw .invalidSetting(
        method: Self.identifier, name: "weight", value: "\(weight)",
        expected: "a number from 0 to 1, or nothing for the published weight")
    }
    if let reference = referenceCalinskiHarabasz, !(reference > 0 && reference.isFinite) {
      throw .invalidSetting(
        method: Self.identifier, name: "referenceCalinskiHarabasz", value: "\(reference)",
        expected: "a finite number above 0")
    }
    try Self.check(compatibility)
    guard compatibility == .strict || formula.isReleased else {
      throw .unsupportedCompatibility(
        method: "\(Self.identifier)/\(formula.rawValue)", name: compatibility.rawValue, known: [])
    }
  }

  private func components(
    of keyed: [ClusterMeasurements]
  ) throws(AlignmentQualityError) -> [AlignmentQualityComponents] {
    var result: [AlignmentQualityComponents] = []
    for measurements in keyed {
      result.append(
        try AlignmentQualityComponents(formula, of: measurements, compatibility))
    }
    return result
  }

  /// Flags the values that the released code gives and strict conventions do not.
  private func nameStrictValues(
    in values: inout [IndexValue], of keyed: [ClusterMeasurements]
  ) throws(AlignmentQualityError) {
    var strict = self
    strict.compatibility = .strict
    let strictValues = strict.composites(of: try strict.components(of: keyed))
    for (position, strictValue) in strictValues.enumerated() {
      values[position].flags =
        IndexValue.peer(values[position].value, of: compatibility, insteadOf: strictValue).flags
    }
  }
}
