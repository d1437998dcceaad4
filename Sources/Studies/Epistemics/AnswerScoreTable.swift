public import Activations
internal import ArrayFiles
internal import Epistemics
internal import Evaluation

/// One row an answer, one column a score: what `plumbline epistemics score` writes.
public struct AnswerScoreTable: Sendable {
  private let samples: [Int]
  private let labels: [Int]?
  private let seen: [Bool]?
  private let scored: [ScoredAnswers]

  /// Scores all answers of a dump.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - scorers: The scores; feature gaps must be fitted.
  ///   - selection: Which answers.
  /// - Throws: `ActivationsError`, `EpistemicsError`, or ``StudyError/usage(_:)`` for feature gaps that are not fitted.
  public init(
    of dump: ActivationDump, scorers: [AnswerScorer], selection: SampleSelection
  ) throws {
    samples = selection.samples
    labels = dump.labels.map { labels in selection.samples.map { labels[$0] } }
    var tokens: [(name: String, score: any AnswerScore)] = []
    var gaps: [ScoredAnswers] = []
    var seen: [Bool]?
    for scorer in scorers {
      let name = try scorer.name.description
      switch scorer {
      case .tokens(let score): tokens.append((name, score))
      case .featureGaps:
        throw StudyError.usage(
          "\(name) is learned from labelled answers first: fit it by `plumbline epistemics fit --save`, and score with "
            + "--fitted")
      case .fitted(let saved):
        let states = try LayeredStates(dump, samples: samples)
        gaps += ScoredAnswers.ofGaps(
          try saved.fitted.scores(of: states), named: name, flags: saved.fitted.flags,
          eachFeature: true)
        if saved.origin.fingerprint?.isShared(with: dump, digests: FileDigests()) == true {
          let blocks = try dump.blocks().blockOfSample
          let taught = Set(
            (saved.fitted.trainingIdentifiers ?? []) + (saved.fitted.validationIdentifiers ?? []))
          seen = samples.map { taught.contains(blocks[$0]) }
        }
      }
    }
    self.seen = seen
    scored = gaps + (try ScoredAnswers.ofTokens(tokens, in: dump, samples: samples))
  }

  /// The rows as comma-separated values.
  ///
  /// The columns are sample, label (empty where unknown), seen (whether the answer taught a fitted score; empty where
  /// unknown), and one uncertainty a score, higher being less to be trusted; `inf` where it is infinite, empty where it
  /// is undefined.
  public var commaSeparated: String {
    CommaSeparatedValues.text(
      header: ["sample", "label", "seen"] + scored.map(\.name),
      rows: samples.indices.map { row in
        [
          "\(samples[row])", labels.map { "\($0[row])" } ?? "",
          seen.map { $0[row] ? "1" : "0" } ?? "",
        ]
          + scored.map { answers in
            switch answers.values[row] {
            case .finite(let value): value.description
            case .infinite: "inf"
            case .undefined: ""
            }
          }
      })
  }

  /// The same as arrays of an `.npz` file: `sample` and `label` as integers, `seen` as booleans, and one of float64 a score,
  /// with NaN where it is undefined.
  ///
  /// - Parameter path: The file.
  /// - Throws: `ArrayFileError`.
  public func writeNPZ(to path: String) throws {
    var members: [(name: String, contents: ArrayContents)] = [
      ("sample", try ArrayContents(samples.map { Int64($0) }, shape: [samples.count]))
    ]
    if let labels {
      members.append(
        ("label", try ArrayContents(labels.map { Int64($0) }, shape: [samples.count])))
    }
    if let seen { members.append(("seen", try ArrayContents(seen, shape: [samples.count]))) }
    for answers in scored {
      let values = answers.values.map { value -> Double in
        switch value {
        case .finite(let number): number
        case .infinite: .infinity
        case .undefined: .nan
        }
      }
      members.append((answers.name, try ArrayContents(values, shape: [samples.count])))
    }
    try NPZWriter.write(members, to: path)
  }

  /// What to know of the scores.
  public var remarks: [String] {
    var remarks: [String] = []
    for answers in scored {
      for flag in answers.flags where !remarks.contains("\(flag)") { remarks.append("\(flag)") }
    }
    return remarks
  }
}
