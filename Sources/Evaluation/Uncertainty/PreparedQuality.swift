/// What the quality of an answer may be.
public enum QualityKind: String, Sendable, Codable, CaseIterable {
  /// 0 for a wrong and 1 for a right answer.
  case binary
  /// Any share between 0 and 1.
  case share
  /// Any number, higher is better.
  case real
}

/// The quality of answers, with what every metric of an uncertainty needs of it, computed once.
///
/// Many uncertainties of the same answers, such as those of all layers, are held against one of these.
public struct PreparedQuality: Sendable {
  /// One number an answer, higher is better.
  public let values: [Double]
  /// The values moved and scaled so that the least is 0 and the greatest is 1; all 0 if they agree.
  let normalized: [Double]
  /// The answers from the best to the worst.
  let oracle: ScoreOrder
  /// The number of each answer's value among the different values, from 0 for the least.
  let levels: [Int]
  /// How many different values there are.
  let levelCount: Int
  /// Whether each answer is right; only of binary quality.
  let labels: [Bool]
  /// Whether all values are 0 or 1.
  public let isBinary: Bool
  /// Whether all values lie between 0 and 1.
  public let isShare: Bool
  /// The greatest value less the least.
  let range: Double

  /// Prepares the quality of answers.
  ///
  /// - Parameter values: One finite number an answer, higher is better.
  /// - Throws: ``EvaluationError`` for no answers or a value that is not finite.
  /// - Complexity: O(*n* log *n*).
  public init(_ values: [Double]) throws(EvaluationError) {
    guard !values.isEmpty else { throw .noSamples(metric: "a metric of uncertainty") }
    try Inputs.checkFinite(values, "the quality")
    self.values = values
    oracle = ScoreOrder(values.map { -$0 })
    let worst = oracle.ends.count - 1
    levels = oracle.runNumbers.map { worst - $0 }
    levelCount = oracle.ends.count
    isBinary = values.allSatisfy { $0 == 0 || $0 == 1 }
    isShare = values.allSatisfy { (0...1).contains($0) }
    labels = values.map { $0 == 1 }
    let least = values[oracle.samples[values.count - 1]]
    // Halved, so that the range of the widest numbers is still one.
    let halfRange = values[oracle.samples[0]] / 2 - least / 2
    range = 2 * halfRange
    normalized = values.map { halfRange > 0 ? ($0 / 2 - least / 2) / halfRange : 0 }
  }

  /// How many answers there are.
  public var count: Int { values.count }

  /// Whether metrics that need a kind of quality can be had of this one.
  ///
  /// - Parameter kind: What a metric needs.
  /// - Returns: `true` if every value is of the kind.
  public func isOf(_ kind: QualityKind) -> Bool {
    switch kind {
    case .binary: isBinary
    case .share: isShare
    case .real: true
    }
  }

  /// Checks that a metric can be had of this quality.
  func check(_ kind: QualityKind, metric: String) throws(EvaluationError) {
    let allowed: String
    let place: Int?
    switch kind {
    case .real: return
    case .binary:
      place = values.firstIndex { $0 != 0 && $0 != 1 }
      allowed = "0 for a wrong or 1 for a right answer; \(metric) has no meaning between them"
    case .share:
      place = values.firstIndex { !(0...1).contains($0) }
      allowed = "between 0 and 1, for \(metric) compares it with probabilities"
    }
    if let place {
      throw .valueOutOfRange(
        what: "the quality", position: place, value: values[place], allowed: allowed)
    }
  }

  /// The least and the greatest normalised value among the answers that count.
  func extremes(_ weights: SampleWeights) -> (least: Double, greatest: Double) {
    let greatest = oracle.samples.first { weights.counts[$0] > 0 }
    let least = oracle.samples.last { weights.counts[$0] > 0 }
    return (least.map { normalized[$0] } ?? 0, greatest.map { normalized[$0] } ?? 0)
  }
}
