internal import Activations
internal import Probes

/// The samples that a method is most confidently wrong about, with their texts.
public struct MisjudgedSamples: Sendable {
  private let outcome: ProbeOutcome
  private let style: TerminalStyle

  /// Prepares the list.
  ///
  /// - Parameters:
  ///   - outcome: What was measured.
  ///   - style: Whether to use colour.
  public init(_ outcome: ProbeOutcome, style: TerminalStyle = .plain) {
    self.outcome = outcome
    self.style = style
  }

  /// The worst samples of each method at its best layer, if that one stands out from chance: below
  /// that, which samples are wrong is chance, too.
  ///
  /// - Parameter count: How many a method.
  /// - Returns: Lines; none without labels.
  /// - Throws: `ActivationsError` if the texts cannot be read.
  public func lines(count: Int = 3) throws -> [String] {
    let texts = try outcome.dump.texts?.read()
    var lines: [String] = []
    for method in outcome.methods {
      guard let layer = outcome.bestLayer(of: method),
        let cell = outcome.cells(of: method).first(where: { $0.layer == layer }),
        LayerSummary([cell]).isSignificant
      else { continue }
      let worst = cell.scores.worst(count)
      guard !worst.isEmpty, let labels = cell.scores.labels else { continue }
      lines.append(style.bold("Most confidently wrong at layer \(layer), \(method):"))
      for position in worst {
        let sample = cell.scores.samples[position]
        let score = NumberText.fixed(cell.scores.scores[position], 3)
        let text = texts.map { ": “\($0[sample])”" } ?? ""
        let line = "sample \(sample), label \(labels[position] ? 1 : 0), score \(score)\(text)"
        lines += Prose.lines(line, width: 78, indentation: "    ").map { "  " + $0 }
      }
    }
    return lines
  }
}
