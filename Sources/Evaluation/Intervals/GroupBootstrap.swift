import Optimization

/// The bootstrap of whole groups, with Efron's BCa interval.
///
/// A resample draws as many groups as there are, with replacement, and takes all their samples; the
/// acceleration comes from leaving out one group at a time. It suits means and smooth functions of
/// them. It does **not** suit cluster indices and other statistics of distances between centroids: a
/// resample adds the sampling error of the centroids to their distance, and the interval then misses
/// the estimate itself.
///
/// Every resample has its own random stream, so the interval depends on the seed alone.
/// Davison & Hinkley (1997), *Bootstrap Methods and their Application*, sec. 3.8, for groups.
public struct GroupBootstrap: Sendable {
  /// Which samples belong together.
  public let groups: Grouping
  /// The seed of the resampling.
  public let seed: UInt64
  /// How many resamples are drawn; more make the ends steadier and cost time in proportion.
  public let resampleCount: Int

  /// Prepares a bootstrap.
  ///
  /// - Parameters:
  ///   - groups: Which samples belong together.
  ///   - seed: The seed of the resampling.
  ///   - resampleCount: How many resamples are drawn, at least 100.
  public init(groups: Grouping, seed: UInt64, resampleCount: Int = 2000) {
    precondition(resampleCount >= 100, "a BCa interval needs at least 100 resamples")
    self.groups = groups
    self.seed = seed
    self.resampleCount = resampleCount
  }

  /// Returns the interval of a mean over samples.
  ///
  /// The same as ``outcome(estimate:level:statistic:)`` with the mean, in time proportional to the
  /// number of groups a resample.
  ///
  /// - Parameters:
  ///   - values: One finite value a sample.
  ///   - level: The nominal coverage.
  /// - Returns: The interval, or the flags that say why there is none.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree, a value that is not finite or
  ///   a level outside (0, 1).
  public func outcomeOfMean(
    _ values: [Double], level: Double = 0.95
  ) throws(EvaluationError) -> IntervalOutcome {
    try IntervalOutcome.check(level: level)
    try Inputs.check(values.count, "values", groups, metric: "a mean")
    try Inputs.checkFinite(values, "the value")
    if let refusal = IntervalOutcome.refusal(for: groups) { return refusal }
    // Equal values are told from unequal ones before rounding can blur them.
    if values.allSatisfy({ $0 == values[0] }) {
      return IntervalOutcome(interval: nil, flags: [.zeroVariance])
    }
    let sums = groups.sums(of: values)
    let counts = groups.sums(of: [Double](repeating: 1, count: values.count))
    let total = sums.reduce(0, +)
    let count = Double(values.count)
    var replicates: [Double] = []
    replicates.reserveCapacity(resampleCount)
    for resample in 0..<resampleCount {
      var generator = SeededGenerator(seed: seed, stream: UInt64(resample))
      var sum = 0.0
      var weight = 0.0
      for _ in 0..<groups.count {
        let group = generator.nextIndex(below: groups.count)
        sum += sums[group]
        weight += counts[group]
      }
      replicates.append(sum / weight)
    }
    let jackknife = (0..<groups.count).map { (total - sums[$0]) / (count - counts[$0]) }
    return BiasCorrectedAccelerated.outcome(
      estimate: total / count, replicates: replicates, jackknife: jackknife, level: level)
  }

  /// Returns the interval of any smooth statistic of the samples.
  ///
  /// - Parameters:
  ///   - estimate: The statistic of all samples.
  ///   - level: The nominal coverage.
  ///   - statistic: The statistic of some of the samples, given by their positions, of which some may
  ///     occur several times; `nil` where it has no value. Fold inside it what is to be folded.
  /// - Returns: The interval, or the flags that say why there is none. Resamples without a value are
  ///   left out and counted in a flag `undefined-resamples`.
  /// - Throws: ``EvaluationError/parameterOutOfRange(name:value:allowed:)`` for a level outside (0, 1).
  public func outcome(
    estimate: Double, level: Double = 0.95, statistic: ([Int]) -> Double?
  ) throws(EvaluationError) -> IntervalOutcome {
    try outcomes(estimates: [estimate], level: level) { [statistic($0)] }[0]
  }

  /// Returns the intervals of several smooth statistics of the same samples.
  ///
  /// The same as ``outcome(estimate:level:statistic:)`` of each, for the work of one: a fit that gives
  /// several numbers is made once a resample.
  ///
  /// - Parameters:
  ///   - estimates: The statistics of all samples.
  ///   - level: The nominal coverage.
  ///   - ends: How the ends are found; ``BootstrapEnds/biasCorrectedAccelerated`` unless a statistic is
  ///     not smooth.
  ///   - statistics: The statistics of some of the samples, in the order of `estimates`; `nil` where one
  ///     has no value.
  /// - Returns: An outcome for each estimate.
  /// - Throws: ``EvaluationError/parameterOutOfRange(name:value:allowed:)`` for a level outside (0, 1);
  ///   ``EvaluationError/countMismatch(what:count:expectedFrom:expected:)`` if there are not as many
  ///   statistics as estimates.
  public func outcomes(
    estimates: [Double], level: Double = 0.95,
    ends: BootstrapEnds = .biasCorrectedAccelerated, statistics: ([Int]) -> [Double?]
  ) throws(EvaluationError) -> [IntervalOutcome] {
    try IntervalOutcome.check(level: level)
    if let refusal = IntervalOutcome.refusal(for: groups) {
      return [IntervalOutcome](repeating: refusal, count: estimates.count)
    }
    var replicates = [[Double]](repeating: [], count: estimates.count)
    var samples: [Int] = []
    for resample in 0..<resampleCount {
      var generator = SeededGenerator(seed: seed, stream: UInt64(resample))
      samples.removeAll(keepingCapacity: true)
      for _ in 0..<groups.count {
        samples += groups.samples(in: generator.nextIndex(below: groups.count))
      }
      try Self.collect(statistics(samples), in: &replicates)
    }
    var jackknives = [[Double]](repeating: [], count: estimates.count)
    // Percentiles need no acceleration.
    for left in 0..<(ends == .percentile ? 0 : groups.count) {
      let kept = groups.indices.indices.filter { groups.indices[$0] != left }
      try Self.collect(statistics(kept), in: &jackknives)
    }
    let drawnCount = resampleCount + (ends == .percentile ? 0 : groups.count)
    return estimates.indices.map { place in
      Self.outcome(
        estimate: estimates[place], replicates: replicates[place], jackknife: jackknives[place],
        drawnCount: drawnCount, level: level, ends: ends)
    }
  }

  /// The interval from the values that statistics have, and the flag that counts those they do not have.
  static func outcome(
    estimate: Double, replicates: [Double], jackknife: [Double], drawnCount: Int, level: Double,
    ends: BootstrapEnds
  ) -> IntervalOutcome {
    var outcome =
      switch ends {
      case .biasCorrectedAccelerated:
        BiasCorrectedAccelerated.outcome(
          estimate: estimate, replicates: replicates, jackknife: jackknife, level: level)
      case .percentile: percentiles(of: replicates, level: level)
      }
    let undefinedCount = drawnCount - replicates.count - jackknife.count
    if undefinedCount > 0 {
      outcome.flags.append(
        Flag("undefined-resamples", detail: "\(undefinedCount) of \(drawnCount)"))
    }
    return outcome
  }

  /// Appends each statistic that has a value to its list.
  private static func collect(
    _ values: [Double?], in lists: inout [[Double]]
  ) throws(EvaluationError) {
    try Inputs.check(values.count, "statistics", lists.count, "estimates")
    for (place, value) in values.enumerated() {
      if let value, value.isFinite { lists[place].append(value) }
    }
  }

  private static func percentiles(of replicates: [Double], level: Double) -> IntervalOutcome {
    let sorted = replicates.sorted()
    guard let first = sorted.first, let last = sorted.last, first < last else {
      return IntervalOutcome(interval: nil, flags: [.zeroVariance])
    }
    let ends = [0.5 - 0.5 * level, 0.5 + 0.5 * level].map {
      Quantile.value(at: $0, ofSorted: sorted)
    }
    return IntervalOutcome(
      interval: Interval(
        lower: ends[0], upper: ends[1], level: level, method: BootstrapEnds.percentile.rawValue))
  }
}
