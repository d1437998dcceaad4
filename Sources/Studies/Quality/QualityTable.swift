internal import Activations
internal import Evaluation

/// The terminal's view of a ``QualityOutcome``: layers down and indices across, categories, geometry and the
/// pool, what the columns mean, and what is wrong.
///
/// Every line fits 80 columns.
struct QualityTable {
  let outcome: QualityOutcome
  let style: TerminalStyle
  let explains: Bool
  private static let width = 80

  func lines() -> [String] {
    var lines = Prose.lines(title, width: Self.width - 1).map(style.bold)
    lines += Prose.lines(summary, width: Self.width - 1)
    let shown = outcome.methods.filter { !outcome.cells(of: $0).isEmpty }
    lines += tables(of: indexColumns(shown), marked: markedLayer)
    lines += legend(shown)
    lines += categoryLines()
    lines += geometryLines()
    if let pool = outcome.pool, let pooled = pool.outcome {
      lines += PoolLines(pooled, layers: pool.layers, style: style).lines()
    }
    lines += flagLines()
    if !outcome.isComplete {
      lines += ["", style.bold("Interrupted: the layers that are missing were not measured.")]
    }
    return lines
  }

  // MARK: - Heading

  private var title: String {
    let classes = outcome.points.classList.joined(separator: " | ")
    return "separation of \(classes)"
  }

  private var summary: String {
    let points = outcome.points
    let counts = points.classCounts.map { "\($0)" }.joined(separator: " + ")
    return [
      outcome.selection, points.activations.summary,
      "\(counts) points in \(Grouping(points.groups).count) groups", "seed \(outcome.seed)",
    ].compactMap { $0 }.joined(separator: " · ")
  }

  // MARK: - Layers and indices

  /// A column: what stands above it, and its text for each layer.
  private struct Column {
    let header: String
    let text: (_ layer: Int) -> String
  }

  private var layers: [Int] { Set(outcome.cells.compactMap(\.layer)).sorted() }
  private var headline: MethodName? { outcome.methods.first }

  /// The layer that the headline prefers, if it stands out from permuted labels.
  private var markedLayer: Int? {
    guard let headline, layers.count > 1, let best = outcome.bestLayer(of: headline),
      let cell = outcome.cells(of: headline).first(where: { $0.layer == best })
    else { return nil }
    let isTested = outcome.cells(of: headline).contains { $0.measurement.pValueAdjusted != nil }
    return !isTested || (cell.measurement.pValueAdjusted ?? 1) <= 0.05 ? best : nil
  }

  private func indexColumns(_ methods: [MethodName]) -> [Column] {
    var columns: [Column] = []
    for method in methods {
      let cells = outcome.cells(of: method)
      let best = layers.count > 1 ? outcome.bestLayer(of: method) : nil
      func cell(_ layer: Int) -> QualityCell? { cells.first { $0.layer == layer } }
      let isHeadline = method == headline
      let level = isHeadline ? cells.lazy.compactMap { $0.measurement.interval?.level }.first : nil
      let format = QualityFormat(cells.map(\.measurement), showsIntervals: isHeadline)
      let header = format.header(
        outcome.header(of: method) + outcome.arrow(of: method), level: level)
      columns.append(
        Column(header: header) { layer in
          guard let cell = cell(layer) else { return "" }
          return format.text(cell.measurement) + (layer == best ? "°" : best == nil ? "" : " ")
        })
      if isHeadline, cells.contains(where: { $0.measurement.pValueAdjusted != nil }) {
        columns.append(
          Column(header: "p adj") { layer in
            cell(layer)?.measurement.pValueAdjusted.map { NumberText.share($0) } ?? ""
          })
      }
    }
    return columns
  }

  private static func smallestPValue(_ permutationCount: Int) -> String {
    NumberText.share(1 / Double(1 + permutationCount))
  }

  /// The columns in as many tables as it takes to fit the width.
  private func tables(of columns: [Column], marked: Int?) -> [String] {
    let labels = layers.map(label)
    let labelWidth = (labels.map(\.count) + [5]).max() ?? 5
    var tables: [[Column]] = []
    var width = Self.width
    for column in columns {
      let needed = 2 + ([column.header] + layers.map(column.text)).map(\.count).reduce(0, max)
      if width + needed > Self.width {
        tables.append([])
        width = 2 + labelWidth
      }
      tables[tables.count - 1].append(column)
      width += needed
    }
    return tables.flatMap { columns in
      var table = TextTable(
        columns: [TextTable.Column("layer", .left)] + columns.map { TextTable.Column($0.header) })
      for (layer, label) in zip(layers, labels) {
        table.append([label] + columns.map { $0.text(layer) }, isMarked: layer == marked)
      }
      return table.lines(style: style)
    }
  }

  private func label(_ layer: Int) -> String {
    let names = outcome.dump.layerNames
    guard names.indices.contains(layer), names[layer] != "\(layer)" else { return "\(layer)" }
    return "\(layer) \(names[layer].shortened(to: 24))"
  }

  // MARK: - What it means

  private func legend(_ methods: [MethodName]) -> [String] {
    var sentences: [String] = []
    if let headline, outcome.bestLayer(of: headline) != nil {
      sentences.append(
        markedLayer == nil
          ? outcome.permutationCount < 20
            ? "p adj cannot go below \(QualityTable.smallestPValue(outcome.permutationCount))"
            : "no layer stands out from permuted labels (p adj > 0.05)"
          : "* best layer by \(outcome.header(of: headline)), chosen on the same samples")
    }
    if methods.contains(where: { outcome.bestLayer(of: $0) != nil }) {
      sentences.append("° best layer by that index")
    }
    if let headline, outcome.cells(of: headline).contains(where: \.hasDebiasedInterval) {
      sentences.append(
        "[ ] holds the index of the populations; the estimate is biased and may lie outside")
    }
    if explains {
      sentences.append(
        "↑ higher is better, ↓ lower; `plumbline methods NAME` says what each index is")
    }
    let text = sentences.isEmpty ? "" : sentences.joined(separator: "; ") + "."
    return (Prose.lines(text, width: Self.width - 2) + disagreement(methods)).map {
      style.dim("  " + $0)
    }
  }

  /// Which layer each index prefers, where they differ.
  private func disagreement(_ methods: [MethodName]) -> [String] {
    guard layers.count > 1 else { return [] }
    var order: [Int] = []
    var members: [Int: [String]] = [:]
    for method in methods {
      guard let best = outcome.bestLayer(of: method) else { continue }
      if members[best] == nil { order.append(best) }
      members[best, default: []].append(outcome.header(of: method))
    }
    guard order.count > 1 else { return [] }
    let parts = order.map { "layer \($0) by \((members[$0] ?? []).joined(separator: ", "))" }
    return Prose.lines(
      "The indices disagree about the best layer: \(parts.joined(separator: "; "))",
      width: Self.width - 2)
  }

  // MARK: - Categories and geometry

  private func categoryLines() -> [String] {
    guard let headline, !outcome.categories.isEmpty else { return [] }
    let measured = outcome.cells.filter { $0.name == headline && $0.category != nil }
    let format = QualityFormat(measured.map(\.measurement))
    let columns = outcome.categories.map { category in
      let cells = outcome.cells(of: headline, category: category)
      let best = layers.count > 1 ? outcome.bestLayer(of: headline, category: category) : nil
      return Column(header: category.shortened(to: 24)) { layer in
        guard let cell = cells.first(where: { $0.layer == layer }) else { return "" }
        let isReal = (cell.measurement.pValueAdjusted ?? 1) <= 0.05
        return format.text(cell.measurement) + (isReal ? "*" : " ")
          + (best == nil ? "" : layer == best ? "°" : " ")
      }
    }
    let note = "* stands out from permuted labels (p adj ≤ 0.05 over layers)."
    return [
      "",
      style.bold(
        "\(format.header(outcome.header(of: headline))) by \(outcome.category ?? "category")"),
    ]
      + tables(of: columns, marked: nil) + [style.dim("  " + note)]
  }

  private func geometryLines() -> [String] {
    guard !outcome.geometry.isEmpty else { return [] }
    var columns = outcome.geometry.map { method in
      column(outcome.header(of: method), outcome.cells(of: method))
    }
    let alignments = outcome.cells.filter { cell in
      cell.name == QualityAlignment.name
        && cell.category == cell.layer.flatMap(previous).map(QualityAlignment.category)
    }
    if !alignments.isEmpty { columns.append(column("CKA with the layer before", alignments)) }
    return ["", style.bold("geometry")] + tables(of: columns, marked: nil)
  }

  /// A column of values without intervals.
  private func column(_ header: String, _ cells: [QualityCell]) -> Column {
    let format = QualityFormat(cells.map(\.measurement))
    return Column(header: format.header(header)) { layer in
      cells.first { $0.layer == layer }.map { format.text($0.measurement) } ?? ""
    }
  }

  private func previous(_ layer: Int) -> Int? {
    layers.firstIndex(of: layer).flatMap { $0 > 0 ? layers[$0 - 1] : nil }
  }

  /// Each flag once, with the layers that carry it; what only names where an interval lies is left out.
  private func flagLines() -> [String] {
    var lines = FlagLines()
    let quiet: Set<String> = ["debiased-interval", "one-sided-interval", "no-interval"]
    for cell in outcome.cells {
      guard let layer = cell.layer else { continue }
      for flag in cell.measurement.flags where !quiet.contains(flag.name) {
        // What keeps a category from having a value is said with its name; all else once.
        let isOfCategory = flag.name == "undefined"
        let detail = flag.detail ?? cell.name.description
        let place = [isOfCategory ? cell.category : nil, detail].compactMap { $0 }
        lines.add(
          flag, detail: place.joined(separator: ": "), layer: layer,
          key: flag.name + place.joined())
      }
    }
    return lines.text(layers: Set(layers))
  }
}

extension QualityOutcome {
  /// The tables of all indices, with explanations.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below each table.
  /// - Returns: Lines without newlines.
  public func lines(style: TerminalStyle, explains: Bool) -> [String] {
    QualityTable(outcome: self, style: style, explains: explains).lines()
  }
}
