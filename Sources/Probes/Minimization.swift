public import Optimization

/// How one try's minimisation went.
public struct Minimization: Sendable, Codable, Equatable {
  /// How many steps were taken.
  public let iterationCount: Int
  /// How often the loss and its gradient were computed.
  public let evaluationCount: Int
  /// Why it ended.
  public let stop: LBFGSOutcome.StopReason
}
