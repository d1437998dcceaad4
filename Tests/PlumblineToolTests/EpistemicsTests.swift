import Foundation
import TestSupport
import Testing

/// `plumbline epistemics`, as a user runs it.
@Suite("Epistemics")
struct EpistemicsTests {
  static let dump = Tool.packageFolder.appending(
    path: "notebooks-export/organism/dumps/epistemics"
  ).path
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: [String], status: Int32 = 0) throws -> ToolRun {
    let run = try Tool.run(["epistemics"] + arguments)
    #expect(run.status == status && !run.endedBySignal, "\(run.errors)")
    return run
  }

  @Test("feature gaps are fitted, saved, and score and evaluate the same dump")
  func wholeWay() throws {
    let saved = folder.file("gaps.json")
    let table = try run(["fit", Self.dump, "--save", saved])
    for line in table.lines { #expect(line.count <= 80, "\(line)") }
    #expect(table.output.contains("comprehension") && table.output.contains("165 judged answers"))
    let evaluated = try run(["evaluate", Self.dump, "--fitted", saved])
    for line in evaluated.lines { #expect(line.count <= 80, "\(line)") }
    #expect(evaluated.output.contains("* perplexity"))
    let scores = try run(["score", Self.dump, "--fitted", saved, "--quiet"])
    #expect(scores.lines.first?.hasPrefix("sample,label,seen,feature-gaps") == true)
    #expect(scores.output.split(separator: "\n").count == 261)
    let arrays = folder.file("scores.npz")
    #expect(try run(["score", Self.dump, "--output", arrays]).output.isEmpty)
    #expect(FileManager.default.fileExists(atPath: arrays))
  }

  @Test("records have every score, metric, difference and control")
  func records() throws {
    let records = try ResultFile(
      run([
        "evaluate", Self.dump, "--method", "feature-gaps,perplexity", "--metric",
        "prediction-rejection-ratio", "--reference", "perplexity", "--format", "json",
      ]).output
    ).records
    #expect(
      Set(records.compactMap(\.method)) == [
        "feature-gaps", "feature-gaps:comprehension",
        "feature-gaps:honesty", "feature-gaps:reliance", "perplexity",
      ])
    #expect(records.contains { $0.control == "random-direction" && $0.metric == "prr" })
    #expect(records.contains { $0.control == "shuffled-labels" && $0.pValue != nil })
    #expect(records.contains { $0.category == "less perplexity" && $0.pValue != nil })
  }

  @Test(
    "what cannot be done is refused with its status and what to do",
    arguments: [
      (["fit", "none"], 66, "there is no dump"),
      (["fit", "DUMPS/truth"], 65, "contrast"),
      (["fit", "DUMPS/epistemics", "--method", "perplexity"], 64, "nothing to learn"),
      (["fit", "DUMPS/epistemics", "--features", "honesty,candour"], 65, "candour"),
      (
        ["fit", "DUMPS/epistemics", "--set", "feature-gaps.ignoredLayerCount=6"], 64,
        "ignoredLayerCount"
      ),
      (["score", "DUMPS/truth"], 64, "log-probabilities"),
      (["score", "DUMPS/epistemics", "--method", "token-entropy"], 65, "truncation"),
      (["score", "DUMPS/epistemics", "--method", "feature-gaps"], 64, "--fitted"),
      (["score", "DUMPS/epistemics", "--fitted", "none.json"], 66, "none.json"),
      (["evaluate", "DUMPS/epistemics", "--metric", "prr"], 64, "prediction-rejection-ratio"),
      (["evaluate", "DUMPS/epistemics", "--method", "perplexty"], 64, "perplexity"),
      (["evaluate", "DUMPS/epistemics", "--resamples", "10"], 64, "100"),
      (["evaluate", "DUMPS/epistemics", "--where", "category=contradicting"], 65, "label 1"),
    ])
  func refusals(arguments: [String], status: Int, words: String) throws {
    let dumps = (Self.dump as NSString).deletingLastPathComponent
    let failed = try run(
      arguments.map { $0.replacing("DUMPS", with: dumps) }, status: Int32(status))
    #expect(failed.output.isEmpty && failed.errors.contains(words), "\(failed.errors)")
  }
}
