internal import Evaluation

/// The terminal's view of a ``SteeringRankingOutcome``.
///
/// Every line fits 80 columns.
struct SteeringRankingTable {
  let outcome: SteeringRankingOutcome
  let style: TerminalStyle
  let explains: Bool
  private static let width = 80

  func lines() -> [String] {
    let counts = outcome.promptCounts
    var lines = Prose.lines(
      "by \(outcome.criterion.rawValue) · \(counts.chosen) prompts choose, \(counts.heldOut) are held out",
      width: Self.width - 1)
    lines += table().lines(style: style, width: Self.width - 1) + [""] + heldOut()
    var flags = FlagLines()
    for vector in outcome.ranked {
      for flag in vector.flags { flags.add(flag, layer: vector.vector.layer ?? 0) }
    }
    lines += flags.text(layers: Set(outcome.ranked.map { $0.vector.layer ?? 0 }))
    return lines + (explains ? legend() : [])
  }

  private func table() -> TextTable {
    let share: (Double) -> String = { NumberText.share($0, decimals: 2) }
    var columns: [(header: String, metric: String, format: (Double) -> String)] = [
      ("a nat", SweepLocalMeasurements.efficiency, NumberText.significant),
      ("gain²/loss", RankedVector.efficiency, NumberText.significant),
      ("r", RankedVector.coefficientAtDivergence, NumberText.significant),
      ("behaviour", RankedVector.behaviourAtDivergence, share),
      ("helpful", RankedVector.helpfulnessAtDivergence, share),
    ]
    // One efficiency has room, the one that ranks.
    let hidden =
      outcome.criterion == .efficiency
      ? SweepLocalMeasurements.efficiency : RankedVector.efficiency
    columns.removeAll { $0.metric == hidden }
    var table = TextTable(
      columns: [
        TextTable.Column("vector", .left, isFlexible: true), TextTable.Column("layer"),
      ] + columns.map { TextTable.Column($0.header) })
    for (place, vector) in outcome.ranked.enumerated() {
      let cells = columns.map { column in
        switch vector.measurement(column.metric)?.value {
        case .finite(let value)?:
          let interval = vector.measurement(column.metric)?.interval.map {
            " [\(column.format($0.lower)), \(column.format($0.upper))]"
          }
          return column.format(value)
            + (column.metric == outcome.criterion.rawValue ? interval ?? "" : "")
        case .infinite?: return "∞"
        case .undefined?, nil: return "–"
        }
      }
      table.append(
        [vector.vector.name, vector.vector.layer.map { "\($0)" } ?? ""] + cells,
        isMarked: place == 0 && outcome.heldOut != nil)
    }
    return table
  }

  private func heldOut() -> [String] {
    guard let best = outcome.heldOut else {
      return ["  no vector has a value to be ranked by"]
    }
    func text(_ metric: String, _ format: (Double) -> String) -> String {
      guard let measured = best.measurement(metric), let value = measured.value.finiteValue else {
        return "undefined"
      }
      return format(value)
        + (measured.interval.map { " [\(format($0.lower)), \(format($0.upper))]" } ?? "")
    }
    func share(_ value: Double) -> String { NumberText.share(value, decimals: 2) }
    let layer = best.vector.layer.map { " of layer \($0)" } ?? ""
    return Prose.lines(
      "best: \(best.vector.name)\(layer); on the held-out prompts "
        + text(SweepLocalMeasurements.efficiency, NumberText.significant)
        + " a nat, and at \(NumberText.significant(outcome.divergence)) nats behaviour "
        + text(RankedVector.behaviourAtDivergence, share) + " and helpfulness "
        + text(RankedVector.helpfulnessAtDivergence, share), width: Self.width - 2,
      indentation: "  "
    ).map { "  " + $0 }
  }

  private func legend() -> [String] {
    let text =
      "a nat: squared gain of behaviour per nat of divergence, near 0; gain²/loss: the same per loss of "
      + "helpfulness, by the fits, – where none falls; r, behaviour, helpful: where the mean divergence is, on the side of 0 on which behaviour rises, "
      + "\(NumberText.significant(outcome.divergence)) nats, – where the sweep does not reach it; * the best, measured "
      + "again on prompts that had no part in the choice."
    return [""] + Prose.lines(text, width: Self.width - 2).map { style.dim("  " + $0) }
  }
}

extension SteeringRankingOutcome {
  /// The vectors in order, and the best of them on held-out prompts.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below.
  /// - Returns: Lines without newlines.
  public func lines(style: TerminalStyle, explains: Bool) -> [String] {
    SteeringRankingTable(outcome: self, style: style, explains: explains).lines()
  }
}
