/// Wilson's score interval of a share, on the number of samples that the groups are worth.
///
/// Samples of one group tend to be right or wrong together, so *n* of them tell less than *n*
/// independent ones. With *G* groups and the share *a*, the variance of the share is estimated between
/// groups, v = G/(G − 1) · Σ_g (Σ_{i∈g} (cᵢ − a))² / n², and the effective number of samples is
/// a(1 − a)/v. It is capped at *n*; where v is 0, as when all samples are right, nothing is known about
/// how samples agree within groups, and the effective number is the number of groups, the cautious end.
/// It is then multiplied by (t_{n−1}/t_{G−1})², the squared ratio of the Student quantiles, because v
/// has only G − 1 degrees of freedom. With every sample its own group the effective number is *n* and
/// this is Wilson's interval.
///
/// Wilson (1927), doi:10.1080/01621459.1927.10502953. Korn & Graubard (1998), "Confidence intervals for
/// proportions with small expected number of positive counts estimated from survey data", Survey
/// Methodology 24:193–201, for the effective size with its correction. Franco, Little, Louis & Slud
/// (2019), "Comparative study of confidence intervals for proportions in complex sample surveys",
/// doi:10.1093/jssam/smy019, for Wilson's interval on it.
public enum WilsonInterval {
  /// The name of the method in results.
  public static let method = "wilson-effective-size"

  /// Returns the interval of the share of samples that are right.
  ///
  /// - Parameters:
  ///   - correct: Whether each sample is right.
  ///   - groups: Which samples belong together.
  ///   - level: The nominal coverage.
  /// - Returns: The interval, or the flag ``Flag/fewGroups``.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree or a level outside (0, 1).
  public static func outcome(
    correct: [Bool], groups: Grouping, level: Double = 0.95
  ) throws(EvaluationError) -> IntervalOutcome {
    try IntervalOutcome.check(level: level)
    try Inputs.check(correct.count, "predictions", groups, metric: Accuracy.identifier)
    if let refusal = IntervalOutcome.refusal(for: groups) { return refusal }
    let rightCount = correct.count { $0 }
    let share = Double(rightCount) / Double(correct.count)
    let interval = score(
      share: share, count: effectiveCount(correct: correct, groups: groups, level: level),
      level: level, method: method)
    return IntervalOutcome(interval: interval)
  }

  /// Returns the number of independent samples that grouped samples are worth.
  ///
  /// - Parameters:
  ///   - correct: Whether each sample is right; at least one sample.
  ///   - groups: Which samples belong together; at least two groups.
  ///   - level: The nominal coverage, on which the correction for few groups depends.
  /// - Returns: A positive number, at most the number of samples.
  public static func effectiveCount(
    correct: [Bool], groups: Grouping, level: Double = 0.95
  ) -> Double {
    precondition(groups.count >= 2, "a variance between groups needs at least 2 groups")
    let count = correct.count
    if groups.count == count { return Double(count) }
    let rightCount = correct.count { $0 }
    // n·(c − a) is a whole number: a variance of zero is exactly zero, in any order of the samples.
    var sums = [Int](repeating: 0, count: groups.count)
    for (sample, group) in groups.indices.enumerated() {
      sums[group] += (correct[sample] ? count : 0) - rightCount
    }
    let n = Double(count)
    let groupCount = Double(groups.count)
    let sumOfSquares = sums.reduce(0.0) { $0 + Double($1) / n * (Double($1) / n) }
    let variance = groupCount / (groupCount - 1) * sumOfSquares / (n * n)
    let share = Double(rightCount) / n
    let effective = variance > 0 ? min(n, share * (1 - share) / variance) : groupCount
    let upper = 0.5 + 0.5 * level
    let ratio =
      StudentDistribution.quantile(upper, degreesOfFreedom: n - 1)
      / StudentDistribution.quantile(upper, degreesOfFreedom: groupCount - 1)
    return effective * ratio * ratio
  }

  /// Returns Wilson's interval of a share of independent samples.
  ///
  /// - Parameters:
  ///   - successes: How many samples are right, at most `count`.
  ///   - count: How many samples there are, at least 1.
  ///   - level: The nominal coverage.
  /// - Returns: The interval.
  public static func independent(successes: Int, count: Int, level: Double = 0.95) -> Interval {
    precondition(
      count > 0 && (0...count).contains(successes), "\(successes) of \(count) is not a share")
    return score(
      share: Double(successes) / Double(count), count: Double(count), level: level,
      method: "wilson")
  }

  private static func score(
    share: Double, count: Double, level: Double, method: String
  ) -> Interval {
    let z = NormalDistribution.quantile(0.5 + 0.5 * level)
    let weight = z * z / count
    let center = (share + 0.5 * weight) / (1 + weight)
    let half =
      z / (1 + weight) * (share * (1 - share) / count + 0.25 * weight / count).squareRoot()
    // At a share of 0 or 1 the end is the share itself; the bounds only remove rounding.
    return Interval(
      lower: min(share, max(0, center - half)), upper: max(share, min(1, center + half)),
      level: level, method: method)
  }
}
