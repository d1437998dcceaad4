internal import Activations
internal import Evaluation

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

  private func lines(of method: String, dump: String?) -> [String] {
    let cells = outcome.cells.filter {
      $0.method == method && $0.dump == dump ?? outcome.dump.path
    }
    guard let first = cells.first(where: { $0.fitted != nil }) ?? cells.first else { return [] }
    let layers = Set(cells.map(\.layer)).sorted()
    let rows = layers.map { layer in LayerSummary(cells.filter { $0.layer == layer }) }
    let best = dump == nil && layers.count > 1 ? outcome.bestLayer(of: method) : nil
    let isBestReal = best.map { layer in rows[layers.firstIndex(of: layer) ?? 0].isSignificant }
    let columns = LayerSummary.columns(for: rows)
    var table = TextTable(
      columns: [TextTable.Column("layer", .left)]
        + columns.map { TextTable.Column($0.header) })
    for (layer, row) in zip(layers, rows) {
      table.append(
        [label(layer)] + columns.map { $0.text(row) },
        isMarked: layer == best && isBestReal == true)
    }
    return [style.bold(method)]
      + Prose.lines(summary(first, foldCount: rows[0].foldCount), width: Self.width - 1)
      + table.lines(style: style)
      + legend(columns, isBestReal: isBestReal)
      + flagLines(cells)
  }

  private func label(_ layer: Int) -> String {
    let names = outcome.dump.layerNames
    guard names.indices.contains(layer), names[layer] != "\(layer)" else { return "\(layer)" }
    return "\(layer) \(names[layer])"
  }

  private func summary(_ cell: ProbeCell, foldCount: Int) -> String {
    let training = outcome.cuts.first?.train.count ?? 0
    var parts: [String] = []
    if let selection = outcome.selection { parts.append(selection) }
    if cell.trainDump == nil, training > 0 { parts.append("\(training) training samples") }
    parts.append("\(cell.scores.samples.count) test samples in \(cell.scores.groups.count) groups")
    if foldCount > 1 { parts.append("\(foldCount) folds, means shown") }
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

  private struct FlagLine {
    let name: String
    var layers: Set<Int> = []
    var details: Set<String> = []
  }

  /// Each flag once, with the layers that carry it; the flag of a distractor once an attribute.
  private func flagLines(_ cells: [ProbeCell]) -> [String] {
    var order: [String] = []
    var lines: [String: FlagLine] = [:]
    for cell in cells {
      // A flag of a single metric says which one, where it says nothing else.
      let flags =
        cell.flags.map { ($0, $0.detail) }
        + cell.measurements.flatMap { measurement in
          measurement.flags.map { ($0, $0.detail ?? measurement.metric) }
        }
      for (flag, detail) in flags {
        let key = flag.name == "distractor" ? flag.rawValue : flag.name
        if lines[key] == nil { order.append(key) }
        lines[key, default: FlagLine(name: flag.name)].layers.insert(cell.layer)
        if let detail { lines[key]?.details.insert(detail) }
      }
    }
    let all = Set(cells.map(\.layer))
    return order.compactMap { lines[$0] }.flatMap { line -> [String] in
      let numbers = Self.ranges(line.layers.sorted())
      let place =
        line.layers == all
        ? "all layers" : "\(line.layers.count == 1 ? "layer" : "layers") \(numbers)"
      let detail = line.details.count == 1 ? ": " + (line.details.first ?? "") : ""
      let text = "! \(line.name)\(detail)" + (all.count == 1 ? "" : " (\(place))")
      return Prose.lines(text, width: Self.width - 2, indentation: "  ").map { "  " + $0 }
    }
  }

  /// Rising numbers with runs shortened: `0, 3-6`.
  static func ranges(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ", ")
  }
}

/// What one row of the table shows: the cell of a layer, or the mean of its folds.
struct LayerSummary: Sendable {
  private let cells: [ProbeCell]

  init(_ cells: [ProbeCell]) {
    self.cells = cells
  }

  var foldCount: Int { cells.count }

  /// Whether the best layer survives the correction for having looked at all of them, in every fold.
  var isSignificant: Bool {
    cells.allSatisfy { ($0.accuracy?.pValueAdjusted ?? 1) <= 0.05 }
  }

  struct Column: Sendable {
    let header: String
    let meaning: String?
    let text: @Sendable (LayerSummary) -> String
  }

  /// The columns that have something to show in at least one row.
  static func columns(for rows: [LayerSummary]) -> [Column] {
    let isFolded = rows.contains { row in
      row.cells.contains { $0.measurement(Accuracy.foldedIdentifier) != nil }
    }
    let level = rows.lazy.compactMap(\.interval?.level).first
    let all = [
      Column(
        header: "accuracy" + (level.map { " [\(Int(($0 * 100).rounded()))%]" } ?? ""),
        meaning: isFolded
          ? "accuracy: folded, max(a, 1-a), as the sign is unknown" : nil
      ) { row in row.estimate { $0.accuracy } },
      Column(header: "p adj", meaning: "p adj: by label permutation, for all layers at once") {
        row in row.largest { $0.accuracy?.pValueAdjusted }
      },
      Column(
        header: "chance",
        meaning: "chance: its mean under permutation, or the majority rate if higher"
      ) { row in
        row.mean(NumberText.share) { $0.accuracy?.chance }
      },
      Column(header: "rand95", meaning: "rand95: 95th percentile of random directions") { row in
        row.mean(NumberText.share) { cell in
          cell.accuracy.flatMap {
            cell.control(ProbeControl.random95, metric: $0.metric)?.value.finiteValue
          }
        }
      },
      Column(header: "AUROC", meaning: nil) { row in
        row.mean(NumberText.share) { $0.areaUnderROC?.value.finiteValue }
      },
      Column(header: "loss", meaning: "loss: held out, a constant has 0.2") { row in
        row.mean(NumberText.significant) { $0.measurement(MeanLoss.identifier)?.value.finiteValue }
      },
      Column(
        header: "labels", meaning: "labels: accuracy of difference-of-means, which sees labels"
      ) { row in
        row.mean(NumberText.share) {
          $0.control(ProbeControl.supervised, metric: Accuracy.identifier)?.value.finiteValue
        }
      },
      Column(header: "shuffled", meaning: "shuffled: refitted on shuffled training labels") { row in
        row.mean(NumberText.share) { cell in
          cell.accuracy.flatMap {
            cell.control(ProbeControl.shuffledLabels, metric: $0.metric)?.value.finiteValue
          }
        }
      },
    ]
    return all.filter { column in rows.contains { !column.text($0).isEmpty } }
  }

  private func mean(_ format: (Double) -> String, _ value: (ProbeCell) -> Double?) -> String {
    let values = cells.compactMap(value)
    guard !values.isEmpty, values.count == cells.count else { return "" }
    return format(values.reduce(0, +) / Double(values.count))
  }

  /// The largest value over folds: of p values a mean would be none.
  private func largest(_ value: (ProbeCell) -> Double?) -> String {
    let values = cells.compactMap(value)
    guard let largest = values.max(), values.count == cells.count else { return "" }
    return NumberText.share(largest)
  }

  /// The interval of the accuracy, where the row shows a single cell that has one.
  private var interval: Interval? { cells.count == 1 ? cells[0].accuracy?.interval : nil }

  private func estimate(_ measurement: (ProbeCell) -> Measurement?) -> String {
    let text = mean(NumberText.share) { measurement($0)?.value.finiteValue }
    if text.isEmpty, cells.contains(where: { measurement($0) != nil }) { return "undefined" }
    guard cells.count == 1, let interval = cells.first.flatMap(measurement)?.interval else {
      return text
    }
    return "\(text) [\(NumberText.share(interval.lower)), \(NumberText.share(interval.upper))]"
  }
}
