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
    let below = sorted.count { $0 < estimate }
    let notAbove = sorted.count { $0 <= estimate }
    let share = Double(below + notAbove) / Double(2 * sorted.count)
    guard share > 0, share < 1 else {
      return IntervalOutcome(
        interval: nil,
        flags: [Flag("bootstrap-bias", detail: "the estimate lies outside all resamples")])
    }
    let bias = NormalDistribution.quantile(share)
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
