public import Evaluation
internal import RealModule

/// What a pooling rule is worth on points that its weights were not chosen on.
public struct PoolingOutcome: Sendable, Equatable {
  /// The rule.
  public let rule: PoolingRule
  /// What weights were chosen and judged by.
  public let objective: PoolingObjective
  /// One result a fold.
  public let folds: [PoolingFold]
  /// The pooling that the rule chooses on all points: what to use on other data.
  ///
  /// Its own objective on these points would be too good; report ``heldOut``.
  public let pooling: LayerPooling
  /// The weights of ``pooling``, one a layer; their mean over points where each has its own.
  public let weights: [Double]
  /// The mean objective of the rule's weights on the points they were chosen on.
  public let training: MeasuredValue
  /// The mean objective of the rule's weights on held-out points.
  public let heldOut: MeasuredValue
  /// The mean held-out objective of the single layer that was best in training.
  public let heldOutSingle: MeasuredValue
  /// The mean held-out objective of equal weights.
  public let heldOutMean: MeasuredValue
  /// The mean of L_align over all points, for ``PoolingRule/cosine``.
  public let alignmentLoss: Double?
  /// What a reader must know.
  public let flags: [Flag]

  /// How many layers have a weight.
  public var supportSize: Int { weights.count { $0 != 0 } }
  /// −Σ p ln p in nats with the shares p = |α| / Σ |α|: from 0 for one layer to ln L for equal weights.
  public var entropy: Double {
    let total = weights.reduce(0) { $0 + $1.magnitude }
    return -weights.reduce(0) { sum, weight in
      let share = weight.magnitude / total
      return share > 0 ? sum + share * Double.log(share) : sum
    }
  }
}

/// What a pooling rule chose on the other folds, and what it is worth on this one.
public struct PoolingFold: Sendable, Equatable {
  /// The fold, from 0.
  public let number: Int
  /// The weights that were chosen on the other folds, one a layer.
  ///
  /// Where each point has its own: the mean over the points of this fold.
  public let weights: [Double]
  /// The objective on the other folds.
  public let training: MeasuredValue
  /// The objective on this fold.
  public let heldOut: MeasuredValue
  /// The single layer that was best on the other folds, by its place.
  public let singleLayer: Int
  /// The objective of that layer on this fold.
  public let heldOutSingle: MeasuredValue
  /// The objective of equal weights on this fold.
  public let heldOutMean: MeasuredValue
  /// What a reader must know of the choice.
  public let flags: [Flag]
}

extension MeasuredValue {
  /// The mean of values; of those without a number, the first decides.
  static func mean(of values: [MeasuredValue]) -> MeasuredValue {
    if let undefined = values.first(where: { if case .undefined = $0 { true } else { false } }) {
      return undefined
    }
    if let infinite = values.first(where: { $0.finiteValue == nil }) { return infinite }
    return .finite(values.reduce(0) { $0 + ($1.finiteValue ?? 0) } / Double(values.count))
  }
}
