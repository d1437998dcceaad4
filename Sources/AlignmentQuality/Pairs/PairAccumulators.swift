/// Two accumulators that see the same tiles.
struct BothAccumulators<First: PairAccumulator, Second: PairAccumulator>: PairAccumulator
where First.Tile == Second.Tile {
  typealias Tile = First.Tile
  var first: First
  var second: Second

  struct Partial: Sendable {
    let first: First.Partial
    let second: Second.Partial
  }

  func needs(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool {
    first.needs(rows, columns) || second.needs(rows, columns)
  }

  func partial(of tile: PairTile<First.Tile>) throws(AlignmentQualityError) -> Partial {
    Partial(first: try first.partial(of: tile), second: try second.partial(of: tile))
  }

  mutating func merge(_ partial: Partial) throws(AlignmentQualityError) -> Bool {
    let goesOn = try first.merge(partial.first)
    return try second.merge(partial.second) && goesOn
  }
}

/// An accumulator, or none.
struct OptionalAccumulator<Wrapped: PairAccumulator>: PairAccumulator {
  typealias Tile = Wrapped.Tile
  var wrapped: Wrapped?

  func needs(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool {
    wrapped?.needs(rows, columns) ?? false
  }

  func partial(
    of tile: PairTile<Wrapped.Tile>
  ) throws(AlignmentQualityError) -> Wrapped.Partial? {
    try wrapped?.partial(of: tile)
  }

  mutating func merge(_ partial: Wrapped.Partial?) throws(AlignmentQualityError) -> Bool {
    guard let partial else { return true }
    return try wrapped?.merge(partial) ?? true
  }
}
