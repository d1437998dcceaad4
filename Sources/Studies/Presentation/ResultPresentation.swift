internal import Activations
internal import ArrayFiles
internal import Evaluation

/// The results of a command, ready to be shown as a table, JSON or CSV.
public struct ResultPresentation: Sendable {
  private let command: String
  private let outcomes: [ProbeOutcome]
  private let study: Study?
  private let digests: FileDigests

  /// Prepares results.
  ///
  /// - Parameters:
  ///   - command: The command's name.
  ///   - outcomes: What was measured: one outcome, or one for each analysis of a study, in order.
  ///   - study: The study, where there is one.
  ///   - digests: Digests of files that have been read before.
  public init(
    command: String, outcomes: [ProbeOutcome], study: Study? = nil,
    digests: FileDigests = FileDigests()
  ) {
    self.command = command
    self.outcomes = outcomes
    self.study = study
    self.digests = digests
  }

  /// Every measured number.
  public var records: [Record] {
    outcomes.enumerated().flatMap { position, outcome in
      outcome.records(study: study?.name, variant: study?.analyses[position].name)
    }
  }

  /// What the user should know about the run as a whole.
  public var warnings: [String] {
    var warnings: [String] = []
    if outcomes.contains(where: { !$0.isComplete }) {
      warnings.append("interrupted: some layers were not measured")
    }
    if outcomes.contains(where: { $0.dump.labels == nil }) {
      warnings.append("the dump has no labels, so accuracy and AUROC are not measured")
    }
    return warnings + (study?.caveats ?? [])
  }

  /// The result as one JSON object with its settings, inputs and platform.
  ///
  /// Reads every input file once for its digest.
  ///
  /// - Returns: The document.
  public func document() -> ResultDocument {
    var settings: [String: SettingValue] = [:]
    if let study {
      for (position, outcome) in outcomes.enumerated() {
        settings[study.analyses[position].name] = .object(outcome.settings)
      }
    } else {
      settings = outcomes.first?.settings ?? [:]
    }
    return ResultDocument(
      command: command, settings: settings, inputs: inputs(), records: records, warnings: warnings)
  }

  private func inputs() -> [InputFile] {
    var seen: Set<String> = []
    var inputs: [InputFile] = []
    for dump in outcomes.flatMap({ [$0.dump] + $0.testDumps }) where seen.insert(dump.path).inserted
    {
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
    if let study {
      lines += [style.bold(study.title)] + Prose.lines(study.question, width: 79) + [""]
    }
    for (position, outcome) in outcomes.enumerated() {
      if position > 0 { lines.append("") }
      if let analysis = study?.analyses[position] {
        lines.append(style.bold("── \(position + 1). \(analysis.name) ──"))
        lines += Prose.lines(analysis.summary, width: 79)
        if !analysis.expectation.isEmpty {
          lines += Prose.lines("Expect: \(analysis.expectation)", width: 79)
        }
        lines.append("")
      } else if outcomes.count > 1 {
        lines.append(style.bold("── fitted on \(outcome.dump.path) ──"))
      }
      lines += ProbeTable(outcome, style: style, explains: position == 0).lines()
      let misjudged = try MisjudgedSamples(outcome, style: style).lines()
      if !misjudged.isEmpty { lines += [""] + misjudged }
    }
    if !warnings.isEmpty { lines.append("") }
    for warning in warnings {
      lines += Prose.lines("Note: \(warning)", width: 79, indentation: "  ")
    }
    return lines
  }
}
