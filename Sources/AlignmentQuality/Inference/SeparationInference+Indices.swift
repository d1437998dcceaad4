public import Evaluation

extension SeparationInference {
  /// The interval of an index that is a monotone function of F = trB/trW: the image of that of F.
  ///
  /// The image covers the index of the populations as often as the interval covers F. The index's own value
  /// is biased as trB/trW is, and may lie outside; the flag `debiased-interval` says where the interval has
  /// its centre.
  ///
  /// - Parameters:
  ///   - index: The index.
  ///   - measurements: Measurements with the scatter.
  ///   - estimate: The separation of the same points.
  /// - Returns: The interval. It is one-sided, with the flag, where that of F reaches below 0, which no
  ///   population does; where the index is infinite there, there is no interval and the flag tells the finite
  ///   end. Without an interval of F its flags are returned, and `no-interval` for an index that is no
  ///   function of F.
  public func outcome(
    for index: some ClusterIndex, of measurements: ClusterMeasurements,
    from estimate: SeparationEstimate
  ) -> IntervalOutcome {
    if index is DebiasedSeparationIndex { return estimate.outcome }
    guard let interval = estimate.interval, let center = estimate.value.value.finiteValue else {
      return estimate.outcome
    }
    guard interval.upper > 0 else {
      return IntervalOutcome(
        interval: nil,
        flags: [Flag("empty-interval", detail: "\(interval.lower) to \(interval.upper)")])
    }
    guard let upper = index.value(atTraceRatio: interval.upper, of: measurements) else {
      return IntervalOutcome(
        interval: nil, flags: [Self.none("the index is no function of the trace ratio")])
    }
    var flags = [debiasedFlag(index, measurements, at: max(0, center))]
    if interval.lower <= 0 { flags.append(.oneSidedInterval) }
    guard let lower = index.value(atTraceRatio: max(0, interval.lower), of: measurements),
      lower.isFinite
    else {
      let side = type(of: index).betterWhen == .lower ? "at least" : "at most"
      flags[flags.count - 1] = Flag(
        Flag.oneSidedInterval.name, detail: "\(side) \(upper), without another end")
      return IntervalOutcome(interval: nil, flags: flags)
    }
    return IntervalOutcome(
      interval: Interval(
        lower: min(lower, upper), upper: max(lower, upper), level: interval.level,
        method: Self.transformedMethod),
      flags: flags)
  }

  private func debiasedFlag(
    _ index: some ClusterIndex, _ measurements: ClusterMeasurements, at ratio: Double
  ) -> Flag {
    let value = index.value(atTraceRatio: ratio, of: measurements)
    return Flag("debiased-interval", detail: value.map { "\($0)" } ?? "infinite")
  }
}
