public import LinearAlgebra

/// The two sides of some samples at one layer, with what is known about each sample.
public struct ContrastPairs: Sendable, Equatable {
  /// The positive side: a row a pair.
  public var positive: Matrix<Float>
  /// The negative side: a row a pair.
  public var negative: Matrix<Float>
  /// The class of each pair, where known.
  public var labels: [Int]?
  /// The group of each pair; intervals are by group.
  public var groups: [Int]
  /// The category of each pair, where known.
  public var categories: [Int]?
  /// The number of each pair's sample in the dump.
  public var rows: [Int]
  /// The number in the dump of the sample that states the reverse of each pair's, where known; `nil`
  /// within it for a sample without an opposite.
  public var opposites: [Int?]?
  /// The wording of each pair, where the dump has several wordings of a sample.
  public var variants: [Int]?

  /// The number of pairs.
  public var count: Int { positive.rowCount }
  /// The number of features.
  public var width: Int { positive.columnCount }

  /// Two sides, with what is known about each pair.
  ///
  /// - Parameters:
  ///   - positive: a row a pair.
  ///   - negative: a row a pair, of the same shape.
  ///   - labels: the class of each pair.
  ///   - groups: the group of each pair; each pair its own if not given.
  ///   - categories: the category of each pair.
  ///   - rows: the number of each pair's sample; 0, 1, … if not given.
  ///   - opposites: the number of the sample that states the reverse of each pair's.
  ///   - variants: the wording of each pair.
  /// - Throws: ``ActivationsError/shapeMismatch(what:expected:actual:)`` if anything has another
  ///   length or width than the positive side.
  public init(
    positive: Matrix<Float>, negative: Matrix<Float>, labels: [Int]? = nil, groups: [Int]? = nil,
    categories: [Int]? = nil, rows: [Int]? = nil, opposites: [Int?]? = nil, variants: [Int]? = nil
  ) throws(ActivationsError) {
    guard positive.rowCount == negative.rowCount, positive.columnCount == negative.columnCount
    else {
      throw .shapeMismatch(
        what: "the negative side of the contrast pairs",
        expected: "(\(positive.rowCount), \(positive.columnCount)) as on the positive side",
        actual: "(\(negative.rowCount), \(negative.columnCount))")
    }
    let count = positive.rowCount
    try checkLengths(
      [
        ("labels", labels?.count), ("groups", groups?.count), ("categories", categories?.count),
        ("rows", rows?.count), ("opposites", opposites?.count), ("variants", variants?.count),
      ], count: count, of: "contrast pairs")
    self.positive = positive
    self.negative = negative
    self.labels = labels
    self.groups = groups ?? Array(0..<count)
    self.categories = categories
    self.rows = rows ?? Array(0..<count)
    self.opposites = opposites
    self.variants = variants
  }

  /// The pairs at some positions, in the given order.
  ///
  /// - Parameter positions: positions below ``count``.
  /// - Returns: those pairs, with all that is known about them.
  public func selecting(_ positions: [Int]) -> ContrastPairs {
    var result = self
    result.positive = positive.selectingRows(positions)
    result.negative = negative.selectingRows(positions)
    result.labels = labels.map { labels in positions.map { labels[$0] } }
    result.groups = positions.map { groups[$0] }
    result.categories = categories.map { categories in positions.map { categories[$0] } }
    result.rows = positions.map { rows[$0] }
    result.opposites = opposites.map { opposites in positions.map { opposites[$0] } }
    result.variants = variants.map { variants in positions.map { variants[$0] } }
    return result
  }

  /// Refuses fewer pairs than a method needs.
  ///
  /// - Parameter required: the smallest number of pairs.
  /// - Throws: ``ActivationsError/tooFew(what:actual:required:)``.
  public func requireCount(_ required: Int = 2) throws(ActivationsError) {
    guard count >= required else {
      throw .tooFew(what: "contrast pairs", actual: count, required: required)
    }
  }

  /// For each pair, the position of the pair that states the reverse in the same wording.
  ///
  /// - Returns: positions in this value; `nil` where the sample has no opposite, or it is not here.
  public func partnerPositions() -> [Int?] {
    guard let opposites else { return [Int?](repeating: nil, count: count) }
    var positions: [[Int]: Int] = [:]
    for (position, row) in rows.enumerated() {
      positions[[row, variants?[position] ?? 0]] = position
    }
    return opposites.enumerated().map { position, opposite in
      opposite.flatMap { positions[[$0, variants?[position] ?? 0]] }
    }
  }
}

/// Refuses arrays of another length than `count`.
func checkLengths(
  _ lengths: [(name: String, count: Int?)], count: Int, of what: String
) throws(ActivationsError) {
  for length in lengths {
    guard let actual = length.count, actual != count else { continue }
    throw .shapeMismatch(
      what: "the length of \(length.name)", expected: "\(count), one for each of the \(what)",
      actual: "\(actual)")
  }
}
