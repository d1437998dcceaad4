internal import Activations
internal import Evaluation
internal import Optimization
internal import Probes

/// What a method without labels reaches when its training pairs mean nothing: refits on pairs whose
/// negative sides were exchanged between groups, measured on the true test pairs.
///
/// A probe owes to the contrast only what it has beyond these. Their training loss shows how little a
/// low one says.
struct ShuffledPairingControl: Sendable {
  let method: any Probe
  let training: ProbeData
  let test: ProbeData
  let seed: UInt64
  let layer: Int

  static let refitCount = 5

  /// Adds the means over refits of accuracy, AUROC, loss and training loss, and a flag if one of
  /// them tells the label better than the method.
  func addMeasurements(to cell: inout ProbeCell) throws {
    guard case .pairs(let pairs) = training else { return }
    var values: [String: [Double]] = [:]
    var order: [String] = []
    for number in 0..<Self.refitCount {
      var generator = SeededGenerator(
        seed: seed, stream: RandomPurpose.shuffledPairing.rawValue, UInt64(layer), UInt64(number))
      guard let mispaired = pairs.mispaired(using: &generator) else {
        cell.flags.append(
          Flag(
            "no-shuffled-pairing",
            detail: "one group holds more than half of the training samples, or of a category"))
        return
      }
      for (metric, value) in try measure(mispaired, like: cell) {
        if values[metric] == nil { order.append(metric) }
        values[metric, default: []].append(value)
      }
    }
    for metric in order {
      guard let found = values[metric] else { continue }
      cell.controls.append(
        ControlMeasurement(
          control: ProbeControl.shuffledPairing, method: nil, category: nil,
          measurement: Measurement(
            metric: metric, value: .finite(found.reduce(0, +) / Double(found.count)),
            sampleCount: cell.scores.samples.count, groupCount: cell.scores.groups.count,
            flags: [Flag("mean-of-refits", detail: "\(found.count)")])))
    }
    flagBetterRefit(in: &cell, refitted: values)
  }

  /// The numbers of one refit, by metric.
  private func measure(_ mispaired: ContrastPairs, like cell: ProbeCell) throws -> [(
    String, Double
  )] {
    let fitted: any FittedProbe = try method.forControlRefits.fit(
      .pairs(mispaired), seed: seed, layer: layer)
    var values: [(String, Double)] = []
    if let labels = cell.scores.labels, let accuracy = cell.accuracy,
      let area = cell.areaUnderROC
    {
      let scores = try fitted.scores(test)
      let share = try Accuracy.value(
        correct: Accuracy.correct(scores: scores, labels: labels, threshold: fitted.threshold))
      values.append((accuracy.metric, fitted.isOriented ? share : Accuracy.folded(share)))
      if area.value.finiteValue != nil {
        let own = try AreaUnderROC.value(scores: scores, labels: labels)
        values.append((area.metric, fitted.isOriented ? own : Accuracy.folded(own)))
      }
    }
    for metric in try fitted.metrics(on: test) {
      switch (metric.metric, metric.values) {
      case (MeanLoss.identifier, .perSample(let losses)):
        values.append((metric.metric, try MeanLoss.value(of: losses)))
      case (MeanLoss.trainingIdentifier, .training(let loss, _)):
        values.append((metric.metric, loss))
      default: break
      }
    }
    return values
  }

  private func flagBetterRefit(in cell: inout ProbeCell, refitted: [String: [Double]]) {
    guard let area = cell.areaUnderROC, let own = area.value.finiteValue,
      let best = refitted[area.metric]?.max(), own < best
    else { return }
    cell.flags.append(
      Flag(
        "below-shuffled-pairing",
        detail: "AUROC is below the best of \(Self.refitCount) refits on shuffled pairs"))
  }
}
