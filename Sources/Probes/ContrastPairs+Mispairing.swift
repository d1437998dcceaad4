package import Activations
internal import LinearAlgebra
package import Optimization

extension ContrastPairs {
  /// The same positive sides with the negative sides of other groups, for controls.
  ///
  /// Negative sides are exchanged at random within each category, so that only what a pair states is
  /// lost, and not its template.
  ///
  /// - Parameter generator: The source of randomness.
  /// - Returns: Pairs of which none is of one group; what is known about a pair is its positive side's.
  ///   `nil` if some category has no such exchange, because one group holds more than half of it.
  /// - Complexity: O(n²) at worst, O(n) where groups are small.
  package func mispaired(using generator: inout SeededGenerator) -> ContrastPairs? {
    var origin = Array(0..<count)
    let members = Dictionary(grouping: 0..<count) { categories?[$0] ?? 0 }
    for category in members.keys.sorted() {
      guard let positions = members[category],
        let exchanged = exchange(positions, using: &generator)
      else { return nil }
      for (position, source) in zip(positions, exchanged) { origin[position] = source }
    }
    var result = self
    result.negative = negative.selectingRows(origin)
    return result
  }

  /// A random order of some positions in which none meets its own group.
  private func exchange(_ positions: [Int], using generator: inout SeededGenerator) -> [Int]? {
    var order = generator.permutation(count: positions.count).map { positions[$0] }
    for place in positions.indices where groups[order[place]] == groups[positions[place]] {
      let start = generator.nextIndex(below: positions.count)
      let other = positions.indices.lazy
        .map { ($0 + start) % positions.count }
        .first {
          groups[order[$0]] != groups[positions[place]]
            && groups[order[place]] != groups[positions[$0]]
        }
      guard let other else { return nil }
      order.swapAt(place, other)
    }
    return order
  }
}
