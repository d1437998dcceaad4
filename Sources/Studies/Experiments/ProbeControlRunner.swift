internal import Activations
internal import Evaluation
internal import LinearAlgebra
internal import Optimization
internal import Probes

/// Measures, beside one fitted method, what a probe without signal, with labels, or on something else
/// would reach.
struct ProbeControlRunner: Sendable {
  let experiment: ProbeExperiment
  let measurer: ProbeMeasurer
  let method: any Probe
  let training: ProbeData
  let test: ProbeData

  /// Runs the controls that the experiment asks for.
  func addControls(to cell: inout ProbeCell) throws {
    try addRandomDirections(to: &cell)
    try DistractorControl(dump: experiment.dump, test: test, level: experiment.level)
      .addMeasurements(to: &cell)
    if training.labels != nil, cell.scores.labels != nil {
      if method.learnsFromLabels {
        try addShuffledLabels(to: &cell)
      } else {
        try addCeiling(to: &cell)
      }
    }
    if !method.learnsFromLabels, type(of: method).identifier != RandomDirection.identifier {
      try ShuffledPairingControl(
        method: method, training: training, test: test, seed: experiment.seed,
        layer: measurer.layer
      ).addMeasurements(to: &cell)
    }
    if experiment.controls == .all {
      try addPrincipalComponent(to: &cell)
    }
  }

  /// Where the probe stands among random directions on the same normalised features.
  private func addRandomDirections(to cell: inout ProbeCell) throws {
    guard let labels = cell.scores.labels, let own = cell.accuracy,
      let ownArea = cell.areaUnderROC, let area = ownArea.value.finiteValue,
      type(of: method).identifier != RandomDirection.identifier
    else { return }
    var control = RandomDirection()
    control.normalization = method.normalization
    let projections = try control.projections(
      training: training, test: test, count: experiment.randomDirectionCount,
      isOriented: cell.scores.isOriented && training.labels != nil,
      seed: experiment.seed, layer: measurer.layer)
    // The better sign on the test labels is taken where the probe has that advantage, too.
    var accuracies: [Double] = []
    var areas: [Double] = []
    for direction in 0..<projections.rowCount {
      let scores = projections.row(direction).map { Double($0) }
      let rightCount = zip(scores, labels).count { ($0 > 0) == $1 }
      let directionArea = try AreaUnderROC.value(scores: scores, labels: labels)
      accuracies.append(
        cell.scores.isOriented
          ? Double(rightCount) / Double(labels.count) : Self.folded(rightCount, of: labels.count))
      areas.append(
        cell.scores.isOriented ? directionArea : max(directionArea, 1 - directionArea))
    }
    accuracies.sort()
    areas.sort()
    func add(_ name: String, _ metric: String, _ value: Double, chance: Double? = nil) {
      cell.controls.append(
        ControlMeasurement(
          control: name, method: RandomDirection.identifier, category: nil,
          measurement: Measurement(
            metric: metric, value: .finite(value), chance: chance,
            sampleCount: cell.scores.samples.count, groupCount: cell.scores.groups.count)))
    }
    for (metric, values) in [(own.metric, accuracies), (ownArea.metric, areas)] {
      add(ProbeControl.randomMedian, metric, Self.quantile(values, 0.5))
      add(ProbeControl.random95, metric, Self.quantile(values, 0.95))
      add(ProbeControl.random99, metric, Self.quantile(values, 0.99))
    }
    // AUROC decides: with unequal classes accuracy depends on where a direction is cut, too.
    let below = Double(areas.count { $0 < area - Self.rounding })
    let equal = Double(areas.count { abs($0 - area) <= Self.rounding })
    add(
      ProbeControl.random, "percentile", 100 * (below + equal / 2) / Double(areas.count), chance: 50
    )
    if area <= Self.quantile(areas, 0.95) + Self.rounding {
      cell.flags.append(
        Flag(
          "not-above-random-directions",
          detail: "AUROC is within the 95th percentile of random directions"))
    }
  }

  /// Equal areas may differ by the rounding of 1 − a.
  private static let rounding = 1e-12

  /// Folded accuracy from counts, so that a count and its complement give the very same number.
  static func folded(_ rightCount: Int, of count: Int) -> Double {
    Double(max(rightCount, count - rightCount)) / Double(count)
  }

  /// The smallest value that at least a share `level` of sorted values does not exceed.
  private static func quantile(_ sorted: [Double], _ level: Double) -> Double {
    sorted[min(sorted.count - 1, max(0, Int((level * Double(sorted.count)).rounded(.up)) - 1))]
  }

  /// What labels would have reached on the same features.
  private func addCeiling(to cell: inout ProbeCell) throws {
    var ceiling = LogisticProbe()
    ceiling.normalization = method.normalization
    let fitted: FittedLogisticProbe
    do {
      fitted = try ceiling.fit(training, seed: experiment.seed, layer: measurer.layer)
    } catch {
      if case .noDirection = error { return }
      throw error
    }
    let measured = try measurer.measure(
      fitted, method: MethodName(LogisticProbe.identifier), on: test, of: experiment.dump,
      groups: cell.scores.groups.indices)
    for var measurement in [measured.accuracy, measured.areaUnderROC].compactMap({ $0 }) {
      measurement.flags += measured.flags.filter { !measurement.flags.contains($0) }
      cell.controls.append(
        ControlMeasurement(
          control: ProbeControl.supervised, method: LogisticProbe.identifier, category: nil,
          measurement: measurement))
    }
  }

  private static let shuffledRefitCount = 5

  /// What a supervised method reaches when the training labels mean nothing.
  private func addShuffledLabels(to cell: inout ProbeCell) throws {
    guard let labels = training.labels, let own = cell.accuracy, cell.scores.labels != nil else {
      return
    }
    let samples = SampleLabels(
      samples: training.samples, labels: labels, groups: training.groups)
    guard
      let permutation = try samples.permutation(
        count: Self.shuffledRefitCount,
        seed: SeededGenerator.derivedSeed(
          experiment.seed, .shuffledLabels, UInt64(measurer.layer)))
    else { return }
    var accuracies: [Double] = []
    for number in 0..<Self.shuffledRefitCount {
      let shuffled = training.relabelled(samples.rows(permutation.permutedLabels(number)))
      let fitted: any FittedProbe = try method.fit(
        shuffled, seed: experiment.seed, layer: measurer.layer)
      let measured = try measurer.measure(
        fitted, method: cell.name, on: test, of: experiment.dump,
        groups: cell.scores.groups.indices)
      if let value = measured.accuracy?.value.finiteValue { accuracies.append(value) }
    }
    guard !accuracies.isEmpty else { return }
    cell.controls.append(
      ControlMeasurement(
        control: ProbeControl.shuffledLabels, method: nil, category: nil,
        measurement: Measurement(
          metric: own.metric,
          value: .finite(accuracies.reduce(0, +) / Double(accuracies.count)),
          sampleCount: cell.scores.samples.count, groupCount: cell.scores.groups.count,
          flags: [Flag("mean-of-refits", detail: "\(accuracies.count)")])))
  }

  /// Whether the probe found anything but the direction in which the differences vary most.
  private func addPrincipalComponent(to cell: inout ProbeCell) throws {
    guard case .pairs = training else { return }
    let leading = try LeadingComponent(training: training, normalization: method.normalization)
    let projections = try leading.projections(test)
    let predictions = cell.scores.predictions
    let same = zip(projections, predictions).count { ($0 > 0) == $1 }
    let agreement = Accuracy.folded(Double(same) / Double(max(predictions.count, 1)))
    cell.controls.append(
      ControlMeasurement(
        control: ProbeControl.principalComponent, method: nil, category: nil,
        measurement: Measurement(
          metric: "agreement", value: .finite(agreement), chance: nil,
          sampleCount: predictions.count, groupCount: cell.scores.groups.count)))
    if agreement >= 0.95 {
      cell.flags.append(
        Flag(
          "agrees-with-principal-component",
          detail: "\(NumberText.fixed(agreement, 3)) of predictions are those of the direction in "
            + "which the pairs differ most"))
    }
  }
}
