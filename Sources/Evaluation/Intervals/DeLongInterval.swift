import RealModule

/// The interval of an area under the ROC curve: DeLong's variance by group, on the logit scale.
///
/// Each positive sample is placed among the negatives (the share of negatives it beats) and each
/// negative among the positives. The variance of the area follows from the sums of the placements within
/// groups, so samples of one group may depend on each other and a group may hold both classes. With
/// every sample its own group it is DeLong's variance. The interval is symmetric for the logit of the
/// area, so it stays in (0, 1) and follows the skewness near the ends; its quantile is Student's with
/// one degree of freedom fewer than groups.
///
/// An area of exactly 0 or 1 has a variance estimate of 0, which would give an interval of width 0. It
/// gets a one-sided bound instead, from pairs of one positive and one negative such that no two pairs
/// share a group: these are independent, each is in order with a chance equal to the area, and all *k*
/// of them are. So areas below ((1 − level)/2)^{1/k} are excluded, as Clopper and Pearson do for *k* of
/// *k* successes. The bound is exact but cautious: it uses *k* of all the comparisons.
///
/// DeLong, DeLong & Clarke-Pearson (1988), doi:10.2307/2531595. Obuchowski (1997), "Nonparametric
/// analysis of clustered ROC curve data", doi:10.2307/2533958. Sun & Xu (2014), the placements from
/// ranks, doi:10.1109/LSP.2014.2337313. Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404.
public enum DeLongInterval {
  /// The name of the method in results.
  public static let method = "delong-logit-by-group"
  /// The name of the bound for an area of 0 or 1 in results.
  public static let boundMethod = "concordant-pairs-bound"

  /// Returns the interval of the area under the curve.
  ///
  /// - Parameters:
  ///   - scores: One finite score a sample, higher for `true`.
  ///   - labels: One label a sample, of both classes.
  ///   - groups: Which samples belong together.
  ///   - level: The nominal coverage.
  /// - Returns: The interval; or ``Flag/fewGroups`` if there are too few groups or only one of them
  ///   holds a class; or ``Flag/zeroVariance``, as for scores that are all equal.
  /// - Throws: ``EvaluationError`` for no samples, counts that disagree, a score that is not finite,
  ///   labels that all agree or a level outside (0, 1).
  /// - Complexity: O(*n* log *n*).
  public static func outcome(
    scores: [Double], labels: [Bool], groups: Grouping, level: Double = 0.95
  ) throws(EvaluationError) -> IntervalOutcome {
    try IntervalOutcome.check(level: level)
    try Inputs.check(scores.count, "scores", groups, metric: AreaUnderROC.identifier)
    let area = try AreaUnderROC.value(scores: scores, labels: labels)
    if let refusal = IntervalOutcome.refusal(for: groups) { return refusal }
    if area == 0 || area == 1 {
      return bound(area: area, labels: labels, groups: groups, level: level)
    }
    guard let variance = try variance(scores: scores, labels: labels, groups: groups) else {
      let detail = "only one group holds one of the classes"
      return IntervalOutcome(
        interval: nil, flags: [Flag(Flag.fewGroups.name, detail: detail)])
    }
    guard variance > 0 else { return IntervalOutcome(interval: nil, flags: [.zeroVariance]) }
    let logit = Double.log(area / (1 - area))
    let quantile = StudentDistribution.quantile(
      0.5 + 0.5 * level, degreesOfFreedom: Double(groups.count - 1))
    let half = quantile * variance.squareRoot() / (area * (1 - area))
    let interval = Interval(
      lower: min(area, logistic(logit - half)), upper: max(area, logistic(logit + half)),
      level: level, method: method)
    return IntervalOutcome(interval: interval)
  }

  /// Returns the variance of the area under the curve between groups.
  ///
  /// With I groups, of which I₁ hold a positive and I₀ a negative sample, the group sums of the centred
  /// placements v₁ and v₀ and m positives and n negatives, it is
  /// I₁/(I₁ − 1) Σ v₁²/m² + I₀/(I₀ − 1) Σ v₀²/n² + 2 I/(I − 1) Σ v₁v₀/(mn), Obuchowski's equation 5.
  ///
  /// - Parameters:
  ///   - scores: One finite score a sample, higher for `true`.
  ///   - labels: One label a sample, of both classes.
  ///   - groups: Which samples belong together.
  /// - Returns: The variance, not negative; `nil` if only one group holds one of the classes.
  /// - Throws: ``EvaluationError`` for counts that disagree, a score that is not finite or labels that
  ///   all agree.
  /// - Complexity: O(*n* log *n*).
  public static func variance(
    scores: [Double], labels: [Bool], groups: Grouping
  ) throws(EvaluationError) -> Double? {
    try Inputs.check(scores.count, "scores", groups, metric: AreaUnderROC.identifier)
    let area = try AreaUnderROC.value(scores: scores, labels: labels)
    let placements = placements(scores: scores, labels: labels)
    var positiveSums = [Double](repeating: 0, count: groups.count)
    var negativeSums = positiveSums
    var hasPositive = [Bool](repeating: false, count: groups.count)
    var hasNegative = hasPositive
    for (sample, group) in groups.indices.enumerated() {
      if labels[sample] {
        positiveSums[group] += placements[sample] - area
        hasPositive[group] = true
      } else {
        negativeSums[group] += placements[sample] - area
        hasNegative[group] = true
      }
    }
    let positiveGroups = Double(hasPositive.count { $0 })
    let negativeGroups = Double(hasNegative.count { $0 })
    guard positiveGroups > 1, negativeGroups > 1 else { return nil }
    let allGroups = Double(groups.count)
    let positiveCount = Double(labels.count { $0 })
    let negativeCount = Double(labels.count) - positiveCount
    var positiveSquares = 0.0
    var negativeSquares = 0.0
    var products = 0.0
    for group in 0..<groups.count {
      positiveSquares += positiveSums[group] * positiveSums[group]
      negativeSquares += negativeSums[group] * negativeSums[group]
      products += positiveSums[group] * negativeSums[group]
    }
    let variance =
      positiveGroups / (positiveGroups - 1) * positiveSquares / (positiveCount * positiveCount)
      + negativeGroups / (negativeGroups - 1) * negativeSquares / (negativeCount * negativeCount)
      + 2 * allGroups / (allGroups - 1) * products / (positiveCount * negativeCount)
    // The three factors differ, so a sum near zero can come out below it.
    return max(0, variance)
  }

  /// The share of the other class that each sample is on the right side of, ties counting one half.
  static func placements(scores: [Double], labels: [Bool]) -> [Double] {
    let all = RankedScores.doubledRanks(of: scores)
    let positives = labels.indices.filter { labels[$0] }
    let negatives = labels.indices.filter { !labels[$0] }
    var result = [Double](repeating: 0, count: scores.count)
    let amongPositives = RankedScores.doubledRanks(of: positives.map { scores[$0] })
    for (sample, rank) in zip(positives, amongPositives) {
      result[sample] = Double(all[sample] - rank) / Double(2 * negatives.count)
    }
    let amongNegatives = RankedScores.doubledRanks(of: negatives.map { scores[$0] })
    for (sample, rank) in zip(negatives, amongNegatives) {
      result[sample] = 1 - Double(all[sample] - rank) / Double(2 * positives.count)
    }
    return result
  }

  private static func bound(
    area: Double, labels: [Bool], groups: Grouping, level: Double
  ) -> IntervalOutcome {
    var classes = [Int](repeating: 0, count: groups.count)
    for (sample, group) in groups.indices.enumerated() {
      classes[group] |= labels[sample] ? 1 : 2
    }
    let pairCount = min(
      classes.count { $0 & 1 != 0 }, classes.count { $0 & 2 != 0 }, classes.count / 2)
    let excluded = Double.pow(0.5 * (1 - level), 1 / Double(pairCount))
    let interval = Interval(
      lower: area == 1 ? excluded : 0, upper: area == 1 ? 1 : 1 - excluded, level: level,
      method: boundMethod)
    return IntervalOutcome(interval: interval, flags: [.oneSidedInterval])
  }

  private static func logistic(_ x: Double) -> Double {
    x >= 0 ? 1 / (1 + Double.exp(-x)) : Double.exp(x) / (1 + Double.exp(x))
  }
}
