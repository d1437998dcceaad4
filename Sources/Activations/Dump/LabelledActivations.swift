public import LinearAlgebra

/// The activations of some samples at one layer, with what is known about each sample.
public struct LabelledActivations: Sendable, Equatable {
  /// A row a sample.
  public var activations: Matrix<Float>
  /// The class of each sample, where known.
  public var labels: [Int]?
  /// The group of each sample; intervals are by group.
  public var groups: [Int]
  /// The category of each sample, where known.
  public var categories: [Int]?
  /// The number of each sample in the dump.
  public var rows: [Int]

  /// The number of samples.
  public var count: Int { activations.rowCount }
  /// The number of features.
  public var width: Int { activations.columnCount }

  /// Activations, with what is known about each sample.
  ///
  /// - Parameters:
  ///   - activations: a row a sample.
  ///   - labels: the class of each sample.
  ///   - groups: the group of each sample; each sample its own if not given.
  ///   - categories: the category of each sample.
  ///   - rows: the number of each sample in the dump; 0, 1, … if not given.
  /// - Throws: ``ActivationsError/shapeMismatch(what:expected:actual:)`` if anything has another
  ///   length.
  public init(
    activations: Matrix<Float>, labels: [Int]? = nil, groups: [Int]? = nil,
    categories: [Int]? = nil, rows: [Int]? = nil
  ) throws(ActivationsError) {
    let count = activations.rowCount
    try checkLengths(
      [
        ("labels", labels?.count), ("groups", groups?.count), ("categories", categories?.count),
        ("rows", rows?.count),
      ], count: count, of: "samples")
    self.activations = activations
    self.labels = labels
    self.groups = groups ?? Array(0..<count)
    self.categories = categories
    self.rows = rows ?? Array(0..<count)
  }

  /// The samples at some positions, in the given order.
  ///
  /// - Parameter positions: positions below ``count``.
  /// - Returns: those samples, with all that is known about them.
  public func selecting(_ positions: [Int]) -> LabelledActivations {
    var result = self
    result.activations = activations.selectingRows(positions)
    result.labels = labels.map { labels in positions.map { labels[$0] } }
    result.groups = positions.map { groups[$0] }
    result.categories = categories.map { categories in positions.map { categories[$0] } }
    result.rows = positions.map { rows[$0] }
    return result
  }
}
