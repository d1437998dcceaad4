/// The means of the quality of the *k* least uncertain samples, summed over *k*.
///
/// Within a run the order is unknown, and the expected sum of the first *j* of its *W* samples is *j*/*W* of
/// their sum: expectation is linear, so a mean of prefixes is exact without looking at any order.
struct PrefixMeans: Sendable {
  /// Σ A_k over k = `first` … N.
  private(set) var sum = 0.0
  /// A₁, the expected quality of the least uncertain sample.
  private(set) var leading = 0.0
  /// A_N, the mean over all samples.
  private(set) var mean = 0.0
  /// Σ k·A_k, the sums of prefixes instead of their means.
  private(set) var cumulativeSum = 0.0

  /// Sums the means of prefixes.
  ///
  /// - Parameters:
  ///   - order: The samples, the least uncertain first.
  ///   - values: The quality of each sample.
  ///   - weights: How often each sample counts; at least one does.
  ///   - first: The shortest prefix that counts.
  /// - Complexity: O(*n*).
  init(_ order: ScoreOrder, of values: [Double], weights: SampleWeights, from first: Int = 1) {
    var kept = 0
    var total = 0.0
    var start = 0
    for end in order.ends {
      var weight = 0
      var quality = 0.0
      for place in start..<end {
        let sample = order.samples[place]
        let count = weights.counts[sample]
        weight += count
        quality += Double(count) * values[sample]
      }
      start = end
      guard weight > 0 else { continue }
      let each = quality / Double(weight)
      if kept == 0 { leading = each }
      for position in max(1, first - kept)..<max(weight + 1, first - kept, 1) {
        let prefix = total + Double(position) * each
        sum += prefix / Double(kept + position)
        cumulativeSum += prefix
      }
      kept += weight
      total += quality
    }
    mean = total / Double(kept)
  }
}
