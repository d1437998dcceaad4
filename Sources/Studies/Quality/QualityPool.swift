internal import AlignmentQuality
internal import Evaluation
internal import Optimization
internal import Probes

/// What pooling the layers of an experiment gives on held-out samples.
struct QualityPool: Sendable {
  /// What cross-validation gave; `nil` if the samples do not allow it.
  let outcome: PoolingOutcome?
  /// The layer of each weight.
  let layers: [Int]
  /// Why there is no outcome.
  let warnings: [String]
  /// Its numbers, as cells of no layer, and the weights as cells of theirs.
  let cells: [QualityCell]

  /// The name of pooling in records; its variant is the rule.
  static let identifier = "layer-pooling"

  init(_ outcome: PoolingOutcome, layers: [Int], points: QualityPoints) {
    self.outcome = outcome
    self.layers = layers
    warnings = []
    let name = MethodName(Self.identifier, variant: outcome.rule.rawValue)
    let groupCount = Grouping(points.groups).count
    func measurement(_ metric: String, _ value: MeasuredValue, flags: [Flag] = []) -> Measurement {
      Measurement(
        metric: metric, value: value, sampleCount: points.samples.count, groupCount: groupCount,
        flags: flags)
    }
    let heldOut = QualityCell(
      name: name, layer: nil, category: nil,
      measurement: measurement("held-out-separation", outcome.heldOut, flags: outcome.flags),
      details: [
        measurement("held-out-separation-of-one-layer", outcome.heldOutSingle),
        measurement("held-out-separation-of-equal-weights", outcome.heldOutMean),
        measurement("training-separation", outcome.training),
        measurement("support-size", .finite(Double(outcome.supportSize))),
        measurement("entropy", .finite(outcome.entropy)),
      ] + (outcome.alignmentLoss.map { [measurement("alignment-loss", .finite($0))] } ?? []))
    cells =
      [heldOut]
      + zip(layers, outcome.weights).map { layer, weight in
        QualityCell(
          name: name, layer: layer, category: nil,
          measurement: measurement("weight", .finite(weight)), details: [])
      }
  }
}

extension QualityPool {
  /// No pool, for a reason that must not cost the other results.
  init(refused reason: String) {
    outcome = nil
    layers = []
    cells = []
    warnings = ["layers were not pooled: \(reason)"]
  }
}

extension QualityExperiment {
  /// Cross-validates a pool of the chosen layers.
  func pooled(_ rule: PoolingRule, _ points: QualityPoints) throws -> QualityPool {
    let foldCount = min(Self.poolingFoldCount, Grouping(points.groups).count)
    guard foldCount > 1 else {
      return QualityPool(refused: "weights are cross-validated, and all samples are in one group")
    }
    let sources = try layers.map { try points.source(layer: $0) }
    let layered = try LayeredPoints(
      sources, rows: points.rows, labels: points.labels, groups: points.groups)
    var settings = PoolingSettings()
    settings.referenceLabel = points.labels.max() ?? 1
    settings.hinge = try poolingMargin.map { try HingeSeparation(margin: $0) }
    do throws(AlignmentQualityError) {
      let pooling = try CrossValidatedPooling(
        layered, folds: foldCount, seed: SeededGenerator.derivedSeed(seed, .split))
      return QualityPool(
        try pooling.crossValidate(rule, settings: settings), layers: layers, points: points)
    } catch {
      guard case .invalidSetting = error else { throw error }
      return QualityPool(refused: error.description)
    }
  }

  private static let poolingFoldCount = 5
}
