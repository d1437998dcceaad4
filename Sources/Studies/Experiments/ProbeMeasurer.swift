internal import Activations
internal import Evaluation
internal import LinearAlgebra
internal import Optimization
internal import Probes

/// Scores fitted methods on held-out samples of one layer, with intervals, flags and controls.
struct ProbeMeasurer: Sendable {
  let layer: Int
  let fold: String?
  /// The dump that the methods were fitted on.
  let trainPath: String
  let seed: UInt64
  let level: Double

  /// Everything that one fitted method says about some samples.
  func measure(
    _ fitted: any FittedProbe, method: MethodName, on data: ProbeData, of dump: ActivationDump,
    groups: [Int]
  ) throws -> ProbeCell {
    let labels = try binaryLabels(of: data, path: dump.path)
    let scores = ProbeScores(
      samples: data.samples, scores: try fitted.scores(data), threshold: fitted.threshold,
      isOriented: fitted.isOriented, labels: labels, groups: Grouping(blockOf(data, groups)))
    var measurements: [Measurement] = []
    if let labels {
      let correct = zip(scores.predictions, labels).map { $0 == $1 }
      var accuracy = try Accuracy.measure(
        correct: correct, groups: scores.groups, folded: !scores.isOriented, level: level)
      if let only = labels.first, !labels.contains(!only) {
        accuracy = accuracyOfOneClass(accuracy, label: only, isOriented: scores.isOriented)
      }
      measurements.append(accuracy)
      measurements.append(
        try AreaUnderROC.measure(
          scores: scores.scores, labels: labels, groups: scores.groups,
          folded: !scores.isOriented, level: level))
    }
    for metric in try fitted.metrics(on: data) {
      measurements.append(try measurement(of: metric, scores: scores))
    }
    return ProbeCell(
      method: method.identifier, variant: method.variant, layer: layer, fold: fold, dump: dump.path,
      trainDump: dump.path == trainPath ? nil : trainPath, fitted: fitted,
      measurements: measurements, controls: [],
      flags: fitted.flags + scoreFlags(scores, measurements: measurements), scores: scores)
  }

  /// The cell of a method that finds no direction in the training data.
  func undefined(
    _ reason: String, method: MethodName, isOriented: Bool, on data: ProbeData,
    of dump: ActivationDump, groups: [Int], flags: [Flag]
  ) throws -> ProbeCell {
    let grouping = Grouping(blockOf(data, groups))
    let metrics =
      isOriented
      ? [Accuracy.identifier, AreaUnderROC.identifier]
      : [Accuracy.foldedIdentifier, AreaUnderROC.foldedIdentifier]
    return ProbeCell(
      method: method.identifier, variant: method.variant, layer: layer, fold: fold,
      dump: dump.path, trainDump: nil,
      fitted: nil,
      measurements: metrics.map {
        Measurement(
          metric: $0, value: .undefined(reason), sampleCount: data.sampleCount,
          groupCount: grouping.count)
      }, controls: [], flags: flags,
      scores: ProbeScores(
        samples: [], scores: [], threshold: 0, isOriented: isOriented, labels: nil,
        groups: grouping))
  }

  /// What is left of an accuracy if all samples are of one class: nothing where the better of two signs
  /// would be taken, and elsewhere a number that the constant answer beats.
  private func accuracyOfOneClass(_ accuracy: Measurement, label: Bool, isOriented: Bool)
    -> Measurement
  {
    let reason = "every sample has label \(label ? 1 : 0)"
    guard isOriented else {
      return Measurement(
        metric: accuracy.metric,
        value: .undefined("\(reason), and either sign may be the right one"),
        sampleCount: accuracy.sampleCount, groupCount: accuracy.groupCount)
    }
    var accuracy = accuracy
    accuracy.chance = 1
    accuracy.flags.append(Flag("one-class", detail: "\(reason), so the constant answer has 1"))
    return accuracy
  }

  /// With several wordings of a sample there are more pairs than samples.
  private func blockOf(_ data: ProbeData, _ groups: [Int]) -> [Int] {
    guard groups.count != data.sampleCount, !groups.isEmpty else { return groups }
    let wordingCount = data.sampleCount / groups.count
    return groups.flatMap { Array(repeating: $0, count: wordingCount) }
  }

  private func binaryLabels(of data: ProbeData, path: String) throws(StudyError) -> [Bool]? {
    guard let labels = data.labels else { return nil }
    if let other = labels.first(where: { $0 != 0 && $0 != 1 }) {
      throw .invalid(
        "probes tell label 1 from label 0, but \(path) has a label \(other); "
          + "write labels of 0 and 1, or choose the samples of two classes")
    }
    return labels.map { $0 == 1 }
  }

  private func measurement(of metric: ProbeMetric, scores: ProbeScores) throws(EvaluationError)
    -> Measurement
  {
    let seed = SeededGenerator.derivedSeed(seed, .bootstrap, UInt64(layer))
    var measurement: Measurement
    switch metric.values {
    case .perSample(let values):
      measurement = try MeanLoss.measure(
        values, metric: metric.metric, groups: scores.groups, level: level, seed: seed)
    case .perPair(let values, let positions, let summary):
      let groups = Grouping(positions.map { scores.groups.indices[$0] })
      measurement =
        switch summary {
        case .mean:
          try MeanLoss.measure(
            values, metric: metric.metric, groups: groups, level: level, seed: seed)
        case .median:
          try Median.measure(
            values, metric: metric.metric, groups: groups, level: level, seed: seed)
        }
      measurement.sampleCount = 2 * values.count
    case .share(let correct, let isFolded):
      measurement = try Accuracy.measure(
        correct: correct, groups: scores.groups, folded: isFolded, level: level)
      measurement.metric = metric.metric
    case .single(let value):
      measurement = Measurement(
        metric: metric.metric, value: .finite(value), sampleCount: scores.samples.count,
        groupCount: scores.groups.count)
    case .training(let value, let count):
      measurement = Measurement(
        metric: metric.metric, value: .finite(value), sampleCount: count, groupCount: 0)
    case .undefined(let reason):
      measurement = Measurement(
        metric: metric.metric, value: .undefined(reason), sampleCount: scores.samples.count,
        groupCount: scores.groups.count)
    }
    measurement.flags += metric.flags
    measurement.chance = metric.chance
    return measurement
  }

  /// Failures that the scores themselves show.
  private func scoreFlags(_ scores: ProbeScores, measurements: [Measurement]) -> [Flag] {
    var flags: [Flag] = []
    // Relative, because logits under a strong penalty are tiny and still tell samples apart.
    if let first = scores.scores.first,
      scores.scores.allSatisfy({ abs($0 - first) <= 1e-6 * abs(first) })
    {
      flags.append(Flag("collapsed", detail: "every sample has the same score"))
    } else if Set(scores.predictions).count == 1 {
      flags.append(Flag("single-predicted-class"))
    }
    let tieCount = scores.scores.count { $0 == scores.threshold }
    if tieCount > 0 { flags.append(Flag("ties", detail: "\(tieCount) scores at the threshold")) }
    if let loss = measurements.first(where: { $0.metric == MeanLoss.identifier }),
      let value = loss.value.finiteValue, let baseline = loss.chance, value >= baseline
    {
      flags.append(
        Flag("worse-than-constant", detail: "held-out loss is not below \(baseline)"))
    }
    return flags + restartFlags(measurements)
  }

  /// How much accuracy differs between random starts before the chosen one says too little alone.
  private static let remarkableSpread = 0.1

  private func restartFlags(_ measurements: [Measurement]) -> [Flag] {
    func value(_ metric: String) -> Double? {
      measurements.first { $0.metric == metric }?.value.finiteValue
    }
    guard let lowest = value("restart-accuracy-minimum"),
      let highest = value("restart-accuracy-maximum"),
      highest - lowest >= Self.remarkableSpread
    else { return [] }
    return [
      Flag(
        "restart-spread",
        detail: "folded accuracy of the tries runs from \(NumberText.share(lowest)) to "
          + NumberText.share(highest))
    ]
  }
}

extension SeededGenerator {
  /// A seed for a component that takes one number, named by its purpose.
  static func derivedSeed(_ seed: UInt64, _ purpose: RandomPurpose, _ stream: UInt64 = 0)
    -> UInt64
  {
    var generator = SeededGenerator(seed: seed, stream: purpose.rawValue, stream)
    return generator.next()
  }
}
