/// The falling step function with the least squared distance from the quality in the order of the uncertainty.
///
/// Neighbours in the wrong order are pooled until none are left. Ayer et al. (1955), doi:10.1214/aoms/1177728423.
struct MonotoneBlocks: Sendable {
  /// Neighbouring answers of one fitted value.
  struct Block: Sendable {
    /// The places of the first and the last run in the order.
    var runs: ClosedRange<Int>
    var weight: Double
    var sum: Double
    var squares: Double

    var mean: Double { sum / weight }
  }

  /// The blocks, from the least to the most uncertain; their means fall.
  private(set) var blocks: [Block] = []

  /// Fits the function.
  ///
  /// - Parameters:
  ///   - order: The answers, the least uncertain first; a run has one value.
  ///   - values: The quality of the answers.
  ///   - weights: How often each answer counts.
  /// - Complexity: O(*n*).
  init(_ order: ScoreOrder, of values: [Double], _ weights: SampleWeights) {
    var start = 0
    for (run, end) in order.ends.enumerated() {
      var block = Block(runs: run...run, weight: 0, sum: 0, squares: 0)
      for place in start..<end {
        let (value, weight) = (values[order.samples[place]], weights.counts[order.samples[place]])
        block.weight += Double(weight)
        block.sum += Double(weight) * value
        block.squares += Double(weight) * value * value
      }
      start = end
      guard block.weight > 0 else { continue }
      while let last = blocks.last, last.mean <= block.mean {
        blocks.removeLast()
        block = Block(
          runs: last.runs.lowerBound...run, weight: last.weight + block.weight,
          sum: last.sum + block.sum, squares: last.squares + block.squares)
      }
      blocks.append(block)
    }
  }

  /// The squared distance that is left, summed over the answers.
  var squaredError: Double {
    blocks.reduce(0) { $0 + max(0, $1.squares - $1.sum * $1.mean) }
  }
}
