public import Evaluation

/// A mean over prompts, with a standard error that lets prompts of one group depend on each other.
///
/// With residuals summed within each of G groups, SE² = G/(G − 1) · Σ_g (Σ_{i∈g} (x_i − x̄))² / n²: Liang &
/// Zeger (1986), doi:10.1093/biomet/73.1.13, for a mean. Where each prompt is its own group it is s/√n. The
/// test that the mean is 0 uses Student's *t* with G − 1 degrees of freedom.
public struct GroupedMean: Sendable, Codable, Equatable {
  /// The mean.
  public let mean: Double
  /// Its standard error; undefined for one group, or where groups do not differ at all.
  public let standardError: MeasuredValue
  /// How often a mean at least as far from 0 would come by chance if the true one is 0, two-sided; `nil`
  /// without a standard error.
  public let pValue: Double?
  /// How many prompts were averaged.
  public let promptCount: Int
  /// How many groups they form.
  public let groupCount: Int

  /// The mean of one value a prompt.
  ///
  /// - Parameters:
  ///   - values: At least one, finite.
  ///   - groups: Which prompts belong together.
  /// - Throws: ``SteeringError/invalidCurve(what:place:reason:)``,
  ///   ``SteeringError/widthMismatch(what:expected:actual:)``.
  public init(of values: [Double], groups: Grouping) throws(SteeringError) {
    guard !values.isEmpty else {
      throw .invalidCurve(what: "a mean over prompts", place: nil, reason: "there are no prompts")
    }
    try requireFinite(values, "a mean over prompts", unit: "prompt")
    try requireWidth(groups.sampleCount, values.count, "the groups")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    promptCount = values.count
    groupCount = groups.count
    guard groups.count > 1 else {
      standardError = .undefined("one group has no spread")
      pValue = nil
      return
    }
    var sums = [Double](repeating: 0, count: groups.count)
    for (value, group) in zip(values, groups.indices) { sums[group] += value - mean }
    let freedom = Double(groups.count - 1)
    let squares = sums.reduce(0) { $0 + $1 * $1 }
    let error = (squares * (freedom + 1) / freedom).squareRoot() / count
    // Equal values leave rounding only, which is no estimate of a spread.
    guard error > 16 * mean.ulp else {
      standardError = .undefined("the groups do not differ")
      pValue = nil
      return
    }
    standardError = .finite(error)
    pValue =
      2 * StudentDistribution.cumulative(-(mean / error).magnitude, degreesOfFreedom: freedom)
  }

  /// The interval of Student's *t* with G − 1 degrees of freedom.
  ///
  /// - Parameter level: The nominal coverage, between 0 and 1.
  /// - Returns: `nil` without a standard error, or for fewer than 20 groups.
  public func interval(level: Double = 0.95) -> Interval? {
    guard let error = standardError.finiteValue, groupCount >= IntervalOutcome.minimumGroupCount
    else {
      return nil
    }
    let reach =
      error
      * StudentDistribution.quantile(
        0.5 + 0.5 * level, degreesOfFreedom: Double(groupCount - 1))
    return Interval(lower: mean - reach, upper: mean + reach, level: level, method: "student-t")
  }

  /// Whether the mean differs from 0.
  ///
  /// - Parameter level: The chance of calling a true 0 different, such as 0.05.
  /// - Returns: `false` if there is no test.
  public func differsFromZero(level: Double = 0.05) -> Bool {
    pValue.map { $0 < level } ?? false
  }
}
