/// Which candidate becomes the refusal direction.
///
/// Candidates that have no score, lie too deep, change harmless predictions too much, or do not induce refusal are
/// dropped; of the others the one whose ablation leaves the least refusal is chosen. Arditi et al. (2024), arXiv
/// 2406.11717, appendix C.
public struct RefusalDirectionSelection: Sendable, Codable, Equatable {
  /// The name of the strategy.
  public static let identifier = "refusal-direction"

  /// Why a candidate is dropped; the first reason in this order counts.
  public enum DropReason: String, Sendable, Codable, CaseIterable {
    /// A score is NaN.
    case noScore = "no-score"
    /// The layer is among the deepest.
    case deepLayer = "deep-layer"
    /// The divergence is above its limit.
    case divergence
    /// Adding the direction induces too little refusal.
    case steeringScore = "steering-score"
  }

  /// A candidate that was looked at.
  public struct Candidate: Sendable, Codable, Equatable {
    /// How it fared.
    public let evaluation: DirectionEvaluation
    /// Why it was dropped; `nil` if it passed.
    public let dropReason: DropReason?
  }

  /// The filter's limits.
  public struct Limits: Sendable, Codable, Equatable {
    /// The share of the layers, from the deepest, whose candidates are dropped.
    public var deepShare = 0.2
    /// The largest divergence that passes, in nats.
    public var divergence = 0.1
    /// The lowest steering score that passes.
    public var steeringScore = 0.0

    /// The published limits.
    public init() {}
  }

  /// All candidates, in the order they came in.
  public let candidates: [Candidate]
  /// The candidate chosen, the first of equal ones; `nil` if none passed.
  public let chosen: DirectionEvaluation?

  /// How many candidates passed.
  public var passingCount: Int { candidates.count { $0.dropReason == nil } }

  /// Selects a candidate.
  ///
  /// - Parameters:
  ///   - evaluations: At least one.
  ///   - layerCount: L, how many blocks the model has; layers from ⌊(1 − share) · L⌋ on are deep.
  ///   - limits: The filter's limits.
  /// - Throws: ``SteeringError/invalidCurve(what:place:reason:)`` without evaluations or for a layer that the
  ///   model lacks; ``SteeringError/invalidSetting(method:name:value:expected:)``.
  public init(
    of evaluations: [DirectionEvaluation], layerCount: Int, limits: Limits = Limits()
  ) throws(SteeringError) {
    for (name, value, isValid, expected) in [
      ("deepShare", limits.deepShare, (0...1).contains(limits.deepShare), "from 0 to 1"),
      ("divergence", limits.divergence, !limits.divergence.isNaN, "a number"),
      ("steeringScore", limits.steeringScore, !limits.steeringScore.isNaN, "a number"),
    ] where !isValid {
      throw .invalidSetting(
        method: Self.identifier, name: name, value: "\(value)", expected: expected)
    }
    guard !evaluations.isEmpty else {
      throw .invalidCurve(
        what: "the direction evaluations", place: nil, reason: "there are none")
    }
    if let place = evaluations.firstIndex(where: { !(0..<layerCount).contains($0.layer) }) {
      throw .invalidCurve(
        what: "the direction evaluations", place: "entry \(place)",
        reason: "layer \(evaluations[place].layer) is not below the \(layerCount) layers named")
    }
    let firstDeep = Int((1 - limits.deepShare) * Double(layerCount))
    candidates = evaluations.map {
      Candidate(
        evaluation: $0, dropReason: Self.dropReason($0, firstDeep: firstDeep, limits: limits))
    }
    var best: (score: Double, evaluation: DirectionEvaluation)?
    for candidate in candidates where candidate.dropReason == nil {
      guard let score = candidate.evaluation.refusalScore else { continue }
      if best.map({ score < $0.score }) ?? true { best = (score, candidate.evaluation) }
    }
    chosen = best?.evaluation
  }

  private static func dropReason(
    _ evaluation: DirectionEvaluation, firstDeep: Int, limits: Limits
  ) -> DropReason? {
    guard evaluation.refusalScore != nil, let divergence = evaluation.divergence,
      let steeringScore = evaluation.steeringScore
    else { return .noScore }
    if evaluation.layer >= firstDeep { return .deepLayer }
    if divergence > limits.divergence { return .divergence }
    return steeringScore < limits.steeringScore ? .steeringScore : nil
  }
}
