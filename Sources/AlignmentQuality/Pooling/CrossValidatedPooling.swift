internal import Evaluation
internal import LinearAlgebra

/// Points at several layers, measured once in folds, so that every pooling rule can be judged on points that
/// its weights were not chosen on.
///
/// Weights that are chosen and scored on the same points look better than they are, the more so the more
/// layers there are for each point. Folds part no group.
public struct CrossValidatedPooling: Sendable {
  /// The points.
  public let points: LayeredPoints
  /// The fold of each point, from 0.
  public let folds: [Int]
  /// How many folds there are.
  public let foldCount: Int

  private let seed: UInt64
  /// The statistics of each class: of all points, and for each fold of the others and of itself.
  private let whole: [LayerMoments]
  private let training: [[LayerMoments]]
  private let heldOut: [LayerScatter]

  /// Measures points at all layers in one pass.
  ///
  /// - Parameters:
  ///   - points: The points with their classes and groups.
  ///   - foldCount: How many folds; fewer leave fewer points to choose weights on.
  ///   - seed: The seed of the folds, and of the pairs of ``PoolingRule/hinge``.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for fewer than 2 folds
  ///   or more than groups, or an error of the layers.
  /// - Complexity: O(*n* · L² · *d*), and memory for 2 · folds · K · L · *d* means.
  public init(
    _ points: LayeredPoints, folds foldCount: Int = 5, seed: UInt64
  ) throws(AlignmentQualityError) {
    self.points = points
    self.foldCount = foldCount
    self.seed = seed
    folds = try GroupFolds.assign(foldCount, to: points.points, seed: seed)
    let parts = try LayerMoments.measure(points, parts: folds, partCount: foldCount)
    whole = Self.merged(parts)
    training = parts.indices.map { fold in
      Self.merged(parts.indices.filter { $0 != fold }.map { parts[$0] })
    }
    heldOut = parts.map { LayerScatter($0) }
  }

  /// The products of all points, which give the scatter for any weights.
  public var scatter: LayerScatter { LayerScatter(whole) }

  /// Chooses weights by a rule for each fold on the others, and scores them on it.
  ///
  /// - Parameters:
  ///   - rule: How weights are chosen.
  ///   - settings: The objective, and the settings of the rule.
  /// - Returns: Held-out values beside those of the best single layer and of equal weights. A fold that has
  ///   no value, as one with a single point of a class, leaves the mean undefined.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a hinge without a
  ///   margin, a reference label that no point has, or folds that leave too few points to choose on.
  /// - Complexity: O(folds · L³) but for ``PoolingRule/hinge``, which reads the points of its pairs once, and
  ///   ``PoolingRule/cosine``, which reads all points twice for each fold.
  public func crossValidate(
    _ rule: PoolingRule, settings: PoolingSettings = PoolingSettings()
  ) throws(AlignmentQualityError) -> PoolingOutcome {
    let fitter = try PoolingFitter(rule, settings: settings, points: points, seed: seed)
    var results: [PoolingFold] = []
    for fold in 0..<foldCount {
      results.append(try result(of: fitter, fold: fold))
    }
    let final = try fitter.fit(whole, positions: Set(folds.indices))
    let scored = try fitter.weights(of: final, positions: Array(folds.indices))
    let values = results.map(\.heldOut)
    return PoolingOutcome(
      rule: rule, objective: settings.objective, folds: results, pooling: final.pooling,
      weights: scored.mean, training: .mean(of: results.map(\.training)),
      heldOut: .mean(of: values), heldOutSingle: .mean(of: results.map(\.heldOutSingle)),
      heldOutMean: .mean(of: results.map(\.heldOutMean)), alignmentLoss: scored.alignmentLoss,
      flags: final.flags + Self.flags(rule, results))
  }

  private func result(
    of fitter: PoolingFitter, fold: Int
  ) throws(AlignmentQualityError) -> PoolingFold {
    let inside = folds.indices.filter { folds[$0] == fold }
    let outside = folds.indices.filter { folds[$0] != fold }
    let fitted = try fitter.fit(training[fold], positions: Set(outside))
    let scatter = LayerScatter(training[fold])
    let single = fitter.settings.objective.ratio(of: scatter).bestLayer
    let layerCount = points.layerCount
    return PoolingFold(
      number: fold, weights: try fitter.weights(of: fitted, positions: inside).mean,
      training: try fitter.value(of: fitted, on: scatter, positions: outside),
      heldOut: try fitter.value(of: fitted, on: heldOut[fold], positions: inside),
      singleLayer: single,
      heldOutSingle: fitter.value(
        of: (0..<layerCount).map { $0 == single ? 1 : 0 }, on: heldOut[fold]),
      heldOutMean: fitter.value(
        of: [Double](repeating: 1 / Double(layerCount), count: layerCount), on: heldOut[fold]),
      flags: fitted.flags)
  }

  private static func merged(_ parts: [[LayerMoments]]) -> [LayerMoments] {
    var total = parts[0]
    for part in parts.dropFirst() {
      for index in total.indices { total[index].merge(part[index]) }
    }
    return total
  }

  private static func flags(_ rule: PoolingRule, _ folds: [PoolingFold]) -> [Flag] {
    guard rule.learnsWeights || rule == .single,
      let training = MeasuredValue.mean(of: folds.map(\.training)).finiteValue,
      let heldOut = MeasuredValue.mean(of: folds.map(\.heldOut)).finiteValue
    else { return [] }
    var flags: [Flag] = []
    // Half of what was seen in training is gone.
    if training > 0, heldOut < training / 2 {
      flags.append(Flag("pooling-overfits", detail: "training \(training), held out \(heldOut)"))
    }
    let single = MeasuredValue.mean(of: folds.map(\.heldOutSingle)).finiteValue
    if rule.learnsWeights, let single, heldOut <= single {
      flags.append(
        Flag("no-better-than-one-layer", detail: "held out \(heldOut), one layer \(single)"))
    }
    return flags
  }
}
