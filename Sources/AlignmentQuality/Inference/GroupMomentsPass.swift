internal import Evaluation
internal import LinearAlgebra

/// Passes over points group by group: the products of what their deviations sum to.
///
/// Groups are read some at a time, and those that are read together are spread over all groups, because
/// the products between them stand for those between any two.
struct GroupMomentsPass<Source: PointSource> {
  let points: LabelledPoints
  let source: Source
  /// (K, d).
  let centroids: Matrix<Double>

  func moments() throws(AlignmentQualityError) -> GroupMoments {
    let layout = GroupLayout(points)
    let kernel = SeparationKernel(counts: points.classSizes, groupCounts: layout.groupCounts)
    let sizeSums = layout.isUngrouped ? nil : try sizeSums(layout)
    let targets = targets(with: sizeSums)
    let tiles = try Parallel.map(layout.tileCount) {
      (number) throws(AlignmentQualityError) in
      let sums = try sums(of: layout.tile(number))
      return TileMoments(
        sums, targets: targets, hasSizes: sizeSums != nil, classCount: points.classCount,
        kernel: kernel)
    }
    return layout.moments(of: tiles, classCount: points.classCount)
  }

  /// u_gk for every class of some groups, and the squares.
  private func sums(
    of members: [GroupLayout.Member]
  ) throws(AlignmentQualityError) -> DeviationSums {
    let width = source.width
    let parts = members.flatMap(\.parts)
    var result = DeviationSums(members: members, width: width)
    let places = parts.enumerated().flatMap { Array(repeating: $0, count: $1.positions.count) }
    let positions = parts.flatMap(\.positions)
    let rows = positions.map { points.rows[$0] }
    let height = min(rows.count, TileShape.rowCount(width: width, of: Source.Scalar.self))
    var tile = Matrix<Source.Scalar>(rowCount: height, columnCount: width)
    for first in stride(from: 0, to: rows.count, by: height) {
      let range = first..<min(first + height, rows.count)
      var buffer = tile.mutableSpan
      try source.read(rows[range], into: &buffer)
      for index in range {
        let place = places[index]
        var sums = result.sums.mutableSpan
        result.squares[place] += addDeviations(
          of: tile.view.row(index - first),
          from: centroids.view.row(parts[place].classNumber), to: &sums, at: place * width)
      }
    }
    return result
  }

  /// (K², d), Σ_g n_gk u_gl in row k · K + l.
  private func sizeSums(_ layout: GroupLayout) throws(AlignmentQualityError) -> Matrix<Double> {
    let classCount = points.classCount
    var result = Matrix<Double>(rowCount: classCount * classCount, columnCount: source.width)
    for batch in stride(from: 0, to: layout.tileCount, by: TileShape.batchCount) {
      let count = min(TileShape.batchCount, layout.tileCount - batch)
      let terms = try Parallel.map(count) { (index) throws(AlignmentQualityError) in
        let sums = try sums(of: layout.tile(batch + index))
        return product(of: sums.sizes(classCount: classCount).view, and: sums.sums.view)
      }
      for term in terms { result.addElements(of: term) }
    }
    return result
  }

  /// (K, d) or (K + K², d): c_l − c_0, and the sums weighted by sizes.
  private func targets(with sizeSums: Matrix<Double>?) -> Matrix<Double> {
    var result = centroids
    result.subtractFromRows(centroids.row(0))
    guard let sizeSums else { return result }
    return Matrix(
      rowCount: result.rowCount + sizeSums.rowCount, columnCount: result.columnCount,
      elements: result.elements + sizeSums.elements)
  }
}

/// Which points each group has of each class, and which groups are read together.
struct GroupLayout {
  /// One group.
  struct Member: Sendable {
    let parts: [Part]
  }

  /// The points of one class in one group.
  struct Part: Sendable {
    let classNumber: Int
    let positions: [Int]
  }

  private let members: [Member]
  /// m_k, the number of groups that have each class.
  let groupCounts: [Int]
  /// Whether every group is one point.
  let isUngrouped: Bool

  /// How many groups are read together.
  private static let tileGroupCount = 32

  init(_ points: LabelledPoints) {
    let groups = points.groups
    members = (0..<groups.count).map { number in
      let samples = groups.samples(in: number)
      return Member(
        parts: Set(samples.map { points.classes[$0] }).sorted().map { own in
          Part(classNumber: own, positions: samples.filter { points.classes[$0] == own })
        })
    }
    var groupCounts = [Int](repeating: 0, count: points.classCount)
    for part in members.flatMap(\.parts) { groupCounts[part.classNumber] += 1 }
    self.groupCounts = groupCounts
    isUngrouped = groups.count == groups.sampleCount
  }

  var tileCount: Int { (members.count + Self.tileGroupCount - 1) / Self.tileGroupCount }

  /// Every so manieth group, so that neighbours are not read together.
  func tile(_ number: Int) -> [Member] {
    stride(from: number, to: members.count, by: tileCount).map { members[$0] }
  }

  /// Puts the tiles together in the order of the groups.
  func moments(of tiles: [TileMoments], classCount: Int) -> GroupMoments {
    let groups = members.indices.map { tiles[$0 % tileCount].groups[$0 / tileCount] }
    var totals = GroupTotals(
      groupCounts: groupCounts, products: Matrix(rowCount: classCount, columnCount: classCount))
    var countProducts = totals.products
    for group in groups {
      for (place, own) in group.classes.enumerated() {
        for (otherPlace, other) in group.classes.enumerated() {
          totals.products[own, other] += group.products[place, otherPlace]
          countProducts[own, other] += Double(group.counts[place] * group.counts[otherPlace])
        }
      }
    }
    let pairCount = tiles.reduce(0) { $0 + $1.groups.count * ($1.groups.count - 1) }
    let share = pairCount > 0 ? Double(members.count * (members.count - 1)) / Double(pairCount) : 0
    return GroupMoments(
      groups: groups, totals: totals, countProducts: countProducts,
      squaredKernelSum: share * tiles.reduce(0) { $0 + $1.squaredKernelSum })
  }
}
