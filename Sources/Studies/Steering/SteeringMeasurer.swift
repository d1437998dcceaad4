public import Evaluation
internal import LinearAlgebra
public import Steering

/// What one method found at one layer.
public struct SteeringCell: Sendable {
  /// The method, or the variant of it.
  public let name: MethodName
  /// The layer.
  public let layer: Int
  /// The vector; `nil` if the training states determine none.
  public let direction: SteeringDirection?
  /// How far it would turn with other prompts; `nil` if that was not asked for or cannot be told.
  public let cone: DirectionCone?
  /// What was measured, in the order of records.
  public internal(set) var measurements: [Measurement]
  /// The same of controls.
  let controls: [ControlMeasurement]
  /// Why there is no vector, and what else is remarkable.
  public let flags: [Flag]

  /// The measurement of a metric.
  ///
  /// - Parameter metric: A metric's name.
  /// - Returns: `nil` if the cell does not have it.
  public func measurement(_ metric: String) -> Measurement? {
    measurements.first { $0.metric == metric }
  }
}

/// The metrics of a steering vector, by their names in records.
enum SteeringMetric {
  static let norm = "norm"
  static let pairAccuracy = "pair-accuracy"
  static let cosineToMeans = "cosine-to-difference-of-means"
  static let cosineToPrevious = "cosine-to-previous-layer"
  static let explainedVariance = "explained-variance"
  static let gapRatio = "gap-ratio"
  static let cone = "cone-angle"
  static let deviation = "standard-deviation"
  static let stateNorm = "mean-state-norm"
}

/// Fits methods at one layer, and reads held-out states along what they find.
struct SteeringMeasurer: Sendable {
  let training: SteeringStates
  let test: SteeringStates
  let layer: Int
  let seed: UInt64
  let level: Double
  let coneBlockCount: Int
  let randomDirectionCount: Int
  /// Whether the states were read behind the final norm, where no vector can be added.
  let isPostNorm: Bool

  /// What a method finds; data without a direction are no error, but a cell that says why.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - name: Its name in results.
  ///   - control: The 95th percentile of the held-out area along random directions; `nil` if none were drawn.
  /// - Returns: The cell.
  /// - Throws: `SteeringError` for settings that cannot be used, or `EvaluationError`.
  func cell(
    of method: some SteeringMethod, named name: MethodName, control: Measurement?
  ) throws -> SteeringCell {
    let found = Result { () throws(SteeringError) in
      try method.direction(of: training, seed: seed, layer: layer)
    }
    if case .failure(.degenerate(_, let reason)) = found {
      return SteeringCell(
        name: name, layer: layer, direction: nil, cone: nil,
        measurements: [measurement(SteeringMetric.norm, .undefined(reason))], controls: [],
        flags: [.undefined(reason)])
    }
    let direction = try found.get()
    let cone =
      coneBlockCount > 0
      ? method.cone(of: training, seed: seed, layer: layer, blockCount: coneBlockCount) : nil
    let diagnostics = direction.diagnostics
    func number(_ metric: String, _ value: Double?) -> [Measurement] {
      value.map { [measurement(metric, .finite($0))] } ?? []
    }
    let area = try areaUnderROC(direction.unit)
    var measurements = number(SteeringMetric.norm, direction.rawNorm) + [area]
    if let accuracy = try pairAccuracy(direction.unit) { measurements.append(accuracy) }
    measurements += number(SteeringMetric.cosineToMeans, diagnostics.cosineToDifferenceOfMeans)
    measurements += number(SteeringMetric.explainedVariance, direction.explainedVariance)
    measurements += number(SteeringMetric.gapRatio, diagnostics.gapRatio)
    measurements += number(SteeringMetric.cone, cone.map { $0.angle * 180 / .pi })
    measurements += number(SteeringMetric.deviation, diagnostics.standardDeviation)
    measurements += number(SteeringMetric.stateNorm, diagnostics.meanStateNorm)
    var flags = direction.flags
    if isPostNorm {
      flags.append(
        Flag(
          "post-norm-states",
          detail: "these states are behind the final norm, and steering adds to those before it"))
    }
    if let bound = control?.value.finiteValue, let value = area.value.finiteValue, value <= bound {
      flags.append(
        Flag(
          "not-above-random-directions",
          detail: "held-out AUROC is within the 95th percentile of random directions"))
    }
    let controls = control.map {
      [
        ControlMeasurement(
          control: ProbeControl.random95, method: nil, category: nil, measurement: $0)
      ]
    }
    return SteeringCell(
      name: name, layer: layer, direction: direction, cone: cone, measurements: measurements,
      controls: controls ?? [], flags: flags)
  }

  private func measurement(_ metric: String, _ value: MeasuredValue) -> Measurement {
    Measurement(
      metric: metric, value: value, sampleCount: training.positive.rowCount,
      groupCount: Grouping(training.positiveGroups + training.negativeGroups).count)
  }

  private func readings(_ unit: [Double]) -> (positive: [Double], negative: [Double]) {
    let single = unit.map { Float($0) }
    let sides = [test.positive, test.negative].map { side in
      product(of: side.view, and: single.span).map { Double($0) }
    }
    return (sides[0], sides[1])
  }

  private func areaUnderROC(_ unit: [Double]) throws(EvaluationError) -> Measurement {
    let sides = readings(unit)
    return try AreaUnderROC.measure(
      scores: sides.positive + sides.negative,
      labels: sides.positive.map { _ in true } + sides.negative.map { _ in false },
      groups: Grouping(test.positiveGroups + test.negativeGroups), level: level)
  }

  /// The share of held-out pairs whose positive side reads higher; `nil` without pairs.
  ///
  /// A tie counts as an error.
  private func pairAccuracy(_ unit: [Double]) throws(EvaluationError) -> Measurement? {
    guard test.isPaired else { return nil }
    let sides = readings(unit)
    var measured = try Accuracy.measure(
      correct: zip(sides.positive, sides.negative).map { $0 > $1 },
      groups: Grouping(test.positiveGroups), level: level)
    measured.metric = SteeringMetric.pairAccuracy
    measured.chance = 0.5
    return measured
  }

  /// The 95th percentile of the held-out area along random directions, each turned by the training states; `nil` if
  /// none are to be drawn.
  func control() throws -> Measurement? {
    guard randomDirectionCount > 0 else { return nil }
    let means = training.differenceOfMeans
    let labels = test.positive.rowCount
    let isPositive = (0..<test.count).map { $0 < labels }
    var areas: [Double] = []
    for draw in 0..<randomDirectionCount {
      let axis = RandomSteering.unit(
        width: training.width, draw: UInt64(draw), seed: seed, layer: layer)
      let overlap = zip(axis, means).reduce(0) { $0 + $1.0 * $1.1 }
      let sides = readings(overlap < 0 ? axis.map { -$0 } : axis)
      areas.append(
        try AreaUnderROC.value(scores: sides.positive + sides.negative, labels: isPositive))
    }
    return Measurement(
      metric: AreaUnderROC.identifier,
      value: .finite(Quantile.value(at: 0.95, ofSorted: areas.sorted())),
      sampleCount: isPositive.count,
      groupCount: Grouping(test.positiveGroups + test.negativeGroups).count)
  }
}
