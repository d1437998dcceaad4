internal import Activations
internal import ArrayFiles
internal import Evaluation

/// The results of a command, ready to be shown as a table, JSON or CSV.
public struct ResultPresentation: Sendable {
  private let command: String
  private let sections: [Section]
  private let digests: FileDigests

  /// One outcome, and what asked for it.
  private struct Section: Sendable {
    let outcome: any Outcome
    var study: Study?
    var analysis: Study.Analysis?
    /// Whether it is the first of its study.
    var isFirst = false
    /// Whether it is the last of its study.
    var isLast = false
  }

  /// Prepares results.
  ///
  /// - Parameters:
  ///   - command: The command's name.
  ///   - outcomes: What was measured.
  ///   - digests: Digests of files that have been read before.
  public init(
    command: String, outcomes: [any Outcome], digests: FileDigests = FileDigests()
  ) {
    self.command = command
    self.digests = digests
    sections = outcomes.map { Section(outcome: $0) }
  }

  /// Prepares the results of studies.
  ///
  /// - Parameters:
  ///   - command: The command's name.
  ///   - studies: Each study with what was measured: one outcome for each of its analyses, in order, or
  ///     for the first of them after an interruption.
  public init(command: String, studies: [(study: Study, outcomes: [any Outcome])]) {
    self.command = command
    digests = FileDigests()
    sections = studies.flatMap { study, outcomes in
      outcomes.enumerated().map { position, outcome in
        Section(
          outcome: outcome, study: study, analysis: study.analyses[position],
          isFirst: position == 0, isLast: position == outcomes.count - 1)
      }
    }
  }

  /// Every measured number.
  public var records: [Record] {
    sections.flatMap { $0.outcome.records(study: $0.study?.name, analysis: $0.analysis?.name) }
  }

  /// What the user should know about the run as a whole.
  public var warnings: [String] {
    var warnings: [String] = []
    if sections.contains(where: { !$0.outcome.isComplete }) {
      warnings.append("interrupted: some layers were not measured")
    }
    for warning in sections.flatMap(\.outcome.warnings) where !warnings.contains(warning) {
      warnings.append(warning)
    }
    return warnings
  }

  /// The result as one JSON object with its settings, inputs and platform.
  ///
  /// Reads every input file once for its digest.
  ///
  /// - Returns: The document.
  public func document() -> ResultDocument {
    var settings: [String: SettingValue] = [:]
    for section in sections {
      guard let study = section.study, let analysis = section.analysis else {
        settings = sections.first?.outcome.settings ?? [:]
        break
      }
      var analyses: [String: SettingValue] = [:]
      if case .object(let known) = settings[study.name] { analyses = known }
      analyses[analysis.name] = .object(section.outcome.settings)
      settings[study.name] = .object(analyses)
    }
    let caveats = sections.filter(\.isLast).flatMap { $0.study?.caveats ?? [] }
    return ResultDocument(
      command: command, settings: settings, dumps: dumps.map(InputDump.init), inputs: inputs(),
      records: records, warnings: warnings + caveats)
  }

  /// Every dump that was measured, once.
  private var dumps: [ActivationDump] {
    var seen: Set<String> = []
    return sections.flatMap { [$0.outcome.dump] + $0.outcome.testDumps }
      .filter { seen.insert($0.path).inserted }
  }

  private func inputs() -> [InputFile] {
    var inputs: [InputFile] = []
    for dump in dumps {
      for (_, array) in dump.arrays.sorted(by: { $0.key < $1.key }) {
        for file in array.files {
          inputs.append(
            InputFile(
              path: file.path, member: file.member, sha256: digests.sha256(of: file.path),
              shape: file.layout.shape, type: file.layout.elementType.rawValue))
        }
      }
    }
    return inputs
  }

  /// The result as text for people, 80 columns wide.
  ///
  /// - Parameter style: Whether to use colour.
  /// - Returns: Lines without newlines.
  /// - Throws: `ActivationsError` if the texts of misjudged samples cannot be read.
  public func lines(style: TerminalStyle = .plain) throws -> [String] {
    var lines: [String] = []
    for (position, section) in sections.enumerated() {
      if position > 0 { lines.append("") }
      lines += try self.lines(of: section, number: position, style: style)
    }
    if !warnings.isEmpty { lines.append("") }
    return lines + warnings.flatMap(Self.note)
  }

  private func lines(of section: Section, number: Int, style: TerminalStyle) throws -> [String] {
    var lines: [String] = []
    if let study = section.study, section.isFirst {
      lines += [style.bold(study.title)] + Prose.lines(study.question, width: 79) + [""]
    }
    if let analysis = section.analysis, let study = section.study {
      let place = study.analyses.firstIndex(of: analysis) ?? 0
      lines.append(style.bold("── \(place + 1). \(analysis.name) ──"))
      lines += Prose.lines(analysis.summary, width: 79)
      if !analysis.expectation.isEmpty {
        lines += Prose.lines("Expect: \(analysis.expectation)", width: 79)
      }
      lines.append("")
    } else if sections.count > 1 {
      lines.append(style.bold("── fitted on \(section.outcome.dump.path) ──"))
    }
    // A table like one before it is not explained again.
    let explains = !sections[..<number].contains {
      type(of: $0.outcome) == type(of: section.outcome) && $0.study?.name == section.study?.name
    }
    lines += try section.outcome.lines(style: style, explains: explains)
    if section.isLast, let caveats = section.study?.caveats, !caveats.isEmpty {
      lines += [""] + caveats.flatMap(Self.note)
    }
    return lines
  }

  private static func note(_ text: String) -> [String] {
    Prose.lines("Note: \(text)", width: 79, indentation: "  ")
  }
}
