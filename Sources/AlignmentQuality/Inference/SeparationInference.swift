internal import Evaluation
internal import LinearAlgebra

/// Intervals for the debiased separation, and through it for the indices that are functions of trB/trW.
///
/// An index of cluster validity has no valid bootstrap: resampling adds the sampling error of the means to
/// their distances a second time, so that nearly all replicates lie above the estimate, which itself lies
/// above the truth. F_u has no such bias. Its variance comes from leaving out one group at a time, which
/// ``GroupMoments`` makes exact without another look at the points:
/// V_J = (G − 1)/G Σ (F_(g) − F̄)².
///
/// F_u is a quadratic function of the means: its numerator holds a sum over pairs of groups, Σ_{g≠h} κ_gh with
/// κ_gh = Σ p_k ⟨e_gk − ē_g, e_hk − ē_h⟩. The jackknife counts the variance of that sum twice (Efron & Stein,
/// 1981), which makes intervals 1.4 times too wide where classes are not separated; and where the points lie
/// near a line it can miss all of that variance. So V_Q = 2 Σ_{g≠h} κ_gh²/W_u² is estimated by itself, and the
/// variance is max(V_J − V_Q, V_Q): counted once, and never less than it is alone.
///
/// The variance grows with the separation: towards a value F it is about V(F) = V + (V/F₀)(F − F_u), with the
/// plain F₀ = trB/(n W_u), or the error F₀ − F_u that it has on average if that is larger. The interval holds
/// every F with (F_u − F)² ≤ t² V(F), as Wilson's interval of a share does: with h = t² V/(2F₀) its ends are
/// F_u + h ± √(h² + t² V). Student's t has one degree of freedom fewer than the smallest number of groups
/// that a class is in.
///
/// Efron & Stein (1981), "The jackknife estimate of variance", doi:10.1214/aos/1176345462, theorem 2.
public struct SeparationInference: Sendable {
  /// The name of the method in results.
  public static let method = "corrected-jackknife-by-group"
  /// The name in results of an interval that was carried over to another index.
  public static let transformedMethod = "transformed-corrected-jackknife-by-group"
  /// What intervals are computed from.
  public static let ingredients: Set<Ingredient> = [.scatter, .groupMoments]

  /// The separation that is estimated.
  public let index: DebiasedSeparationIndex
  /// The nominal coverage.
  public let level: Double

  /// Prepares intervals.
  ///
  /// - Parameters:
  ///   - index: The separation that is estimated; by group unless you know better.
  ///   - level: The nominal coverage.
  /// - Throws: ``AlignmentQualityError/evaluation(_:)`` for a level outside (0, 1).
  public init(
    index: DebiasedSeparationIndex = DebiasedSeparationIndex(), level: Double = 0.95
  ) throws(AlignmentQualityError) {
    do throws(EvaluationError) {
      try IntervalOutcome.check(level: level)
    } catch {
      throw .evaluation(error)
    }
    self.index = index
    self.level = level
  }

  /// Estimates the separation of points.
  ///
  /// - Parameter points: The points with their classes and groups.
  /// - Returns: F_u with its interval.
  /// - Throws: ``AlignmentQualityError`` if the points cannot be read.
  /// - Complexity: O(*n* · *d*), in two passes, or three where groups have several points.
  public func estimate(of points: LabelledPoints) throws(AlignmentQualityError)
    -> SeparationEstimate
  {
    try estimate(of: try ClusterMeasurer.measure(points, Self.ingredients))
  }

  /// Estimates the separation from measurements.
  ///
  /// - Parameter measurements: Measurements with ``ingredients``.
  /// - Returns: F_u with its interval. There is none but a flag with fewer than 20 groups, or if F_u has no
  ///   finite value on all points, or on those without some group (`undefined-replicates`).
  /// - Throws: As ``DebiasedSeparationIndex/value(of:)-(ClusterMeasurements)``.
  /// - Complexity: O(G · K²) for G groups.
  public func estimate(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> SeparationEstimate {
    let value = try index.value(of: measurements)
    guard let moments = measurements.groupMoments else {
      let reason = "the groups were not measured, so there is no interval"
      return SeparationEstimate(
        value: value, outcome: IntervalOutcome(interval: nil, flags: [Self.none(reason)]),
        groupCount: measurements.scatter.pointCount)
    }
    return SeparationEstimate(
      value: value, outcome: outcome(value, measurements.scatter, moments),
      groupCount: moments.groupCount)
  }

  private func outcome(
    _ value: IndexValue, _ scatter: ClassScatter, _ moments: GroupMoments
  ) -> IntervalOutcome {
    guard let estimate = value.value.finiteValue else {
      return IntervalOutcome(interval: nil, flags: [])
    }
    if let refusal = IntervalOutcome.refusal(groupCount: moments.groupCount) { return refusal }
    let replicates = replicates(scatter, moments)
    let known = replicates.compactMap { $0 }
    guard known.count == replicates.count else {
      let detail = "without \(replicates.count - known.count) of \(replicates.count) groups"
      return IntervalOutcome(
        interval: nil, flags: [Flag("undefined-replicates", detail: detail)])
    }
    let within = index.withinVariance(scatter, totals: totals(moments.totals))
    let variance = CorrectedJackknife.variance(
      replicates: known, quadratic: 2 * moments.squaredKernelSum / (within * within))
    guard variance > 0 else { return IntervalOutcome(interval: nil, flags: [.zeroVariance]) }
    return IntervalOutcome(
      interval: interval(
        around: estimate, variance: variance,
        plain: scatter.between / Double(scatter.pointCount) / within,
        groupCount: moments.totals.groupCounts.min() ?? 2))
  }

  /// All F with (F_u − F)² ≤ t² [V + (V/F₀)(F − F_u)].
  private func interval(
    around estimate: Double, variance: Double, plain: Double, groupCount: Int
  ) -> Interval {
    let quantile = StudentDistribution.quantile(
      0.5 + 0.5 * level, degreesOfFreedom: Double(max(1, groupCount - 1)))
    let squared = quantile * quantile * variance
    // Where the means are nearer than their error, that error is the scale.
    let scale = max(plain, plain - estimate)
    let shift = scale > 0 ? 0.5 * squared / scale : 0
    let half = (shift * shift + squared).squareRoot()
    return Interval(
      lower: estimate + shift - half, upper: estimate + shift + half, level: level,
      method: Self.method)
  }

  /// F_u without each group in turn, exactly as from the remaining points.
  ///
  /// - Parameter measurements: Measurements with ``ingredients``.
  /// - Returns: One number a group, in the order of the groups' numbers; `nil` where F_u has no finite value
  ///   without the group. Nothing where the groups were not measured.
  /// - Complexity: O(G · K²) for G groups.
  public func replicates(of measurements: ClusterMeasurements) -> [Double?] {
    measurements.groupMoments.map { replicates(measurements.scatter, $0) } ?? []
  }

  private func replicates(_ scatter: ClassScatter, _ moments: GroupMoments) -> [Double?] {
    Parallel.map(moments.groupCount) { number in
      guard let rest = moments.leavingOut(number, of: scatter) else { return nil }
      return index.value(of: rest.scatter, totals: totals(rest.totals)).value.finiteValue
    }
  }

  /// The sums over groups, if the index looks at them.
  private func totals(_ totals: GroupTotals) -> GroupTotals? {
    index.debiasing == .byGroup ? totals : nil
  }

  /// A flag for an index without any valid interval.
  static func none(_ reason: String) -> Flag { Flag("no-interval", detail: reason) }
}

/// The variance of a statistic with a part that is quadratic in the groups.
enum CorrectedJackknife {
  /// max(V_J − V_Q, V_Q) with the jackknife's variance V_J = (G − 1)/G Σ (x_g − x̄)².
  ///
  /// - Parameters:
  ///   - replicates: x_g, the statistic without each group.
  ///   - quadratic: V_Q, the variance of the quadratic part.
  /// - Returns: The variance.
  static func variance(replicates: [Double], quadratic: Double) -> Double {
    let count = Double(replicates.count)
    let mean = replicates.reduce(0, +) / count
    let squares = replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return max((count - 1) / count * squares - quadratic, quadratic)
  }
}
