public import Evaluation
public import LinearAlgebra

/// Points with a class each: what the indices judge.
///
/// Classes are numbered densely from 0 in the order of their labels, so that none is empty. A frequency
/// weight of *w* is the point *w* times, in every respect.
public struct LabelledPoints: Sendable {
  /// Where the coordinates are read.
  public private(set) var source: any PointSource
  /// The row of ``source`` that each point is.
  public let rows: [Int]
  /// The class of each point, from 0.
  public let classes: [Int]
  /// The label of each class, rising.
  public let labels: [Int]
  /// Which points are not independent of each other; jackknife and permutations go by group.
  public let groups: Grouping
  /// The positions of the points sorted by class, and within a class as they came.
  public let order: [Int]
  /// The part of ``order`` that each class takes.
  public let classRanges: [Range<Int>]

  /// Gives points their classes.
  ///
  /// - Parameters:
  ///   - source: Where the coordinates are read.
  ///   - rows: The rows of the source that are points; all of them if not given.
  ///   - labels: The label of each point, any whole number.
  ///   - weights: How often each point counts; once if not given. One of 0 leaves the point out.
  ///   - groups: The group of each point; each its own if not given.
  /// - Throws: ``AlignmentQualityError/noPoints``, or
  ///   ``AlignmentQualityError/countMismatch(what:count:points:)``, or
  ///   ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a negative weight.
  public init(
    _ source: any PointSource, rows: [Int]? = nil, labels: [Int], weights: [Int]? = nil,
    groups: [Int]? = nil
  ) throws(AlignmentQualityError) {
    let rows = rows ?? Array(0..<source.rowCount)
    for (what, count) in [
      ("labels", labels.count), ("weights", weights?.count ?? rows.count),
      ("groups", groups?.count ?? rows.count),
    ] where count != rows.count {
      throw .countMismatch(what: what, count: count, points: rows.count)
    }
    if let negative = weights?.first(where: { $0 < 0 }) {
      throw .invalidSetting(
        method: "points", name: "weights", value: "\(negative)",
        expected: "how often a point counts, 0 or more")
    }
    let positions = rows.indices.flatMap { Array(repeating: $0, count: weights?[$0] ?? 1) }
    self.init(
      source: source, rows: positions.map { rows[$0] }, labels: positions.map { labels[$0] },
      groups: Grouping(positions.map { groups?[$0] ?? $0 }))
    if positions.isEmpty { throw .noPoints }
  }

  /// Points in memory.
  ///
  /// - Parameters:
  ///   - matrix: (n, d), a row a point, finite.
  ///   - labels: The label of each point, any whole number.
  ///   - weights: How often each point counts; once if not given.
  ///   - groups: The group of each point; each its own if not given.
  /// - Throws: As ``init(_:rows:labels:weights:groups:)``, and
  ///   ``AlignmentQualityError/nonFinite(row:column:)``.
  public init<Scalar: LAPACKScalar>(
    _ matrix: Matrix<Scalar>, labels: [Int], weights: [Int]? = nil, groups: [Int]? = nil
  ) throws(AlignmentQualityError) {
    try self.init(
      try MatrixPoints(matrix), labels: labels, weights: weights, groups: groups)
  }

  private init(source: any PointSource, rows: [Int], labels: [Int], groups: Grouping) {
    self.source = source
    self.rows = rows
    self.groups = groups
    let known = Set(labels).sorted()
    let number = Dictionary(uniqueKeysWithValues: zip(known, 0...))
    classes = labels.map { number[$0] ?? 0 }
    self.labels = known
    var members = [[Int]](repeating: [], count: known.count)
    for (position, number) in classes.enumerated() { members[number].append(position) }
    order = members.flatMap { $0 }
    var start = 0
    classRanges = members.map { member in
      defer { start += member.count }
      return start..<start + member.count
    }
  }

  /// The number of points, each as often as it counts.
  public var count: Int { rows.count }
  /// The number of classes.
  public var classCount: Int { labels.count }
  /// The number of coordinates.
  public var width: Int { source.width }
  /// The number of points of each class.
  public var classSizes: [Int] { classRanges.map(\.count) }

  /// The rows of the source, sorted by class.
  var sortedRows: [Int] { order.map { rows[$0] } }

  /// The same points with the coordinates of another source of the same rows, such as another layer.
  func reading(_ source: any PointSource) -> LabelledPoints {
    var points = self
    points.source = source
    return points
  }

  /// Some of the points, with what is known about them; classes that are left empty are gone.
  ///
  /// - Parameter positions: Positions below ``count``, in the order wanted.
  /// - Returns: Those points.
  /// - Throws: ``AlignmentQualityError/noPoints``.
  public func selecting(_ positions: [Int]) throws(AlignmentQualityError) -> LabelledPoints {
    guard !positions.isEmpty else { throw .noPoints }
    return LabelledPoints(
      source: source, rows: positions.map { rows[$0] },
      labels: positions.map { labels[classes[$0]] },
      groups: Grouping(positions.map { groups.indices[$0] }))
  }
}
