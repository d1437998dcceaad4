internal import LinearAlgebra

/// The nearest and the farthest pair of points of each two classes, from products and their rounding bound.
///
/// A pair's squared distance lies within E of the one that its product gives. U, the least upper end that
/// has been met, bounds the smallest distance; only pairs whose lower end reaches it can be the nearest,
/// and those are evaluated by differences in float64, in the end or when there are too many of them. The
/// result is therefore the smallest of all such evaluations, at the first positions that have it. The
/// largest distance is the mirror image.
struct ExtremeSearch<Source: PointSource, Tile: TileScalar>: PairAccumulator {
  private let points: CenteredPoints<Source, Tile>
  private let bound: RoundingBound
  /// s less and more its share of the bound, in the precision of the products.
  private let low: [Tile]
  private let high: [Tile]
  private let capacity: Int
  /// How many pairs may be evaluated before the end; beyond, the search is given up.
  private let evaluationLimit: Int
  /// By end, and by first class · K + second class.
  private var states: [[ExtremeState]]
  private(set) var evaluationCount = 0

  /// How many candidates a tile, or the whole search, holds.
  static var usualCapacity: Int { 1 << 14 }

  init(
    _ points: CenteredPoints<Source, Tile>, bound: RoundingBound, capacity: Int? = nil,
    evaluationLimit: Int = .max
  ) {
    self.points = points
    self.bound = bound
    self.capacity = capacity ?? Self.usualCapacity
    self.evaluationLimit = evaluationLimit
    low = points.norms.map { Tile($0 * (1 - bound.share)) }
    high = points.norms.map { Tile($0 * (1 + bound.share)) }
    let pairCount = points.classCount * points.classCount
    states = ExtremeEnd.allCases.map { end in
      [ExtremeState](repeating: ExtremeState(end), count: pairCount)
    }
  }

  /// What a tile found: the states of the pairs of classes that it meets.
  struct Partial: Sendable {
    var found: [(pair: Int, state: ExtremeState)] = []
    var evaluationCount = 0
  }

  func partial(of tile: PairTile<Tile>) throws(AlignmentQualityError) -> Partial {
    var partial = Partial()
    for rows in points.segments(of: tile.rows) {
      for columns in points.segments(of: tile.columns)
      where rows.classNumber <= columns.classNumber {
        let ends = bounds(of: tile, rows.range, columns.range)
        let pair = rows.classNumber * points.classCount + columns.classNumber
        for end in ExtremeEnd.allCases {
          let state = try search(
            tile, rows.range, columns.range, ends[end.rawValue],
            from: states[end.rawValue][pair], &partial.evaluationCount)
          partial.found.append((pair, state))
        }
      }
    }
    return partial
  }

  /// The columns with which a row makes pairs that count: all, or on the diagonal those behind it.
  private func columns(
    of row: Int, in range: Range<Int>, _ tile: PairTile<Tile>
  ) -> Range<Int> {
    tile.isDiagonal ? max(row + 1, range.lowerBound)..<max(row + 1, range.upperBound) : range
  }

  /// For each end and row, the least lower and the least upper end of sign · D².
  private func bounds(
    of tile: PairTile<Tile>, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> [[RowBounds]] {
    var result = [[RowBounds]](repeating: [], count: 2)
    let (low, high) = (low.span, high.span)
    for row in rows {
      let range = self.columns(of: row, in: columns, tile)
      let bounds = Tile.bounds(
        ofProducts: tile.products(of: row, with: range), low: low.extracting(range),
        high: high.extracting(range))
      let (less, more) = ends(of: row)
      result[0].append(RowBounds(lower: bounds.leastLow + less, upper: bounds.leastHigh + more))
      result[1].append(RowBounds(lower: -bounds.mostHigh - more, upper: -bounds.mostLow - less))
    }
    return result
  }

  /// What a row adds to the lower and to the upper ends of its pairs.
  private func ends(of row: Int) -> (less: Double, more: Double) {
    let norm = points.norms[row]
    return (norm * (1 - bound.share) - bound.floor, norm * (1 + bound.share) + bound.floor)
  }

  /// Collects the pairs of a tile that can be the extreme, as far as is known yet.
  private func search(
    _ tile: PairTile<Tile>, _ rows: Range<Int>, _ columns: Range<Int>, _ bounds: [RowBounds],
    from known: ExtremeState, _ evaluationCount: inout Int
  ) throws(AlignmentQualityError) -> ExtremeState {
    var state = known.withoutCandidates
    state.reach = bounds.reduce(state.reach) { min($0, $1.upper) }
    for (row, bounds) in zip(rows, bounds) where state.canImprove(bounds.lower, row: row) {
      guard evaluationCount < evaluationLimit else { break }
      let range = self.columns(of: row, in: columns, tile)
      collect(tile.products(of: row, with: range), row, range, &state)
      evaluationCount += try relieve(&state)
    }
    return state
  }

  private func collect(
    _ products: Span<Tile>, _ row: Int, _ columns: Range<Int>, _ state: inout ExtremeState
  ) {
    let (less, more) = ends(of: row)
    for (place, column) in columns.enumerated() {
      let product = 2 * Double(products[place])
      let lower =
        state.end == .smallest
        ? Double(low[column]) - product + less : -(Double(high[column]) - product + more)
      if state.canImprove(lower, row: row) {
        state.candidates.append(PairCandidate(lower: lower, first: row, second: column))
      }
    }
  }

  /// Evaluates the candidates if they are too many to keep.
  ///
  /// - Returns: How many were.
  private func relieve(_ state: inout ExtremeState) throws(AlignmentQualityError) -> Int {
    guard state.candidates.count > capacity else { return 0 }
    state.dropBeaten()
    guard state.candidates.count > capacity / 2 else { return 0 }
    return try evaluate(&state)
  }

  /// Evaluates all candidates by differences.
  ///
  /// - Returns: How many were.
  private func evaluate(_ state: inout ExtremeState) throws(AlignmentQualityError) -> Int {
    var direct = DirectDistances(source: points.source, rows: points.rows)
    var count = 0
    for pair in state.candidates where state.canImprove(pair.lower, row: pair.first) {
      let distance = try direct.distance(pair.first, pair.second)
      state.note(
        PairDistance(distance: distance, first: pair.first, second: pair.second),
        scale: points.scale)
      count += 1
    }
    state.candidates = []
    return count
  }

  mutating func merge(_ partial: Partial) throws(AlignmentQualityError) -> Bool {
    evaluationCount += partial.evaluationCount
    for (pair, state) in partial.found {
      let end = state.end.rawValue
      states[end][pair].merge(state)
      evaluationCount += try relieve(&states[end][pair])
    }
    return evaluationCount < evaluationLimit
  }

  /// The extremes, once every tile was seen.
  ///
  /// - Parameter order: The position of each sorted row.
  /// - Returns: Certified extremes.
  /// - Throws: ``AlignmentQualityError`` if points cannot be read.
  func extremes(order: [Int]) throws(AlignmentQualityError) -> PairExtremes {
    var found = states.map { $0.map(\.best) }
    let open = states.flatMap { ends in
      ends.indices.filter { !ends[$0].candidates.isEmpty }.map { (pair: $0, state: ends[$0]) }
    }
    let evaluated = try Parallel.map(open.count) {
      (index) throws(AlignmentQualityError) -> PairDistance? in
      var state = open[index].state
      _ = try evaluate(&state)
      return state.best
    }
    for ((pair, state), best) in zip(open, evaluated) { found[state.end.rawValue][pair] = best }
    return PairExtremes(
      nearest: found[0], farthest: found[1], classCount: points.classCount, order: order)
  }
}

/// The least lower and the least upper end of a row's pairs.
private struct RowBounds: Sendable {
  let lower: Double
  let upper: Double
}

extension PairExtremes {
  /// Certified extremes, from the pairs that have them.
  ///
  /// - Parameters:
  ///   - nearest: By first class · K + second class.
  ///   - farthest: The same.
  ///   - classCount: K.
  ///   - order: The position of each sorted row.
  fileprivate init(
    nearest: [PairDistance?], farthest: [PairDistance?], classCount: Int, order: [Int]
  ) {
    func symmetric(_ pairs: [PairDistance?], without value: Double) -> Matrix<Double> {
      Matrix(rowCount: classCount, columnCount: classCount) {
        pairs[min($0, $1) * classCount + max($0, $1)]?.distance ?? value
      }
    }
    var positions: [Int: [Int]] = [:]
    for (key, pair) in nearest.enumerated() {
      if let pair { positions[key] = [order[pair.first], order[pair.second]] }
    }
    self.init(
      smallest: symmetric(nearest, without: .infinity), largest: symmetric(farthest, without: 0),
      nearest: positions, isCertified: true)
  }
}
