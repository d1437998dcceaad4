/// In what order samples of equal uncertainty are kept.
public enum TieRule: String, Sendable, Codable, CaseIterable {
  /// In no order: every metric is its mean over all orders of them. Depends on nothing but the scores.
  case expected
  /// In the order of the data, as a stable sort by rising uncertainty leaves them.
  case stable
  /// In the reverse order of the data, as a stable sort by rising confidence that is then turned round leaves
  /// them.
  case reversedStable = "reversed-stable"
}

/// Samples from the least to the most uncertain one, cut into runs that no order within can tell apart.
public struct ScoreOrder: Sendable, Equatable {
  /// The samples' positions in the data, the least uncertain first.
  public let samples: [Int]
  /// Where each run ends in ``samples``, rising.
  public let ends: [Int]

  /// Sorts samples.
  ///
  /// - Parameters:
  ///   - scores: One uncertainty a sample, none of them NaN.
  ///   - ties: What becomes of equal scores: one run if ``TieRule/expected``, else a run each.
  /// - Complexity: O(*n* log *n*).
  public init(_ scores: [Double], ties: TieRule = .expected) {
    let isReversed = ties == .reversedStable
    let samples = scores.indices.sorted { (first, second) in
      scores[first] == scores[second]
        ? (first < second) != isReversed : scores[first] < scores[second]
    }
    self.samples = samples
    ends = (1..<(samples.count + 1)).filter { (end) in
      ties != .expected || end == samples.count
        || scores[samples[end - 1]] != scores[samples[end]]
    }
  }

  /// The number of the run of each sample, from 0.
  var runNumbers: [Int] {
    var numbers = [Int](repeating: 0, count: samples.count)
    var start = 0
    for (run, end) in ends.enumerated() {
      for place in start..<end { numbers[samples[place]] = run }
      start = end
    }
    return numbers
  }

  /// Calls a body for each run that counts, with how many right and wrong answers it holds.
  @inline(__always)
  func forEachRun(
    _ labels: [Bool], _ weights: SampleWeights, _ body: (_ right: Int, _ wrong: Int) -> Void
  ) {
    var start = 0
    for end in ends {
      var right = 0
      var wrong = 0
      for place in start..<end {
        let sample = samples[place]
        if labels[sample] {
          right += weights.counts[sample]
        } else {
          wrong += weights.counts[sample]
        }
      }
      if right + wrong > 0 { body(right, wrong) }
      start = end
    }
  }
}
