internal import Evaluation

/// The terminal's view of an ``EpistemicsOutcome``: scores down, metrics across, the best marked, differences tested.
///
/// Every line fits 80 columns.
struct EpistemicsTable {
  let outcome: EpistemicsOutcome
  let style: TerminalStyle
  let explains: Bool
  private static let width = 80
  /// The most metrics that the terminal shows; records have all.
  private static let mostMetrics = 4
  /// Of the metrics shown, so many have room for their intervals.
  private static let mostIntervals = 2

  func lines() -> [String] {
    let summary = [
      outcome.selection,
      "\(outcome.testCount) answers test, \(outcome.rightCount) of them right; \(outcome.judgedCount) others taught",
    ].compactMap { $0 }.joined(separator: " · ")
    var lines = Prose.lines(summary, width: Self.width - 1)
    lines += table().lines(style: style, width: Self.width)
    let findings = differences() + controls()
    lines += (findings.isEmpty ? [] : [""]) + findings
    var flags: [Flag] = []
    let measured = outcome.evaluation.entries.filter {
      $0.measurement.metric == outcome.metrics.first
    }
    for flag in outcome.scored.flatMap(\.flags) + measured.flatMap(\.measurement.flags)
    where !flags.contains(flag) {
      flags.append(flag)
    }
    for flag in flags {
      lines += Prose.lines("! \(flag)", width: Self.width - 2, indentation: "  ").map { "  " + $0 }
    }
    return lines + (explains ? legend() : [])
  }

  private func table() -> TextTable {
    let metrics = Array(outcome.metrics.prefix(Self.mostMetrics))
    let level = outcome.evaluation.entries.lazy.compactMap { $0.measurement.interval?.level }.first
    let interval = level.map { " [\(Int(($0 * 100).rounded()))%]" } ?? ""
    var table = TextTable(
      columns: [TextTable.Column("score", .left, isFlexible: true)]
        + metrics.enumerated().map { place, metric in
          TextTable.Column(metric.uppercased() + (place < Self.mostIntervals ? interval : ""))
        })
    for answers in outcome.scored {
      let cells = metrics.enumerated().map { place, metric -> String in
        guard let measured = outcome.entry(answers.name, metric)?.measurement,
          let value = measured.value.finiteValue
        else { return "–" }
        let ends =
          place < Self.mostIntervals
          ? measured.interval.map { " [\(share($0.lower)), \(share($0.upper))]" } : nil
        return share(value) + (ends ?? "")
      }
      table.append([answers.name] + cells, isMarked: answers.name == outcome.best)
    }
    return table
  }

  private func share(_ value: Double) -> String { NumberText.share(value, decimals: 2) }

  /// The differences of the first metric: of all scores to the reference, or of the best and of the first to the others.
  ///
  /// Single features are left to the records.
  private func differences() -> [String] {
    guard let metric = outcome.metrics.first else { return [] }
    let whole = Set(outcome.scored.filter { !$0.isOneFeature }.map(\.name))
    let central = [outcome.best, outcome.scored.first?.name].compactMap { $0 }
    var lines: [String] = []
    for difference in outcome.evaluation.differences {
      let names = [difference.score, difference.reference]
      guard difference.measurement.metric.hasPrefix(metric), names.allSatisfy(whole.contains),
        outcome.hasReference || names.contains(where: central.contains),
        let value = difference.measurement.value.finiteValue,
        // Scores that order the answers alike have nothing to test.
        let interval = difference.measurement.interval
      else { continue }
      let p = difference.measurement.pValue.map { " (p \(NumberText.share($0)))" } ?? ""
      lines.append(
        "\(difference.score) less \(difference.reference): \(metric.uppercased()) "
          + "\(value < 0 ? "" : "+")\(share(value)) [\(share(interval.lower)), "
          + "\(share(interval.upper))]\(p)")
    }
    return lines.flatMap { line in
      Prose.lines(line, width: Self.width - 2, indentation: "  ").map { "  " + $0 }
    }
  }

  private func controls() -> [String] {
    guard let metric = outcome.metrics.first else { return [] }
    let names = [
      (EpistemicsControl.random, "random directions"),
      (EpistemicsControl.permuted, "permuted labels"),
    ]
    return names.flatMap { control, words -> [String] in
      let found = outcome.controls.filter {
        $0.control.hasPrefix(control) && $0.measurement.metric == metric
      }
      let values = found.compactMap { $0.measurement.value.finiteValue }
      guard values.count == 3, let first = found.first else { return [] }
      let p = first.measurement.pValue.map { " (p \(NumberText.share($0)))" } ?? ""
      return Prose.lines(
        "\(first.score) beside \(first.measurement.sampleCount) \(words): \(metric.uppercased()) "
          + "\(share(values[0])) in the mean, from \(share(values[1])) to \(share(values[2]))\(p)",
        width: Self.width - 2, indentation: "  "
      ).map { "  " + $0 }
    }
  }

  private func legend() -> [String] {
    let text =
      "scores: higher is less to be trusted; PRR: how much of what a perfect order of rejection gains this one does, 0 "
      + "for a random order; AUROC: how often a wrong answer has the higher score; AUARC: mean accuracy of what is kept; "
      + "E-AURC: excess risk over a perfect order, lower is better; – without a value, as calibration of what is no "
      + "probability; NAME:FEATURE one feature alone; * the best by the first column; records have all metrics and "
      + "differences."
    return [""] + Prose.lines(text, width: Self.width - 2).map { style.dim("  " + $0) }
  }
}

extension EpistemicsOutcome {
  /// Whether all scores were held against one.
  var hasReference: Bool { settings["reference"] != .null }

  /// The scores, the best marked, their differences and the controls.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below.
  /// - Returns: Lines without newlines.
  public func lines(style: TerminalStyle, explains: Bool) -> [String] {
    EpistemicsTable(outcome: self, style: style, explains: explains).lines()
  }
}
