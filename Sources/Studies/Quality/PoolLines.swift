internal import AlignmentQuality
internal import Evaluation

/// The terminal's view of a ``QualityPool``.
struct PoolLines {
  private let outcome: PoolingOutcome
  private let layers: [Int]
  private let style: TerminalStyle

  init(_ outcome: PoolingOutcome, layers: [Int], style: TerminalStyle) {
    self.outcome = outcome
    self.layers = layers
    self.style = style
  }

  func lines() -> [String] {
    var rows = [(outcome.rule.rawValue, outcome.heldOut, Optional(outcome.training))]
    rows.append(("best in training", outcome.heldOutSingle, nil))
    if outcome.rule != .mean { rows.append(("equal weights", outcome.heldOutMean, nil)) }
    let values = rows.flatMap { [$0.1, $0.2].compactMap { $0 } }
    let format = QualityFormat(values.map(measurement))
    var table = TextTable(
      columns: [
        .init("weights", .left), .init(format.header("held out")),
        .init(format.header("training")),
      ])
    for (name, heldOut, training) in rows {
      table.append([
        name, format.text(measurement(heldOut)),
        training.map { format.text(measurement($0)) } ?? "",
      ])
    }
    return ["", style.bold("layers pooled by \(outcome.rule.summary)")] + table.lines(style: style)
      + notes(values).flatMap { Prose.lines($0, width: 78) }.map { style.dim("  " + $0) }
      + outcome.flags.flatMap { flag in
        Prose.lines("! \(flag.name)", width: 78, indentation: "  ").map { "  " + $0 }
      }
  }

  /// What the numbers are, why some are missing, and the weights.
  private func notes(_ values: [MeasuredValue]) -> [String] {
    var notes = [
      "F_u by sample, the mean over \(outcome.folds.count) folds that part no group; training is on the "
        + "samples that the weights were chosen on."
    ]
    let reasons = values.compactMap { $0.flag?.detail }
    if let reason = reasons.first { notes.append("No number: \(reason).") }
    let weights = zip(layers, outcome.weights).filter { $0.1 != 0 }.map { layer, weight in
      "layer \(layer) \(NumberText.share(weight))"
    }
    if !weights.isEmpty {
      notes.append("Weights on all samples: \(weights.joined(separator: ", ")).")
    }
    return notes
  }

  private func measurement(_ value: MeasuredValue) -> Measurement {
    Measurement(metric: QualityCell.metric, value: value, sampleCount: 0, groupCount: 0)
  }
}
