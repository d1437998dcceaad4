public import Activations
internal import Evaluation
internal import Foundation
internal import Probes

/// A `DumpInspection` as text, JSON or CSV.
public struct InspectionReport: Sendable {
  private let inspection: DumpInspection
  private let dump: ActivationDump
  private let style: TerminalStyle
  private static let width = 79

  /// Prepares a report.
  ///
  /// - Parameters:
  ///   - inspection: What was found.
  ///   - dump: The dump that was inspected.
  ///   - style: Whether to use colour.
  public init(_ inspection: DumpInspection, of dump: ActivationDump, style: TerminalStyle = .plain)
  {
    self.inspection = inspection
    self.dump = dump
    self.style = style
  }

  /// Which arrays hold NaN or infinite values in which layers, as one sentence; `nil` if none does.
  public var nonFiniteProblem: String? {
    let bad = inspection.arrays.compactMap { array -> String? in
      let layers = array.layers.filter { $0.nonFiniteCount > 0 }.map(\.name)
      let noun = layers.count == 1 ? "layer" : "layers"
      return layers.isEmpty
        ? nil : "\(array.role) (\(array.file)) in \(noun) \(layers.joined(separator: ", "))"
    }
    guard !bad.isEmpty else { return nil }
    return
      "NaN or infinite values are in \(bad.joined(separator: " and in ")); every activation must "
      + "be finite, so those layers are refused: correct the export"
  }

  /// The report as lines for people, 80 columns wide.
  ///
  /// - Returns: Lines without newlines.
  public func lines() -> [String] {
    let sections = [header(), arrays(), layers(), samples(), methods(), warnings()]
    return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  private func header() -> [String] {
    var facts = [
      inspection.model.name.map { "model \($0)" }, inspection.site.map { "site \($0)" },
      inspection.token.map { "token \($0)" },
      inspection.finalLayer.map { "final layer \($0.rawValue)" },
    ].compactMap { $0 }
    facts.append("\(inspection.sampleCount) samples")
    if !inspection.layerNames.isEmpty { facts.append("\(inspection.layerNames.count) layers") }
    facts.append("width \(inspection.width)")
    if inspection.variantCount > 1 { facts.append("\(inspection.variantCount) wordings") }
    return [style.bold(inspection.path)]
      + Prose.lines(facts.joined(separator: " · "), width: Self.width)
  }

  private func arrays() -> [String] {
    var table = TextTable(
      columns: [
        .init("role", .left), .init("file", .left), .init("type", .left), .init("shape", .left),
        .init("size"),
      ])
    for array in inspection.arrays {
      table.append([
        array.role.identifier, Self.shortened(array.file), array.elementType,
        array.shape.map(String.init).joined(separator: " × "),
        NumberText.bytes(array.byteCount) + (array.isMemoryMapped ? "" : " (in memory)"),
      ])
    }
    return table.lines(style: style)
  }

  /// The end of a long path, which tells files apart.
  private static func shortened(_ path: String) -> String {
    let limit = 28
    return path.count <= limit ? path : "…" + path.suffix(limit - 1)
  }

  private func layers() -> [String] {
    let scanned = inspection.arrays.filter { !$0.layers.isEmpty }
    guard !scanned.isEmpty else { return [] }
    var table = TextTable(
      columns: [
        .init("array", .left), .init("layer", .left), .init("largest"), .init("constant"),
        .init("zero rows"), .init("not finite"),
      ])
    for array in scanned {
      for layer in array.layers {
        table.append([
          array.role.identifier, layer.name, NumberText.significant(Double(layer.largestMagnitude)),
          layer.isConstant ? "all" : "\(layer.constantFeatureCount)", "\(layer.zeroRowCount)",
          "\(layer.nonFiniteCount)",
        ])
      }
    }
    return table.lines(style: style)
  }

  private func samples() -> [String] {
    var facts: [String] = []
    if !inspection.classes.isEmpty {
      let classes = inspection.classes.map { entry in
        "\(entry.name ?? "\(entry.label)"): \(entry.count)"
      }
      facts.append("labels " + classes.joined(separator: ", "))
    }
    facts.append(
      "\(inspection.groupCount) groups, \(inspection.blockCount) blocks that a split keeps whole")
    if let unpaired = inspection.unpairedOppositeCount {
      facts.append(unpaired == 0 ? "every sample has an opposite" : "\(unpaired) without opposite")
    }
    for attribute in inspection.attributes {
      let counts = attribute.values.map { "\($0.name ?? "\($0.value)"): \($0.count)" }
      facts.append("\(attribute.name) " + counts.joined(separator: ", "))
    }
    for (part, count) in (inspection.parts ?? [:]).sorted(by: { $0.key < $1.key }) {
      facts.append("\(part): \(count)")
    }
    return facts.flatMap { Prose.lines($0, width: Self.width) }
  }

  /// What each method would need that is missing.
  private func methods() -> [String] {
    ProbeCatalog.all.map { type in
      let missing = type.missingRoles(in: dump)
      return missing.isEmpty
        ? "ready: \(type.identifier)"
        : "\(type.identifier) needs \(missing.joined(separator: ", "))"
    } + [quality()]
  }

  /// What `plumbline quality` would need that is missing.
  private func quality() -> String {
    let hasPoints = dump.arrays[.activations] != nil || dump.arrays[.positive] != nil
    let missing =
      (hasPoints ? [] : ["activations or positive"]) + (dump.labels == nil ? ["labels"] : [])
    return missing.isEmpty
      ? "ready: quality, of \(inspection.classes.count) classes"
      : "quality needs \(missing.joined(separator: ", "))"
  }

  private func warnings() -> [String] {
    inspection.warnings.flatMap { warning in
      Prose.lines("! \(warning)", width: Self.width, indentation: "  ")
    }
  }

  /// The inspection as JSON with sorted keys.
  ///
  /// - Returns: UTF-8 text, ended by a newline.
  /// - Throws: An encoding error if a number is not finite.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(inspection), as: UTF8.self) + "\n"
  }

  /// One row an array and layer.
  ///
  /// - Returns: Comma-separated values.
  public func commaSeparated() -> String {
    let rows = inspection.arrays.flatMap { array -> [[String]] in
      let start = [
        array.role.identifier, array.file, array.elementType,
        array.shape.map(String.init).joined(separator: "x"), "\(array.byteCount)",
      ]
      guard !array.layers.isEmpty else { return [start + ["", "", "", "", ""]] }
      return array.layers.map { layer in
        start + [
          layer.name, layer.largestMagnitude.description, "\(layer.constantFeatureCount)",
          "\(layer.zeroRowCount)", "\(layer.nonFiniteCount)",
        ]
      }
    }
    return CommaSeparatedValues.text(
      header: [
        "role", "file", "type", "shape", "bytes", "layer", "largestMagnitude", "constantFeatures",
        "zeroRows", "nonFinite",
      ], rows: rows)
  }
}
