public import Activations
public import LinearAlgebra

/// The states that a steering vector is extracted from: those that show the concept, and those that do not.
public struct SteeringStates: Sendable, Equatable {
  /// States that show the concept, a row each.
  public let positive: Matrix<Float>
  /// States that do not, a row each.
  public let negative: Matrix<Float>
  /// Whether row i of one side belongs to row i of the other.
  public let isPaired: Bool
  /// The group of each positive state; of each pair, if there are pairs.
  public let positiveGroups: [Int]
  /// The group of each negative state.
  public let negativeGroups: [Int]

  /// How many features a state has.
  public var width: Int { positive.columnCount }
  /// How many states there are.
  public var count: Int { positive.rowCount + negative.rowCount }

  /// Two sides.
  ///
  /// - Parameters:
  ///   - positive: (n⁺, width), finite.
  ///   - negative: (n⁻, width), finite.
  ///   - isPaired: Whether row i of one side belongs to row i of the other; by default if there are as many.
  ///   - positiveGroups: The group of each positive state; each its own if not given.
  ///   - negativeGroups: The group of each negative state; as on the positive side if paired.
  /// - Throws: ``SteeringError/emptySide(method:side:)``,
  ///   ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/nonFinite(what:row:column:)``, or an `ActivationsError` if the counts do not fit.
  public init(
    positive: Matrix<Float>, negative: Matrix<Float>, isPaired: Bool? = nil,
    positiveGroups: [Int]? = nil, negativeGroups: [Int]? = nil
  ) throws(SteeringError) {
    for (side, states) in [("positive", positive), ("negative", negative)] {
      guard states.rowCount > 0, states.columnCount > 0 else {
        throw .emptySide(method: "steering", side: side)
      }
    }
    guard positive.columnCount == negative.columnCount else {
      throw .widthMismatch(
        what: "the negative side", expected: positive.columnCount, actual: negative.columnCount)
    }
    for (side, states) in [("positive", positive), ("negative", negative)] {
      guard let place = firstNonFinite(in: states.span) else { continue }
      throw .nonFinite(
        what: "the \(side) states", row: place / states.columnCount,
        column: place % states.columnCount)
    }
    let paired = isPaired ?? (positive.rowCount == negative.rowCount)
    let counts = [
      ("the negative states", paired ? positive.rowCount : negative.rowCount, negative.rowCount),
      ("the groups", positive.rowCount, positiveGroups?.count ?? positive.rowCount),
      ("the groups", negative.rowCount, negativeGroups?.count ?? negative.rowCount),
    ]
    for (what, expected, actual) in counts where expected != actual {
      throw .activations(
        .shapeMismatch(what: "the number of \(what)", expected: "\(expected)", actual: "\(actual)"))
    }
    self.positive = positive
    self.negative = negative
    self.isPaired = paired
    self.positiveGroups = positiveGroups ?? Array(0..<positive.rowCount)
    self.negativeGroups =
      negativeGroups
      ?? (paired
        ? self.positiveGroups
        : (0..<negative.rowCount).map { $0 + positive.rowCount })
  }

  /// The sides of contrast pairs.
  ///
  /// - Parameter pairs: At least one pair.
  /// - Throws: As ``init(positive:negative:isPaired:positiveGroups:negativeGroups:)``.
  public init(_ pairs: ContrastPairs) throws(SteeringError) {
    try self.init(
      positive: pairs.positive, negative: pairs.negative, isPaired: true,
      positiveGroups: pairs.groups, negativeGroups: pairs.groups)
  }

  /// Labelled states: label 1 is the positive side.
  ///
  /// - Parameter rows: States with labels; those of other labels than 0 and 1 are left out.
  /// - Throws: As above; ``SteeringError/emptySide(method:side:)`` if a label does not occur.
  public init(_ rows: LabelledActivations) throws(SteeringError) {
    let labels = rows.labels ?? []
    let sides = [1, 0].map { label in labels.indices.filter { labels[$0] == label } }
    try self.init(
      positive: rows.activations.selectingRows(sides[0]),
      negative: rows.activations.selectingRows(sides[1]), isPaired: false,
      positiveGroups: sides[0].map { rows.groups[$0] },
      negativeGroups: sides[1].map { rows.groups[$0] })
  }

  /// The states of some groups.
  ///
  /// - Parameter isIncluded: Whether a group's states stay.
  /// - Returns: The states that stay, in their order; `nil` if a side has none left.
  public func selectingGroups(where isIncluded: (Int) -> Bool) -> SteeringStates? {
    let rows = [positiveGroups, negativeGroups].map { groups in
      groups.indices.filter { isIncluded(groups[$0]) }
    }
    guard rows.allSatisfy({ !$0.isEmpty }) else { return nil }
    return try? SteeringStates(
      positive: positive.selectingRows(rows[0]), negative: negative.selectingRows(rows[1]),
      isPaired: isPaired, positiveGroups: rows[0].map { positiveGroups[$0] },
      negativeGroups: rows[1].map { negativeGroups[$0] })
  }

  /// The positive side of each pair less the negative one, (pairs, width).
  ///
  /// - Parameter method: Who asks, for the error.
  /// - Returns: D, a row a pair.
  /// - Throws: ``SteeringError/needsPairs(method:)``.
  func differences(for method: String) throws(SteeringError) -> Matrix<Float> {
    guard isPaired else { throw .needsPairs(method: method) }
    var result = positive
    result.subtractElements(of: negative)
    return result
  }

  /// The mean of each side, accumulated in float64.
  ///
  /// - Complexity: O(*n* · *d*).
  var means: (positive: [Double], negative: [Double]) {
    (Self.mean(of: positive), Self.mean(of: negative))
  }

  /// Positive mean less negative mean, accumulated in float64.
  public var differenceOfMeans: [Double] {
    let means = means
    return zip(means.positive, means.negative).map { $0 - $1 }
  }

  /// The root mean square of the states' norms: what is small is small next to this.
  var rootMeanSquareNorm: Double {
    let squares = [positive, negative].map { squaredRowNorms(of: $0.view).reduce(0, +) }
    return ((squares[0] + squares[1]) / Double(count)).squareRoot()
  }

  private static let blockRowCount = 128

  private static func mean(of states: Matrix<Float>) -> [Double] {
    let count = states.rowCount
    let blockCount = (count + blockRowCount - 1) / blockRowCount
    let partial = Parallel.map(blockCount) { block in
      let first = block * blockRowCount
      let rows = (first..<min(first + blockRowCount, count)).map { Int64($0) }
      var sums = [Double](repeating: 0, count: states.columnCount)
      var span = sums.mutableSpan
      Float.addColumnSums(of: states.view, rows: rows.span, to: &span)
      return sums
    }
    var total = partial[0]
    for sums in partial.dropFirst() {
      for column in total.indices { total[column] += sums[column] }
    }
    return total.map { $0 / Double(count) }
  }
}
