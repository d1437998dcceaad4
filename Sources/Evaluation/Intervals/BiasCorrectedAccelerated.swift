import RealModule

/// Efron's bias-corrected and accelerated interval from replicates that somebody drew.
///
/// The bias correction is the normal quantile of the share of replicates below the estimate, ties
/// counting one half; the acceleration is a sixth of the skewness of the jackknife values. The same as
/// `scipy.stats.bootstrap(method="BCa")` on the same replicates.
///
/// Efron (1987), "Better bootstrap confidence intervals", doi:10.1080/01621459.1987.10478410. Efron &
/// Tibshirani (1993), *An Introduction to the Bootstrap*, eqs. 14.9, 14.10, 14.14 and 14.15.
public enum BiasCorrectedAccelerated {
  /// The name of the method in results.
  public static let method = "bca-by-group"

  /// Returns the interval.
  ///
  /// - Parameters:
  ///   - estimate: The statistic of the data.
  ///   - replicates: The statistic of each resample, finite.
  ///   - jackknife: The statistic without each unit in turn, finite.
  ///   - level: The nominal coverage.
  /// - Returns: The interval, or the flag that says why there is none: ``Flag/zeroVariance`` if all
  ///   replicates or all jackknife values agree, `bootstrap-bias` if the estimate lies outside the
  ///   replicates or the acceleration is too large for the correction to exist.
  public static func outcome(
    estimate: Double, replicates: [Double], jackknife: [Double], level: Double
  ) -> IntervalOutcome {
    let sorted = replicates.sorted()
    guard let first = sorted.first, let last = sorted.last, first < last,
      let acceleration = acceleration(jackknife)
    else {
      return IntervalOutcome(interval: nil, flags: [.zeroVariance])
    }
    guard let bias = bias(estimate, replicates) else {
      return IntervalOutcome(
        interval: nil,
        flags: [Flag("bootstrap-bias", detail: "the estimate lies outside all resamples")])
    }
    let z = NormalDistribution.quantile(0.5 + 0.5 * level)
    guard 1 - acceleration * (bias - z) > 0, 1 - acceleration * (bias + z) > 0 else {
      return IntervalOutcome(
        interval: nil, flags: [Flag("bootstrap-bias", detail: "the acceleration is too large")])
    }
    let ends = [bias - z, bias + z].map { (shifted) in
      Quantile.value(
        at: NormalDistribution.cumulative(bias + shifted / (1 - acceleration * shifted)),
        ofSorted: sorted)
    }
    return IntervalOutcome(
      interval: Interval(lower: ends[0], upper: ends[1], level: level, method: method))
  }

  /// Returns how much evidence there is against a value: the *p* value of which the intervals are the accepted
  /// values.
  ///
  /// A value lies at the end of the interval of level 1 − *p*. At most as small as the resamples can tell: one
  /// more resample than there are is counted on the value's far side.
  ///
  /// - Parameters:
  ///   - value: The value that is held against the data.
  ///   - estimate: The statistic of the data.
  ///   - replicates: The statistic of each resample, finite.
  ///   - jackknife: The statistic without each unit in turn, finite.
  /// - Returns: The two-sided *p* value; `nil` where there is no interval.
  public static func pValue(
    against value: Double, estimate: Double, replicates: [Double], jackknife: [Double]
  ) -> Double? {
    guard let bias = bias(estimate, replicates), let acceleration = acceleration(jackknife),
      replicates.contains(where: { $0 != replicates[0] })
    else { return nil }
    let below = replicates.count { $0 < value }
    let notAbove = replicates.count { $0 <= value }
    let share = (0.5 * Double(below + notAbove) + 0.5) / Double(replicates.count + 1)
    let shift = NormalDistribution.quantile(share) - bias
    guard 1 + acceleration * shift > 0 else { return nil }
    let normal = shift / (1 + acceleration * shift) - bias
    return 2 * NormalDistribution.cumulative(-abs(normal))
  }

  /// The normal quantile of the share of replicates below the estimate; `nil` if it lies outside them.
  private static func bias(_ estimate: Double, _ replicates: [Double]) -> Double? {
    let below = replicates.count { $0 < estimate }
    let notAbove = replicates.count { $0 <= estimate }
    guard notAbove > 0, below < replicates.count else { return nil }
    return NormalDistribution.quantile(Double(below + notAbove) / Double(2 * replicates.count))
  }

  /// A sixth of the skewness of the jackknife values, from their negated deviations.
  static func acceleration(_ jackknife: [Double]) -> Double? {
    let mean = jackknife.reduce(0, +) / Double(jackknife.count)
    var squares = 0.0
    var cubes = 0.0
    for value in jackknife {
      let deviation = mean - value
      squares += deviation * deviation
      cubes += deviation * deviation * deviation
    }
    return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : nil
  }
}
