/// How layer weights are chosen.
public enum PoolingRule: String, Sendable, Codable, CaseIterable {
  /// The same weight for every layer; nothing is learned.
  case mean
  /// The layer that is best alone.
  case single
  /// The weights on the simplex with the largest objective.
  case simplex
  /// The weights of any sign with the largest objective.
  case eigenvector
  /// Weights on the simplex trained by ``HingeSeparation``.
  case hinge
  /// Weights of each point's own, by its cosines with the mean of the reference class.
  case cosine

  /// One line of help.
  public var summary: String {
    switch self {
    case .mean: "equal weights"
    case .single: "the layer that is best alone"
    case .simplex: "the best weights that are not negative"
    case .eigenvector: "the best weights of any sign"
    case .hinge: "weights that push pairs of the two classes a margin apart"
    case .cosine: "weights of each point's own, by its cosines with the reference class"
    }
  }

  /// Whether weights are fitted to labelled points, so that they can fit noise.
  var learnsWeights: Bool { self != .mean && self != .single }
}

/// The settings of the rules that have any.
public struct PoolingSettings: Sendable, Equatable {
  /// What weights are chosen and judged by.
  public var objective = PoolingObjective.debiasedSeparation
  /// The first ridge of the eigenvector, a share of each layer's scatter.
  public var relativeRidge = 1e-10
  /// The training of ``PoolingRule/hinge``, which has no default margin; `nil` where the rule is not used.
  public var hinge: HingeSeparation?
  /// The most pairs that ``PoolingRule/hinge`` trains on; more are drawn from.
  public var pairLimit = 4096
  /// The label whose training mean is the reference of ``PoolingRule/cosine``: the safe one.
  public var referenceLabel = 1
  /// What makes weights of cosines.
  public var cosineMap = SimplexMap.softmax
  /// What the cosines are divided by.
  public var cosineTemperature = 1.0

  /// The defaults.
  public init() {}
}
