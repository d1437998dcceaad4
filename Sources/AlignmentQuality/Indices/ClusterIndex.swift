public import Evaluation

/// Judges how well classes are separated, from measurements of their points.
///
/// A conforming type holds settings only. It names what it needs, and is otherwise a pure function, so that
/// one pass over the points serves every index. To add an index, write one file and add it to
/// ``ClusterIndexCatalog/all``.
public protocol ClusterIndex: CatalogEntry, Equatable {
  /// Which end of the range means better separated classes.
  static var betterWhen: Preference { get }
  /// The values that a strict index can have.
  static var range: ClosedRange<Double> { get }
  /// The peers whose conventions the index can follow; none unless declared.
  static var compatibilities: [IndexCompatibility] { get }
  /// What stands above the index's column in a table, such as `CH`.
  static var abbreviation: String { get }

  /// What the value is computed from.
  var ingredients: Set<Ingredient> { get }

  /// The value on the points of one layer, or of one category.
  ///
  /// - Parameter measurements: Measurements that hold at least ``ingredients``.
  /// - Returns: The number, or why there is none.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` or
  ///   ``AlignmentQualityError/unsupportedCompatibility(method:name:known:)`` for settings that cannot be.
  func value(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> IndexValue

  /// The values of several sets of points that are judged together: the categories of one model at one
  /// layer, and all of its points.
  ///
  /// - Parameter keyed: Measurements, one a set, at least one.
  /// - Returns: One value a set.
  /// - Throws: As ``value(of:)``.
  func values(
    of keyed: [ClusterMeasurements]
  ) throws(AlignmentQualityError) -> [IndexValue]

  /// The value at another ratio F = trB/trW, with counts and all else as measured.
  ///
  /// It carries the interval of the debiased separation over to the index.
  ///
  /// - Parameters:
  ///   - ratio: F ≥ 0.
  ///   - measurements: The measurements.
  /// - Returns: `nil` where the index is no monotone function of F alone, or has no finite value there.
  func value(atTraceRatio ratio: Double, of measurements: ClusterMeasurements) -> Double?
}

extension ClusterIndex {
  /// None but the strict ones.
  public static var compatibilities: [IndexCompatibility] { [] }
  /// The identifier.
  public static var abbreviation: String { identifier }

  /// Each set for itself.
  ///
  /// - Parameter keyed: Measurements, one a set.
  /// - Returns: One value a set.
  /// - Throws: As ``value(of:)``.
  public func values(
    of keyed: [ClusterMeasurements]
  ) throws(AlignmentQualityError) -> [IndexValue] {
    var values: [IndexValue] = []
    for measurements in keyed { values.append(try value(of: measurements)) }
    return values
  }

  /// None: the index is no monotone function of F alone.
  ///
  /// - Parameters:
  ///   - ratio: F.
  ///   - measurements: The measurements.
  /// - Returns: `nil`.
  public func value(
    atTraceRatio ratio: Double, of measurements: ClusterMeasurements
  ) -> Double? { nil }

  /// The value on points.
  ///
  /// - Parameter points: The points with their classes.
  /// - Returns: The number, or why there is none.
  /// - Throws: ``AlignmentQualityError`` if the points cannot be read or the settings cannot be.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    try value(of: try ClusterMeasurer.measure(points, ingredients))
  }
}
