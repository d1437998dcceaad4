/// Bins of equal width between 0 and 1.
///
/// The edges are those of NumPy's `linspace`, i · (1/k) with the last one exactly 1: of ten bins the third edge is
/// 0.30000000000000004, so that 0.3 lies below it.
public struct CalibrationBins: Sendable, Equatable, Codable {
  /// Which edge a bin includes; the outermost edges are always included.
  public enum Closure: String, Sendable, Codable, CaseIterable {
    /// The upper one, (low, high].
    case right
    /// The lower one, [low, high).
    case left
  }

  /// What becomes of probabilities outside 0…1.
  public enum OutOfRange: String, Sendable, Codable, CaseIterable {
    /// They are refused.
    case refused
    /// They are in no bin but count among the answers, which makes the error smaller the worse the scores are.
    case dropped
    /// They are moved to the nearer end.
    case clipped
  }

  /// How many bins.
  public var count = 10
  /// Which edge a bin includes.
  public var closure = Closure.right
  /// What becomes of probabilities outside 0…1.
  public var outOfRange = OutOfRange.refused
  /// How an uncertainty is read as a probability.
  public var confidence = ConfidenceReading.negated

  /// Ten bins, each with its upper edge.
  public init() {}

  /// Answers with their probabilities and bins.
  public struct Assignment: Sendable {
    /// The probability of each answer.
    let probabilities: [Double]
    /// The bin of each answer; `nil` for those that are dropped.
    let bins: [Int?]
  }

  /// Refuses a number of bins that is none.
  func check() throws(EvaluationError) {
    guard count > 0 else {
      throw .parameterOutOfRange(name: "bins.count", value: "\(count)", allowed: "at least 1")
    }
  }

  /// Puts answers into bins.
  func assignment(of uncertainty: [Double]) throws(EvaluationError) -> Assignment {
    let probabilities: [Double]
    switch outOfRange {
    case .refused: probabilities = try confidence.probabilities(uncertainty)
    case .dropped: probabilities = try confidence.confidences(uncertainty)
    case .clipped:
      probabilities = try confidence.confidences(uncertainty).map { min(1, max(0, $0)) }
    }
    let edges = (0...count).map { $0 == count ? 1 : Double($0) * (1 / Double(count)) }
    return Assignment(
      probabilities: probabilities,
      bins: probabilities.map { (0...1).contains($0) ? bin(of: $0, edges) : nil })
  }

  private func bin(of probability: Double, _ edges: [Double]) -> Int {
    var bin = min(count - 1, Int(probability * Double(count)))
    // The first guess is off by one at most, by rounding or by the closure.
    while bin > 0, closure == .right ? probability <= edges[bin] : probability < edges[bin] {
      bin -= 1
    }
    while bin < count - 1,
      closure == .right ? probability > edges[bin + 1] : probability >= edges[bin + 1]
    {
      bin += 1
    }
    return bin
  }

  /// The weight of each bin and its summed quality less its summed probability.
  func gaps(
    _ assignment: Assignment, _ quality: PreparedQuality, _ weights: SampleWeights
  ) -> [(weight: Int, gap: Double)] {
    var sums = [(weight: Int, quality: Double, probability: Double)](
      repeating: (0, 0, 0), count: count)
    for (answer, bin) in assignment.bins.enumerated() {
      guard let bin else { continue }
      let weight = weights.counts[answer]
      sums[bin].weight += weight
      sums[bin].quality += Double(weight) * quality.values[answer]
      sums[bin].probability += Double(weight) * assignment.probabilities[answer]
    }
    return sums.map { ($0.weight, abs($0.quality - $0.probability)) }
  }
}
