public import Evaluation

/// The local expansions of all prompts together.
///
/// A loss of helpfulness that is quadratic, as the trade-off paper's theorem 2 has it, needs the linear terms
/// of prompts to cancel. Here that is tested and not assumed.
public struct ExpansionSummary: Sendable, Codable, Equatable {
  /// The mean of Var_p g: the mean divergence is ½ r² of it near r = 0.
  public let slopeVariance: GroupedMean
  /// The mean of dP/dr, with the test that it is 0; `nil` if a prompt has no correct token.
  public let helpfulnessSlope: GroupedMean?
  /// The mean of d²P/dr²; `nil` if a prompt has no correct token.
  public let helpfulnessCurvature: GroupedMean?
  /// The mean of ḡ − g_c, near 0 where predictions are calibrated; `nil` if a prompt has no correct token.
  public let crossEntropySlope: GroupedMean?
  /// The mean of dB/dr; `nil` if a prompt has no sets.
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
      let values = expansions.compactMap(value)
      guard values.count == expansions.count else { return nil }
      return try GroupedMean(of: values, groups: grouping)
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
