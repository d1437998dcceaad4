internal import Evaluation
internal import LinearAlgebra

/// Chooses weights by one rule, and scores them.
struct PoolingFitter {
  /// A pooling, and what to know about its choice.
  struct Fitted {
    let pooling: LayerPooling
    var flags: [Flag] = []
  }

  let rule: PoolingRule
  let settings: PoolingSettings
  let points: LayeredPoints
  /// The training of the hinge, and the pairs of all points, of which a fit takes those within its own.
  private let hinge: (training: HingeSeparation, pairs: LayerPairProducts)?
  private let referenceClass: Int

  init(
    _ rule: PoolingRule, settings: PoolingSettings, points: LayeredPoints, seed: UInt64
  ) throws(AlignmentQualityError) {
    self.rule = rule
    self.settings = settings
    self.points = points
    let place = points.points.labels.firstIndex(of: settings.referenceLabel)
    if rule == .cosine, place == nil {
      throw .invalidSetting(
        method: "cosine pooling", name: "referenceLabel", value: "\(settings.referenceLabel)",
        expected: "one of the labels \(points.points.labels)")
    }
    referenceClass = place ?? 0
    guard rule == .hinge else {
      hinge = nil
      return
    }
    guard let training = settings.hinge else { throw Self.noMargin }
    let pairs = try LayerPairProducts.pairs(
      of: points.points, limit: settings.pairLimit, seed: seed)
    hinge = (training, try LayerPairProducts(points, pairs: pairs))
  }

  private static let noMargin = AlignmentQualityError.invalidSetting(
    method: "hinge pooling", name: "margin", value: "not given",
    expected: "a distance above 0, in the units of the activations; no source names one")

  /// The choice on some of the points.
  func fit(
    _ moments: [LayerMoments], positions: Set<Int>
  ) throws(AlignmentQualityError) -> Fitted {
    let scatter = LayerScatter(moments)
    if let reason = settings.objective.undefinedReason(of: scatter) {
      throw .invalidSetting(
        method: "cross-validated pooling", name: "training points",
        value: "too few, or of one class (\(reason))", expected: "folds that leave more")
    }
    let ratio = settings.objective.ratio(of: scatter)
    let layerCount = points.layerCount
    switch rule {
    case .mean:
      return Fitted(
        pooling: .shared([Double](repeating: 1 / Double(layerCount), count: layerCount)))
    case .single: return Fitted(pooling: .shared(ratio.single(ratio.bestLayer)))
    case .simplex: return try simplex(ratio)
    case .eigenvector: return try eigenvector(ratio)
    case .hinge:
      guard let (training, pairs) = hinge else { throw Self.noMargin }
      let trained = try training.train(
        on: pairs.filter { positions.contains($0.first) && positions.contains($0.second) })
      return Fitted(pooling: .shared(trained.weights), flags: trained.flags)
    case .cosine:
      return Fitted(
        pooling: .perExampleCosine(
          reference: moments[referenceClass].means, map: settings.cosineMap,
          temperature: settings.cosineTemperature))
    }
  }

  /// The objective of a choice on a part of the points.
  func value(
    of fitted: Fitted, on scatter: LayerScatter, positions: [Int]
  ) throws(AlignmentQualityError) -> MeasuredValue {
    if case .shared(let weights) = fitted.pooling { return value(of: weights, on: scatter) }
    do {
      // Weights of each point's own leave the products of layers; the pooled points are one layer.
      let pooled = try points.pooled(fitted.pooling)
      let part = try LayeredPoints(
        [pooled.source], rows: positions.map { pooled.rows[$0] },
        labels: positions.map { pooled.classes[$0] })
      return value(of: [1], on: try LayerScatter(part))
    } catch {
      guard case .zeroVector = error else { throw error }
      return .undefined("\(error)")
    }
  }

  /// The objective of shared weights on products of layers.
  func value(of weights: [Double], on scatter: LayerScatter) -> MeasuredValue {
    if let reason = settings.objective.undefinedReason(of: scatter) { return .undefined(reason) }
    return settings.objective.ratio(of: scatter).value(at: weights)
  }

  /// The mean weights of some points, and their mean L_align where they have cosines.
  func weights(
    of fitted: Fitted, positions: [Int]
  ) throws(AlignmentQualityError) -> (mean: [Double], alignmentLoss: Double?) {
    guard case .perExampleCosine(let reference, _, _) = fitted.pooling else {
      guard case .shared(let weights) = fitted.pooling else { return ([], nil) }
      return (weights, nil)
    }
    return try PooledPoints(points.layers, fitted.pooling).meanWeights(
      of: positions.map { points.points.rows[$0] }, reference: reference)
  }

  private func simplex(_ ratio: QuadraticRatio) throws(AlignmentQualityError) -> Fitted {
    guard let maximum = ratio.simplexMaximum() else {
      throw .invalidSetting(
        method: "simplex pooling", name: "layers", value: "none that scatters within its classes",
        expected: "at least one layer whose points differ within a class")
    }
    let flags = maximum.isConverged ? [] : [Flag("not-converged", detail: "simplex-search")]
    return Fitted(pooling: .shared(maximum.weights), flags: flags)
  }

  private func eigenvector(_ ratio: QuadraticRatio) throws(AlignmentQualityError) -> Fitted {
    let leading = try ratio.leadingWeights(relativeRidge: settings.relativeRidge)
    var flags: [Flag] = []
    if leading.relativeRidge > settings.relativeRidge {
      flags.append(Flag("raised-ridge", detail: "\(leading.relativeRidge)"))
    }
    let negative = leading.weights.count { $0 < 0 }
    if negative > 0 {
      flags.append(
        Flag("negative-layer-weights", detail: "\(negative) of \(leading.weights.count)"))
    }
    return Fitted(pooling: .shared(leading.weights), flags: flags)
  }
}
