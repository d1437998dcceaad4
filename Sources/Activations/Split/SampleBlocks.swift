/// Samples joined into blocks that a split must not part.
///
/// Two samples are in one block if a chain of shared groups, opposites or duplicates joins them.
public struct SampleBlocks: Equatable, Sendable {
  /// For each sample, its block; blocks are numbered by their first sample.
  public let blockOfSample: [Int]
  /// For each block, its samples in ascending order.
  public let blocks: [[Int]]

  /// The number of samples.
  public var sampleCount: Int { blockOfSample.count }

  /// Joins samples into blocks.
  ///
  /// - Parameters:
  ///   - sampleCount: the number of samples.
  ///   - groups: for each sample, its group; samples of one group are joined.
  ///   - opposites: for each sample, the sample that states the reverse, or `nil`.
  ///   - duplicates: for each sample, anything that is equal for duplicates only (a hash of its
  ///     activations, or its text); `nil` to look at none.
  /// - Throws: ``ActivationsError/shapeMismatch(what:expected:actual:)`` if an array has another
  ///   length, or ``ActivationsError/outOfRange(what:value:count:)`` for an opposite beyond the end.
  /// - Complexity: O(n α(n)).
  public init(
    sampleCount: Int, groups: [Int]? = nil, opposites: [Int?]? = nil,
    duplicates: [UInt64]? = nil
  ) throws(ActivationsError) {
    precondition(sampleCount >= 0, "a negative number of samples")
    var sets = DisjointSets(count: sampleCount)
    for (name, count) in [
      ("groups", groups?.count), ("opposites", opposites?.count),
      ("duplicates", duplicates?.count),
    ] {
      guard let count, count != sampleCount else { continue }
      throw .shapeMismatch(
        what: "the length of \(name)", expected: "\(sampleCount)", actual: "\(count)")
    }
    if let groups { sets.joinEqual(groups) }
    if let duplicates { sets.joinEqual(duplicates) }
    for (sample, opposite) in (opposites ?? []).enumerated() {
      guard let opposite else { continue }
      guard opposite >= 0, opposite < sampleCount else {
        throw .outOfRange(what: "opposite", value: opposite, count: sampleCount)
      }
      sets.join(sample, opposite)
    }
    var numberOfRoot: [Int: Int] = [:]
    var blocks: [[Int]] = []
    var blockOfSample: [Int] = []
    blockOfSample.reserveCapacity(sampleCount)
    for sample in 0..<sampleCount {
      let root = sets.root(of: sample)
      if let block = numberOfRoot[root] {
        blocks[block].append(sample)
        blockOfSample.append(block)
      } else {
        numberOfRoot[root] = blocks.count
        blockOfSample.append(blocks.count)
        blocks.append([sample])
      }
    }
    self.blockOfSample = blockOfSample
    self.blocks = blocks
  }
}

/// Union-find with path halving, smaller roots first.
private struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func root(of element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  mutating func join(_ first: Int, _ second: Int) {
    let (first, second) = (root(of: first), root(of: second))
    parents[Swift.max(first, second)] = Swift.min(first, second)
  }

  mutating func joinEqual<Key: Hashable>(_ keys: [Key]) {
    var firstWithKey: [Key: Int] = [:]
    for (element, key) in keys.enumerated() {
      if let first = firstWithKey[key] {
        join(first, element)
      } else {
        firstWithKey[key] = element
      }
    }
  }
}
