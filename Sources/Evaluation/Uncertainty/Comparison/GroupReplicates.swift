internal import LinearAlgebra
internal import Optimization

/// What statistics were on every resample of groups and without each group in turn.
///
/// All statistics saw the same resamples, so that their differences are paired.
public struct GroupReplicates: Sendable {
  /// One list a statistic, with one value a resample; `nil` where it had none.
  public let resamples: [[Double?]]
  /// One list a statistic, with one value a group that was left out; empty if none was.
  public let leftOut: [[Double?]]

  /// The difference of two statistics.
  ///
  /// - Parameters:
  ///   - first: The place of the first one.
  ///   - second: The place of the one that is taken from it.
  /// - Returns: One statistic, without a value where either has none.
  public func difference(_ first: Int, _ second: Int) -> GroupReplicates {
    func differences(_ lists: [[Double?]]) -> [[Double?]] {
      [
        zip(lists[first], lists[second]).map { (own, other) in
          if let own, let other { own - other } else { nil }
        }
      ]
    }
    return GroupReplicates(resamples: differences(resamples), leftOut: differences(leftOut))
  }

  /// The interval of a statistic.
  ///
  /// - Parameters:
  ///   - place: The place of the statistic.
  ///   - estimate: Its value on the data.
  ///   - level: The nominal coverage.
  ///   - ends: How the ends are found; BCa needs the groups to have been left out.
  /// - Returns: The interval, or the flags that say why there is none.
  public func outcome(
    of place: Int, estimate: Double, level: Double, ends: BootstrapEnds
  ) -> IntervalOutcome {
    let jackknife = ends == .percentile ? [] : leftOut[place]
    return GroupBootstrap.outcome(
      estimate: estimate, replicates: resamples[place].compactMap { $0 },
      jackknife: jackknife.compactMap { $0 },
      drawnCount: resamples[place].count + jackknife.count, level: level, ends: ends)
  }

  /// The *p* value against a statistic of zero, of which the intervals are the accepted values.
  ///
  /// - Parameters:
  ///   - place: The place of the statistic.
  ///   - estimate: Its value on the data.
  ///   - ends: How the ends are found.
  /// - Returns: The two-sided *p* value; `nil` where there is no interval.
  public func pValueAgainstZero(of place: Int, estimate: Double, ends: BootstrapEnds) -> Double? {
    let replicates = resamples[place].compactMap { $0 }
    switch ends {
    case .biasCorrectedAccelerated:
      return BiasCorrectedAccelerated.pValue(
        against: 0, estimate: estimate, replicates: replicates,
        jackknife: leftOut[place].compactMap { $0 })
    case .percentile:
      guard let first = replicates.first, replicates.contains(where: { $0 != first }) else {
        return nil
      }
      let notAbove = 1 + replicates.count { $0 <= 0 }
      let notBelow = 1 + replicates.count { $0 >= 0 }
      return min(1, 2 * Double(min(notAbove, notBelow)) / Double(replicates.count + 1))
    }
  }
}

extension GroupBootstrap {
  /// Evaluates statistics of weighted samples on every resample and without each group in turn.
  ///
  /// The resamples are those of ``outcomes(estimates:level:ends:statistics:)``, but each is given as how often its
  /// samples were drawn, so that a statistic of samples sorted once needs linear time. On all threads; each
  /// resample has its own random stream, so that their number does not matter.
  ///
  /// - Parameters:
  ///   - statisticCount: How many statistics there are.
  ///   - leavesOutGroups: Whether to leave out each group in turn, too, which BCa intervals need.
  ///   - statistics: The statistics of weighted samples; `nil` where one has no value. Called from several
  ///     threads at once.
  /// - Returns: What they were.
  /// - Complexity: O((resamples + groups) · *n*) for statistics in linear time.
  public func replicates(
    statisticCount: Int, leavesOutGroups: Bool = true,
    statistics: @Sendable (SampleWeights) -> [Double?]
  ) -> GroupReplicates {
    let leftOutCount = leavesOutGroups ? groups.count : 0
    let rows = Parallel.map(resampleCount + leftOutCount) { number in
      var counts = [Int](repeating: number < resampleCount ? 0 : 1, count: groups.count)
      if number < resampleCount {
        var generator = SeededGenerator(seed: seed, stream: UInt64(number))
        for _ in 0..<groups.count { counts[generator.nextIndex(below: groups.count)] += 1 }
      } else {
        counts[number - resampleCount] = 0
      }
      return statistics(SampleWeights(groups.indices.map { counts[$0] }))
    }
    let columns = (0..<statisticCount).map { place in
      rows.map { row in row[place].flatMap { $0.isFinite ? $0 : nil } }
    }
    return GroupReplicates(
      resamples: columns.map { Array($0[..<resampleCount]) },
      leftOut: columns.map { Array($0[resampleCount...]) })
  }
}
