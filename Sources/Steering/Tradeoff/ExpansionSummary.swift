public import Evaluation

/// The local expansions of all prompts together.
///
/// A loss of helpfulness that is quadratic, as the trade-off paper's theorem 2 has it, needs the linear terms
/// of prompts to cancel. Here that is tested and not assumed.
public struct ExpansionSummary: Sendable, Codable, Equatable {
  /// The mean of Var_p g: the mean divergence is ½ r² of it near r = 0.
  public let slopeVariance: GroupedMean
  /// The mean of dP/dr over prompts with a correct token, with the test that it is 0; `nil` without any.
  public let helpfulnessSlope: GroupedMean?
  /// The mean of d²P/dr² over the same.
  public let helpfulnessCurvature: GroupedMean?
  /// The mean of ḡ − g_c over the same, near 0 where predictions are calibrated.
  public let crossEntropySlope: GroupedMean?
  /// The mean of dB/dr over prompts with sets; `nil` without any.
  public let behaviourSlope: GroupedMean?

  /// Means over prompts.
  ///
  /// - Parameters:
  ///   - expansions: One a prompt, at least one.
  ///   - groups: The group of each prompt; each its own if not given.
  /// - Throws: ``SteeringError/invalidCurve(what:place:reason:)``,
  ///   ``SteeringError/widthMismatch(what:expected:actual:)``.
  public init(of expansions: [LocalExpansion], groups: [Int]? = nil) throws(SteeringError) {
    let grouping = groups.map { Grouping($0) } ?? Grouping(ungrouped: expansions.count)
    slopeVariance = try GroupedMean(of: expansions.map(\.slopeVariance), groups: grouping)
    func mean(
      _ value: (LocalExpansion) -> Double?
    ) throws(SteeringError) -> GroupedMean? {
      let values = expansions.map(value)
      let places = values.indices.filter { values[$0] != nil }
      guard !places.isEmpty else { return nil }
      return try GroupedMean(
        of: values.compactMap { $0 }, groups: Grouping(places.map { grouping.indices[$0] }))
    }
    helpfulnessSlope = try mean { $0.helpfulness?.slope }
    helpfulnessCurvature = try mean { $0.helpfulness?.curvature }
    crossEntropySlope = try mean { $0.helpfulness?.crossEntropySlope }
    behaviourSlope = try mean { $0.behaviour?.slope }
  }

  /// η_KL = (dB/dr)² / (½ Var): squared behaviour gained per nat of divergence, whatever the vector's length.
  public var efficiencyPerDivergence: MeasuredValue {
    guard let behaviourSlope else { return .undefined("no aligned and misaligned tokens") }
    guard slopeVariance.mean > 0 else { return .undefined("the vector changes no prediction") }
    return .finite(behaviourSlope.mean * behaviourSlope.mean / (0.5 * slopeVariance.mean))
  }
}
