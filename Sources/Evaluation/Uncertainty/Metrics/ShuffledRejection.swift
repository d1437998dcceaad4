internal import Optimization

/// What the random score of a prediction–rejection ratio is.
public enum RandomRejection: String, Sendable, Codable, CaseIterable {
  /// The expectation over all orders: the mean quality, whatever the share that may be rejected.
  case analytic
  /// A mean over NumPy's legacy shuffles, taken as uncertainties.
  case shuffledUncertainty = "shuffled-uncertainty"
  /// A mean over the same shuffles, taken as confidences.
  case shuffledConfidence = "shuffled-confidence"
}

/// The mean area over random orders that NumPy's legacy generator shuffles one after another.
///
/// An area is a weighted sum of qualities, whose weights depend on the places alone. So the mean over a
/// thousand orders is one weighted sum, and costs no more than that for any quality of so many answers.
struct ShuffledRejection: Sendable {
  /// What the quality of each answer contributes.
  let contributions: [Double]

  /// Shuffles 0 … n − 1 again and again, without putting it in order between.
  ///
  /// - Parameters:
  ///   - count: How many answers there are.
  ///   - first: The smallest number of kept answers that counts.
  ///   - iterations: How many shuffles.
  ///   - seed: The seed of the generator.
  ///   - isConfidence: Whether the shuffled numbers are confidences.
  /// - Complexity: O(*n* · iterations).
  init(count: Int, first: Int, iterations: Int, seed: UInt32, isConfidence: Bool) {
    // The answer at a place is in the prefixes of more answers than that: Σ 1/k over k > place, k ≥ first.
    var reach = [Double](repeating: 0, count: count + 1)
    for place in (0..<count).reversed() {
      reach[place] = reach[place + 1] + (place + 1 >= first ? 1 / Double(place + 1) : 0)
    }
    if isConfidence { reach = Array(reach.dropLast().reversed()) }
    var generator = NumPyLegacyGenerator(seed: seed)
    var order = Array(0..<count)
    var sums = [Double](repeating: 0, count: count)
    for _ in 0..<iterations {
      generator.shuffle(&order)
      for answer in 0..<count { sums[answer] += reach[order[answer]] }
    }
    let scale = Double(iterations) * Double(count - first + 1)
    contributions = sums.map { $0 / scale }
  }

  /// The mean area; answers that count several times stand beside each other.
  func area(of quality: [Double], weights: SampleWeights) -> Double {
    var place = 0
    var result = 0.0
    for (answer, count) in weights.counts.enumerated() {
      for _ in 0..<count {
        result += contributions[place] * quality[answer]
        place += 1
      }
    }
    return result
  }
}
