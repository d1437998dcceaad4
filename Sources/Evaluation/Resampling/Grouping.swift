/// Which samples belong together: the samples of one group are not independent of each other.
///
/// Groups are numbered from 0 in the order of their identifiers, so that the order of the samples does
/// not matter.
public struct Grouping: Sendable, Hashable {
  /// The number of the group of each sample.
  public let indices: [Int]
  /// How many groups there are.
  public let count: Int
  /// The samples, group by group, in the order of the samples within a group.
  let members: [Int]
  /// Where each group starts in ``members``; one more entry than groups.
  let starts: [Int]

  /// Groups samples by identifier.
  ///
  /// - Parameter identifiers: One identifier a sample; samples with the same one form a group.
  /// - Complexity: O(*n* log *n*).
  public init(_ identifiers: [Int]) {
    var number: [Int: Int] = [:]
    for identifier in Set(identifiers).sorted() { number[identifier] = number.count }
    self.init(indices: identifiers.map { number[$0] ?? 0 }, count: number.count)
  }

  /// Makes every sample a group of its own.
  ///
  /// - Parameter sampleCount: How many samples there are.
  public init(ungrouped sampleCount: Int) {
    self.init(indices: Array(0..<sampleCount), count: sampleCount)
  }

  private init(indices: [Int], count: Int) {
    self.indices = indices
    self.count = count
    var starts = [Int](repeating: 0, count: count + 1)
    for group in indices { starts[group + 1] += 1 }
    for group in 0..<count { starts[group + 1] += starts[group] }
    var next = starts
    var members = [Int](repeating: 0, count: indices.count)
    for (sample, group) in indices.enumerated() {
      members[next[group]] = sample
      next[group] += 1
    }
    self.starts = starts
    self.members = members
  }

  /// How many samples there are.
  public var sampleCount: Int { indices.count }

  /// Returns the samples of one group in ascending order.
  ///
  /// - Parameter group: The number of the group.
  /// - Returns: The positions of its samples.
  public func samples(in group: Int) -> ArraySlice<Int> {
    members[starts[group]..<starts[group + 1]]
  }

  /// Sums one value a sample within each group.
  func sums(of values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for (sample, group) in indices.enumerated() { result[group] += values[sample] }
    return result
  }
}
