internal import Activations
internal import Evaluation
internal import Steering

/// The terminal's view of a ``SteeringFitOutcome``: a table a method, layers down.
///
/// Every line fits 80 columns.
struct SteeringFitTable {
  let outcome: SteeringFitOutcome
  let style: TerminalStyle
  let explains: Bool
  private static let width = 80

  func lines() -> [String] {
    var lines: [String] = []
    let what = outcome.hasPairs ? "pairs" : "states of two sides"
    let summary = [
      outcome.selection,
      "\(outcome.trainCount) samples to learn from, \(outcome.testCount) held out",
      what, "seed \(outcome.seed)",
    ].compactMap { $0 }.joined(separator: " · ")
    lines += Prose.lines(summary, width: Self.width - 1)
    for method in outcome.methods {
      let cells = outcome.cells(of: method)
      guard !cells.isEmpty else { continue }
      lines += ["", style.bold(method.description)]
      lines += table(cells)
      lines += flags(cells)
    }
    if explains { lines += legend() }
    if !outcome.isComplete {
      lines += ["", style.bold("Interrupted: the layers that are missing were not fitted.")]
    }
    return lines
  }

  private func table(_ cells: [SteeringCell]) -> [String] {
    let level = cells.lazy.compactMap { $0.measurement(AreaUnderROC.identifier)?.interval?.level }
      .first
    let interval = level.map { " [\(Int(($0 * 100).rounded()))%]" } ?? ""
    var columns = [
      TextTable.Column("layer", .left), TextTable.Column("norm"),
      TextTable.Column("AUROC" + interval), TextTable.Column("rand"),
    ]
    if outcome.hasPairs { columns.append(TextTable.Column("pairs")) }
    columns += ["cos DoM", "cos prev", "cone"].map { TextTable.Column($0) }
    var table = TextTable(columns: columns)
    for cell in cells {
      func value(_ metric: String) -> Double? { cell.measurement(metric)?.value.finiteValue }
      func share(_ metric: String, _ decimals: Int = 3) -> String {
        value(metric).map { NumberText.share($0, decimals: decimals) } ?? ""
      }
      var row = [
        label(cell.layer), value(SteeringMetric.norm).map(NumberText.significant) ?? "–",
        area(cell),
        cell.controls.first?.measurement.value.finiteValue.map { NumberText.share($0) } ?? "",
      ]
      if outcome.hasPairs { row.append(share(SteeringMetric.pairAccuracy)) }
      row += [
        share(SteeringMetric.cosineToMeans), share(SteeringMetric.cosineToPrevious),
        value(SteeringMetric.cone).map { "\(NumberText.fixed($0, $0 < 9.95 ? 1 : 0))°" } ?? "",
      ]
      table.append(row)
    }
    return table.lines(style: style)
  }

  private func area(_ cell: SteeringCell) -> String {
    guard let measured = cell.measurement(AreaUnderROC.identifier),
      let value = measured.value.finiteValue
    else { return "" }
    let interval = measured.interval.map {
      " [\(NumberText.share($0.lower)), \(NumberText.share($0.upper))]"
    }
    return NumberText.share(value) + (interval ?? "")
  }

  private func label(_ layer: Int) -> String {
    let names = outcome.dump.layerNames
    guard names.indices.contains(layer), names[layer] != "\(layer)" else { return "\(layer)" }
    return "\(layer) \(names[layer].shortened(to: 12))"
  }

  private func flags(_ cells: [SteeringCell]) -> [String] {
    var lines = FlagLines()
    for cell in cells {
      let area = cell.measurement(AreaUnderROC.identifier)?.flags ?? []
      for flag in cell.flags + area { lines.add(flag, layer: cell.layer) }
    }
    return lines.text(layers: Set(cells.map(\.layer)))
  }

  private func legend() -> [String] {
    let text =
      "norm: of the vector as its method defines it; AUROC"
      + (outcome.hasPairs ? ", and pairs that read the right way round," : "")
      + " on held-out samples; rand: what 95 of 100 random directions stay below; cos DoM: to the difference "
      + "of means; cone: how far the vector would turn with other prompts (jackknife)."
    return [""] + Prose.lines(text, width: Self.width - 2).map { style.dim("  " + $0) }
  }
}

extension SteeringFitOutcome {
  /// A table a method.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below.
  /// - Returns: Lines without newlines.
  public func lines(style: TerminalStyle, explains: Bool) -> [String] {
    SteeringFitTable(outcome: self, style: style, explains: explains).lines()
  }
}
