internal import AlignmentQuality
internal import Evaluation

/// The terminal's view of a ``QualityPool``.
struct PoolLines {
  private let pool: QualityPool
  private let style: TerminalStyle

  init(_ pool: QualityPool, style: TerminalStyle) {
    self.pool = pool
    self.style = style
  }

  func lines() -> [String] {
    let outcome = pool.outcome
    let format = QualityFormat(
      pool.cells.flatMap { [$0.measurement] + $0.details }.filter {
        $0.metric.contains("separation")
      })
    func text(_ value: MeasuredValue) -> String {
      format.text(
        Measurement(metric: QualityCell.metric, value: value, sampleCount: 0, groupCount: 0))
    }
    var table = TextTable(columns: [
      .init("pool", .left), .init(format.header("held out")), .init("training"),
    ])
    table.append([outcome.rule.summary, text(outcome.heldOut), text(outcome.training)])
    table.append(["the layer that is best in training", text(outcome.heldOutSingle), ""])
    table.append(["equal weights", text(outcome.heldOutMean), ""])
    let weights = zip(pool.layers, outcome.weights).filter { $0.1 != 0 }.map { layer, weight in
      "layer \(layer): \(NumberText.share(weight))"
    }
    var lines = ["", style.bold("layers pooled, \(outcome.folds.count) folds")]
    lines += table.lines(style: style)
    lines += Prose.lines(
      "Weights on all samples: \(weights.joined(separator: ", ")).", width: 78
    ).map { style.dim("  " + $0) }
    for flag in outcome.flags {
      lines += Prose.lines("! \(flag)", width: 78, indentation: "  ").map { "  " + $0 }
    }
    return lines
  }
}
