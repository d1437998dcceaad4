public import Activations
internal import Evaluation
internal import Foundation
internal import Probes

/// A `DumpInspection` as text, JSON or CSV.
public struct InspectionReport: Sendable {
  let inspection: DumpInspection
  private let dump: ActivationDump
  let style: TerminalStyle
  static let width = 79

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
      if layers.isEmpty {
        return array.nonFiniteCount ?? 0 > 0 ? "\(array.role) (\(array.file))" : nil
      }
      return "\(array.role) (\(array.file)) in \(noun) \(layers.joined(separator: ", "))"
    }
    guard !bad.isEmpty else { return nil }
    return
      "NaN or infinite values are in \(bad.joined(separator: " and in ")); every number must be "
      + "finite, so those are refused: correct the export"
  }

  /// The report as lines for people, 80 columns wide.
  ///
  /// - Returns: Lines without newlines.
  public func lines() -> [String] {
    let sections = [
      header(), provenance(), arrays(), layers(), samples(), methods(), warnings(),
    ]
    return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  private func arrays() -> [String] {
    var table = TextTable(
      columns: [
        .init("role", .left, isFlexible: true), .init("file", .left, isFlexible: true),
        .init("type", .left), .init("shape", .left), .init("size"),
      ])
    for array in inspection.arrays {
      table.append([
        array.role.identifier, file(of: array), array.elementType,
        array.shape.map(String.init).joined(separator: " × "),
        NumberText.bytes(array.byteCount) + (array.isMemoryMapped ? "" : " (in memory)"),
      ])
    }
    return table.lines(style: style, width: Self.width)
  }

  /// A file as the manifest names it, in the dump's folder.
  private func file(of array: DumpInspection.Array) -> String {
    guard case .array(let reference) = dump.manifest.arrays[array.role] else { return array.file }
    return reference.file + (reference.member.map { ":" + $0 } ?? "")
  }

  private func layers() -> [String] {
    let scanned = inspection.arrays.filter { !$0.layers.isEmpty }
    guard !scanned.isEmpty else { return [] }
    var table = TextTable(
      columns: [
        .init("array", .left, isFlexible: true), .init("layer", .left), .init("largest"),
        .init("constant"), .init("zero rows"), .init("not finite"),
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
    return table.lines(style: style, width: Self.width)
  }

  /// What each method would need that is missing.
  private func methods() -> [String] {
    let probes = ProbeCatalog.all.map { type in
      let missing = type.missingRoles(in: dump) + (labelsNeeded.map { [$0] } ?? [])
      return missing.isEmpty
        ? "ready: \(type.identifier)"
        : "\(type.identifier) needs \(missing.joined(separator: ", "))"
    }
    return (probes + [quality()]).flatMap { Prose.lines($0, width: Self.width, indentation: "  ") }
  }

  /// Which labels probes need in place of those that the dump has, if it has any.
  private var labelsNeeded: String? {
    guard let labels = dump.labels else { return nil }
    let attempted = SampleSelection(all: dump).attempted(in: dump).samples
    let classes = Set(attempted.map { labels[$0] })
    guard classes != [0, 1] else { return nil }
    let present = Set(labels).sorted().map { "\($0)" }.joined(separator: ", ")
    return "labels 0 and 1 (there are: \(present))"
  }

  /// What `plumbline quality` would need that is missing.
  private func quality() -> String {
    let hasPoints = dump.arrays[.activations] != nil || dump.arrays[.positive] != nil
    let missing =
      (hasPoints ? [] : ["activations or positive"]) + (dump.labels == nil ? ["labels"] : [])
    return missing.isEmpty
      ? "ready: quality, of \(inspection.classes.count { $0.label >= 0 }) classes"
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
      guard !array.layers.isEmpty else {
        return [start + ["", "", "", "", array.nonFiniteCount.map(String.init) ?? ""]]
      }
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
