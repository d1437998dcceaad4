/// The means of the quality of the *k* least uncertain samples, summed over *k*.
struct PrefixMeans: Sendable {
  /// Σ A_k over k = `first` … N.
  private(set) var sum = 0.0
  /// Σ k·A_k, the sums of prefixes instead of their means.
  private(set) var cumulativeSum = 0.0
  /// A₁, the expected quality of the least uncertain sample.
  private(set) var leading = 0.0
  /// A_N, the mean over all samples.
  private(set) var mean = 0.0

  /// Sums the means of prefixes.
  ///
  /// - Parameters:
  ///   - order: The samples, the least uncertain first.
  ///   - values: The quality of each sample.
  ///   - weights: How often each sample counts; at least one does.
  ///   - first: The shortest prefix that counts.
  /// - Complexity: O(*n*).
  init(_ order: ScoreOrder, of values: [Double], weights: SampleWeights, from first: Int = 1) {
    order.forEachPrefix(of: values, weights) { count, prefix in
      let average = prefix / Double(count)
      if count >= first {
        sum += average
        cumulativeSum += prefix
      }
      if count == 1 { leading = average }
      mean = average
    }
  }
}

extension ScoreOrder {
  /// Calls a body for each prefix that counts, with its length and the expected sum of its values.
  ///
  /// Within a run the order is unknown, and the expected sum of the first *j* of its *W* samples is *j*/*W* of
  /// their sum: expectation is linear, so that means of prefixes are exact without looking at any order.
  @inline(__always)
  func forEachPrefix(
    of values: [Double], _ weights: SampleWeights, _ body: (_ count: Int, _ sum: Double) -> Void
  ) {
    var kept = 0
    var total = 0.0
    var start = 0
    for end in ends {
      var weight = 0
      var quality = 0.0
      for place in start..<end {
        let sample = samples[place]
        let count = weights.counts[sample]
        weight += count
        quality += Double(count) * values[sample]
      }
      start = end
      guard weight > 0 else { continue }
      let each = quality / Double(weight)
      for position in 1...weight { body(kept + position, total + Double(position) * each) }
      kept += weight
      total += quality
    }
  }
}
