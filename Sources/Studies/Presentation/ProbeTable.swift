internal import Activations
internal import Evaluation
internal import Probes

/// The terminal's view of a ``ProbeOutcome``: one table a method, layers down, metrics across, what the
/// columns mean, and what is wrong.
///
/// Every line fits 80 columns.
public struct ProbeTable: Sendable {
  private let outcome: ProbeOutcome
  private let style: TerminalStyle
  private let explains: Bool
  private static let width = 80

  /// Prepares the view.
  ///
  /// - Parameters:
  ///   - outcome: What was measured.
  ///   - style: Whether to use colour.
  ///   - explains: Whether the columns' meanings are said below each table.
  public init(_ outcome: ProbeOutcome, style: TerminalStyle = .plain, explains: Bool = true) {
    self.outcome = outcome
    self.style = style
    self.explains = explains
  }

  /// The tables of all methods, with explanations.
  ///
  /// - Returns: Lines without newlines.
  public func lines() -> [String] {
    var lines: [String] = []
    for (number, method) in outcome.methods.enumerated() {
      if number > 0 { lines.append("") }
      lines += self.lines(of: method, dump: nil)
      for other in outcome.testDumps {
        let samples = outcome.selection ?? "all samples"
        lines += ["", "measured on \(other.path), \(samples):".printable]
        lines += self.lines(of: method, dump: other.path)
      }
    }
    if !outcome.isComplete {
      lines += ["", style.bold("Interrupted: the layers that are missing were not measured.")]
    }
    return lines
  }

  private func lines(of method: MethodName, dump: String?) -> [String] {
    let cells = outcome.cells.filter {
      $0.name == method && $0.dump == dump ?? outcome.dump.path
    }
    guard let first = cells.first(where: { $0.fitted != nil }) ?? cells.first else { return [] }
    let layers = Set(cells.map(\.layer)).sorted()
    let rows = layers.map { layer in LayerSummary(cells.filter { $0.layer == layer }) }
    let best = dump == nil && layers.count > 1 ? outcome.bestLayer(of: method) : nil
    let isBestReal = best.map { layer in rows[layers.firstIndex(of: layer) ?? 0].isSignificant }
    let marked = isBestReal == true ? best : nil
    let groups = LayerSummary.columnGroups(for: rows)
    var lines = [style.bold(method.description)]
    lines += Prose.lines(summary(cells, like: first, rows[0].foldCount), width: Self.width - 1)
    for group in groups {
      lines += group.title.map { ["  " + $0] } ?? []
      lines += self.lines(of: group, rows: rows, layers: layers, marked: marked)
    }
    return lines + legend(groups.flatMap(\.columns), isBestReal: isBestReal) + flagLines(cells)
  }

  private func lines(
    of group: LayerSummary.ColumnGroup, rows: [LayerSummary], layers: [Int], marked: Int?
  ) -> [String] {
    var table = TextTable(
      columns: [TextTable.Column("layer", .left)]
        + group.columns.map { TextTable.Column($0.header) })
    for (layer, row) in zip(layers, rows) {
      table.append(
        [group.namesLayers ? label(layer) : "\(layer)"] + group.columns.map { $0.text(row) },
        isMarked: layer == marked)
    }
    return table.lines(style: style)
  }

  private func label(_ layer: Int) -> String {
    let names = outcome.dump.layerNames
    guard names.indices.contains(layer), names[layer] != "\(layer)" else { return "\(layer)" }
    return "\(layer) \(names[layer])"
  }

  private func summary(_ cells: [ProbeCell], like cell: ProbeCell, _ foldCount: Int) -> String {
    let training = outcome.cuts.first?.train.count ?? 0
    var parts: [String] = []
    if let selection = outcome.selection { parts.append(selection) }
    if cell.trainDump == nil, training > 0 { parts.append("\(training) training samples") }
    parts.append("\(cell.scores.samples.count) test samples in \(cell.scores.groups.count) groups")
    if foldCount > 1 { parts.append("\(foldCount) folds, means shown") }
    let iterations = cells.compactMap {
      $0.measurement(ProbeMetric.iterations)?.value.finiteValue.map { Int($0) }
    }
    if let fewest = iterations.min(), let most = iterations.max() {
      parts.append(fewest == most ? "\(most) iterations" : "\(fewest)-\(most) iterations")
    }
    parts.append("seed \(outcome.seed)")
    return parts.joined(separator: " · ")
  }

  /// What the columns mean; a table like one before it is not explained again.
  private func legend(_ columns: [LayerSummary.Column], isBestReal: Bool?) -> [String] {
    var sentences: [String] = []
    if isBestReal == true { sentences.append("* best layer, chosen on the test labels") }
    if isBestReal == false { sentences.append("no layer stands out from chance (p adj > 0.05)") }
    if explains { sentences += columns.compactMap(\.meaning) }
    guard !sentences.isEmpty else { return [] }
    return Prose.lines(sentences.joined(separator: "; ") + ".", width: Self.width - 2)
      .map { style.dim("  " + $0) }
  }

  /// Each flag once, with the layers that carry it; the flag of a distractor once an attribute.
  private func flagLines(_ cells: [ProbeCell]) -> [String] {
    var lines = FlagLines()
    for cell in cells {
      let flags =
        cell.flags.map { ($0, $0.detail) }
        // A flag of a single metric says which one, where it says nothing else.
        + cell.measurements.flatMap { measurement in
          measurement.flags.map { ($0, $0.detail ?? measurement.metric) }
        }
      for (flag, detail) in flags {
        lines.add(
          flag, detail: detail, layer: cell.layer,
          key: flag.name == "distractor" ? flag.rawValue : nil)
      }
    }
    return lines.text(layers: Set(cells.map(\.layer)))
  }
}

extension ProbeOutcome {
  /// The tables of all methods, and the samples that they are most confidently wrong about.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below each table.
  /// - Returns: Lines without newlines.
  /// - Throws: `ActivationsError` if the texts of misjudged samples cannot be read.
  public func lines(style: TerminalStyle, explains: Bool) throws -> [String] {
    let tables = ProbeTable(self, style: style, explains: explains).lines()
    let misjudged = try MisjudgedSamples(self, style: style).lines()
    return misjudged.isEmpty ? tables : tables + [""] + misjudged
  }
}
