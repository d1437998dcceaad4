internal import Evaluation
public import Steering

/// What the rule for refusal directions chose, as a table, JSON or CSV.
public struct RefusalSelectionReport: Sendable {
  private let selection: RefusalDirectionSelection
  private let path: String
  private let blockCount: Int
  /// The most candidates that the terminal shows; records have all.
  private static let mostRows = 10

  /// A report.
  ///
  /// - Parameters:
  ///   - selection: What was chosen.
  ///   - path: The file of the scores.
  ///   - blockCount: How many blocks the model has.
  public init(_ selection: RefusalDirectionSelection, path: String, blockCount: Int) {
    self.selection = selection
    self.path = path
    self.blockCount = blockCount
  }

  /// Every score as a record, flagged `chosen` or `dropped`.
  public var records: [Record] {
    selection.candidates.flatMap { candidate in
      let evaluation = candidate.evaluation
      var flags = candidate.dropReason.map { [Flag("dropped", detail: $0.rawValue)] } ?? []
      if evaluation == selection.chosen { flags.append(Flag("chosen")) }
      return [
        ("refusal-score", evaluation.refusalScore), ("steering-score", evaluation.steeringScore),
        ("divergence", evaluation.divergence),
      ].map { metric, value in
        var record = Record(
          Measurement(
            metric: metric, value: value.map { .finite($0) } ?? .undefined("the file has NaN"),
            sampleCount: 0, groupCount: 0, flags: flags),
          method: RefusalDirectionSelection.identifier, layer: evaluation.layer)
        record.samples = nil
        record.category = "position \(evaluation.position)"
        return record
      }
    }
  }

  /// The result as one JSON object.
  ///
  /// - Returns: The document.
  public func document() -> ResultDocument {
    ResultDocument(
      command: "steer rank",
      settings: [
        "strategy": .string(RefusalDirectionSelection.identifier), "evaluations": .string(path),
        "blocks": .integer(blockCount),
      ], dumps: [], inputs: [], records: records, warnings: [])
  }

  /// The candidates that passed, the best first, and the choice; 80 columns wide.
  ///
  /// - Parameter style: Whether to use colour.
  /// - Returns: Lines without newlines.
  public func lines(style: TerminalStyle = .plain) -> [String] {
    let passing = selection.candidates.filter { $0.dropReason == nil }.map(\.evaluation)
      .sorted { ($0.refusalScore ?? 0) < ($1.refusalScore ?? 0) }
    var table = TextTable(
      columns: ["position", "layer", "refusal when ablated", "refusal when added", "KL"].map {
        TextTable.Column($0)
      })
    for evaluation in passing.prefix(Self.mostRows) {
      func number(_ value: Double?) -> String { value.map(NumberText.significant) ?? "" }
      table.append(
        [
          "\(evaluation.position)", "\(evaluation.layer)", number(evaluation.refusalScore),
          number(evaluation.steeringScore), number(evaluation.divergence),
        ], isMarked: evaluation == selection.chosen)
    }
    var drops: [String] = []
    for reason in RefusalDirectionSelection.DropReason.allCases {
      let count = selection.candidates.count { $0.dropReason == reason }
      if count > 0 { drops.append("\(count) by \(reason.rawValue)") }
    }
    let summary =
      "\(selection.candidates.count) candidates of \(blockCount) blocks, \(passing.count) pass"
      + (drops.isEmpty ? "" : "; dropped: " + drops.joined(separator: ", "))
    let choice =
      selection.chosen.map {
        "  chosen: position \($0.position), layer \($0.layer), the input of that block, counted from 0"
      } ?? "  none passes: nothing is chosen"
    return [style.bold(RefusalDirectionSelection.identifier)] + Prose.lines(summary, width: 79)
      + (passing.isEmpty ? [] : table.lines(style: style)) + ["", choice]
  }
}
