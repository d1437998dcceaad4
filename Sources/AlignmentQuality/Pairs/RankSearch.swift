internal import LinearAlgebra

/// Finds the values of given ranks among those of all pairs of two classes, without holding them at once.
///
/// Numbers that are not negative have the order of their bit patterns. Each sweep counts the values of a
/// window of patterns in 65,536 bins, and the bin that holds the rank is the next window, until it has few
/// enough values to be sorted.
struct RankSearch: PairAccumulator {
  typealias Tile = Double

  private let values: PairSeparations
  private let capacity: Int
  private var windows: [Window]
  /// The number of points of the first class, which stands first among the sorted rows.
  private let firstCount: Int

  /// Where a rank lies.
  private struct Window: Sendable {
    /// The rank among the values of the window.
    var rank: Int
    var patterns: Range<UInt64> = 0..<(1 << 63)
    /// How many values the window has.
    var count: Int
    var bins: [Int] = []
    var members: [Double] = []
    var found: Double?

    var width: UInt64 { max(1, (patterns.upperBound - patterns.lowerBound) >> 16) }

    /// Takes the value from the members, or the bin of the rank for the next window.
    mutating func closeIn(capacity: Int) {
      guard count > capacity else {
        found = members.sorted()[rank]
        return
      }
      let bin = bins.indices.first { bin in
        if rank < bins[bin] { return true }
        rank -= bins[bin]
        return false
      }
      guard let bin else { return }
      count = bins[bin]
      let start = patterns.lowerBound + UInt64(bin) * width
      // A window of one pattern has one value.
      if width == 1 { found = Double(bitPattern: start) }
      patterns = start..<min(start + width, patterns.upperBound)
      bins = []
    }
  }

  struct Partial: Sendable {
    /// For each window the counts of the bins.
    var bins: [[Int]]
    /// Or its values.
    var members: [[Double]]
  }

  init(_ values: PairSeparations, ranks: [Int], firstCount: Int, pairCount: Int, capacity: Int) {
    self.values = values
    self.capacity = max(1, capacity)
    self.firstCount = firstCount
    windows = ranks.map { Window(rank: $0, count: pairCount) }
  }

  /// Whether every rank has its value.
  var isFinished: Bool { windows.allSatisfy { $0.found != nil } }

  /// The values, by rank.
  var found: [Double] { windows.compactMap(\.found) }

  func needs(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool {
    rows.lowerBound < firstCount && columns.upperBound > firstCount
  }

  func partial(of tile: PairTile<Double>) -> Partial {
    let rows = tile.rows.clamped(to: 0..<firstCount)
    let columns = tile.columns.clamped(to: firstCount..<max(firstCount, tile.columns.upperBound))
    var partial = Partial(bins: windows.map { _ in [] }, members: windows.map { _ in [] })
    for (number, window) in windows.enumerated() where window.found == nil {
      let isCounted = window.count > capacity
      if isCounted { partial.bins[number] = [Int](repeating: 0, count: (1 << 16) + 1) }
      for row in rows {
        let products = tile.products(of: row, with: columns)
        for place in products.indices {
          let value = values.value(products[place], row, columns.lowerBound + place)
          guard window.patterns.contains(value.bitPattern) else { continue }
          if isCounted {
            let bin = (value.bitPattern - window.patterns.lowerBound) / window.width
            partial.bins[number][Int(bin)] += 1
          } else {
            partial.members[number].append(value)
          }
        }
      }
    }
    return partial
  }

  mutating func merge(_ partial: Partial) -> Bool {
    for number in windows.indices {
      windows[number].members += partial.members[number]
      if windows[number].bins.isEmpty {
        windows[number].bins = partial.bins[number]
      } else {
        for (bin, count) in partial.bins[number].enumerated() {
          windows[number].bins[bin] += count
        }
      }
    }
    return true
  }

  /// Draws the conclusion from a sweep.
  mutating func closeIn() {
    for number in windows.indices where windows[number].found == nil {
      windows[number].closeIn(capacity: capacity)
    }
  }
}
