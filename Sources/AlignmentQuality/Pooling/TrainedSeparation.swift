public import Evaluation

/// Layer weights that were trained by ``HingeSeparation``.
public struct TrainedSeparation: Sendable, Equatable {
  /// Why a descent ended.
  public enum Ending: String, Sendable, Codable {
    /// The slope is 0: no pair is nearer than the margin, or one layer has all the weight.
    case stationary
    /// A step saved less of the loss than the tolerance.
    case smallDecrease = "small-decrease"
    /// No step along the slope lowers the loss, as at a kink of the hinge or of the map.
    case noDescent = "no-descent"
    /// The steps ran out.
    case stepLimit = "step-limit"
  }

  /// α, one a layer, of sum 1.
  public let weights: [Double]
  /// z, the scores that the weights are a map of.
  public let scores: [Double]
  /// The loss at the weights.
  public let loss: HingeSeparation.Loss
  /// The loss at equal weights, where the descent began.
  public let initialLoss: HingeSeparation.Loss
  /// How many steps were taken.
  public let stepCount: Int
  /// Why the descent ended.
  public let ending: Ending

  /// What a reader must know.
  public var flags: [Flag] {
    var flags: [Flag] = []
    if initialLoss.activePairCount == 0 {
      flags.append(
        Flag(
          "margin-inactive",
          detail: "no pair is nearer than the margin at equal weights, so nothing was learned"))
    }
    if loss.coincidentPairCount > 0 {
      flags.append(Flag("coincident-pairs", detail: "\(loss.coincidentPairCount)"))
    }
    if ending == .stepLimit { flags.append(Flag("not-converged", detail: "iteration-limit")) }
    return flags
  }
}
