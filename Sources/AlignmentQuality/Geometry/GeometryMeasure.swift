public import Evaluation

/// Describes how the points of a layer lie: their dimension, their directions, the distance of two classes.
///
/// A conforming type holds settings only. To add a measure, write one file and add it to
/// ``GeometryCatalog/all``. Unlike a ``ClusterIndex``, a measure reads the points itself, because few of
/// them share more than means.
public protocol GeometryMeasure: CatalogEntry, Equatable {
  /// Which end of the range means better separated classes; `nil` for what only describes.
  static var betterWhen: Preference? { get }
  /// Whether the value depends on the classes of the points.
  static var needsClasses: Bool { get }

  /// The value on the points of one layer, or of one category.
  ///
  /// - Parameter points: The points; measures that need no classes ignore them.
  /// - Returns: The number, or why there is none, and what belongs beside it.
  /// - Throws: ``AlignmentQualityError`` if the points cannot be read, if they are too many for the matrices
  ///   that the measure needs, or if a setting cannot be.
  func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue
}

extension GeometryMeasure {
  /// Refuses a setting.
  static func refusal(
    of name: String, _ value: some Any, expected: String
  ) -> AlignmentQualityError {
    .invalidSetting(method: identifier, name: name, value: "\(value)", expected: expected)
  }
}
