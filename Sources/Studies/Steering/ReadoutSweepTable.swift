internal import Evaluation

/// The terminal's view of a ``ReadoutSweepOutcome``.
///
/// Every line fits 80 columns.
struct ReadoutSweepTable {
  let outcome: ReadoutSweepOutcome
  let style: TerminalStyle
  let explains: Bool
  private static let width = 80
  /// The most coefficients that the terminal shows; records have all.
  private static let mostRows = 13

  func lines() -> [String] {
    let vector = outcome.vector
    let place = vector.layer.map { " of layer \($0)" } ?? ""
    let title = "\(vector.name) vector\(place), length \(NumberText.significant(vector.norm))"
    let summary =
      "read from the states by logistic regression · learned from \(outcome.trainCount) samples · "
      + "\(outcome.stateCount) held-out states of the negative side are moved · "
      + "\(outcome.controlCount) random directions"
    var lines = [style.bold(title)] + Prose.lines(summary, width: Self.width - 1)
    lines += table().lines(style: style) + [""] + facts()
    let measured = (outcome.points.first?.measurements ?? []).flatMap(\.flags)
    for flag in outcome.flags + measured
    where !lines.contains(where: { $0.hasPrefix("  ! \(flag.name)") }) {
      lines += Prose.lines("! \(flag)", width: Self.width - 2, indentation: "  ").map { "  " + $0 }
    }
    return lines + (explains ? legend() : [])
  }

  private func table() -> TextTable {
    let level = outcome.points.lazy.compactMap { $0.measurements[0].interval?.level }.first
    let interval = level.map { " [\(Int(($0 * 100).rounded()))%]" } ?? ""
    var columns = [
      "r", "reads positive" + interval, "flipped", "Mahalanobis", "length", "neighbour",
    ]
    if outcome.controlCount > 0 { columns.append("random") }
    var table = TextTable(columns: columns.map { TextTable.Column($0) })
    for point in SweepPoint.thinned(outcome.points, to: Self.mostRows) {
      func share(_ metric: String) -> String {
        point.value(metric).map { NumberText.share($0, decimals: 2) } ?? ""
      }
      var row = [
        NumberText.significant(point.coefficient), point.measurements[0].shareText,
        share(ReadoutMetric.flippedShare),
      ]
      row += [ReadoutMetric.mahalanobis, ReadoutMetric.length, ReadoutMetric.neighbour].map {
        point.value($0).map { NumberText.fixed($0, 2) } ?? ""
      }
      if let random = point.controls.first?.value.finiteValue {
        row.append(NumberText.share(random, decimals: 2))
      }
      table.append(row)
    }
    return table
  }

  private func facts() -> [String] {
    let names = [
      ReadoutMetric.area: "sides are read with AUROC",
      ReadoutMetric.cosine: "cosine of the vector to what reads them",
      ReadoutMetric.flip: "half of the states read as positive from r =",
    ]
    var lines = outcome.summary.compactMap { measured in
      names[measured.metric].map { "\($0) \(measured.text)" }
    }
    let drifts = outcome.drifts.prefix(3).map {
      "\($0.attribute) = \($0.value) by \(NumberText.fixed($0.shift, 2))"
    }
    if !drifts.isEmpty {
      lines.append(
        "what else is read shifts, per unit of r in its standard deviations: "
          + drifts.joined(separator: ", "))
    }
    return lines.flatMap { line in
      Prose.lines(line, width: Self.width - 2, indentation: "  ").map { "  " + $0 }
    }
  }

  private func legend() -> [String] {
    let text =
      "r: multiples of the vector; reads positive: mean probability by the read-out; flipped: share of states that "
      + "read as positive; Mahalanobis, length, neighbour: distance to the training states' mean in their "
      + "covariance, length, and distance to the nearest of them, over those at r = 0: well above 1 the model was "
      + "not seen in such states; random: probability along random directions of the same length. What the model "
      + "would say needs its unembedding, or a measured sweep."
    return [""] + Prose.lines(text, width: Self.width - 2).map { style.dim("  " + $0) }
  }
}

extension ReadoutSweepOutcome {
  /// The sweep, where states flip, and what else is read differently.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below.
  /// - Returns: Lines without newlines.
  public func lines(style: TerminalStyle, explains: Bool) -> [String] {
    ReadoutSweepTable(outcome: self, style: style, explains: explains).lines()
  }
}
