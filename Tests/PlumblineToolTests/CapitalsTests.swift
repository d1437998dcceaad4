import Foundation
import Plumbline
import TestSupport
import Testing

/// The dump that ships with the package shows what its study says.
@Suite("The capitals")
struct CapitalsTests {
  static let both = Result { try Tool.run(["probe", Tool.capitals, "--format", "json"]) }
  static let first = Result {
    try Tool.run(["probe", Tool.capitals, "--where", "template=capital first", "--format", "json"])
  }

  @Test("every layer has a tidy record: estimate, interval, chance, flags")
  func tidyRecords() throws {
    let run = try Self.first.get()
    #expect(run.status == 0 && run.errors.isEmpty)
    let file = try ResultFile(run.output)
    #expect(file.command == "probe" && file.plumbline == plumblineVersion)
    #expect(file.accuracies.keys.sorted() == Array(0...6))
    for (layer, record) in file.accuracies {
      let estimate = try #require(record.estimate)
      let lower = try #require(record.lower)
      let upper = try #require(record.upper)
      let chance = try #require(record.chance)
      #expect(lower <= estimate && estimate <= upper, "layer \(layer)")
      #expect(chance > 0.5 && chance < 0.6, "folding takes one bit from the labels")
      #expect(record.level == 0.95 && record.groups == 21 && record.samples == 84)
      #expect(record.flags.contains { $0.hasPrefix("orientation-unresolved") })
    }
    #expect(file.inputs.count >= 6)
    #expect(file.inputs.allSatisfy { $0.sha256?.count == 64 && !$0.shape.isEmpty })
  }

  @Test("on one template layer 5 holds the truth and the embeddings do not")
  func oneTemplate() throws {
    let accuracies = try ResultFile(Self.first.get().output).accuracies
    let embeddings = try #require(accuracies[0])
    let fifth = try #require(accuracies[5])
    #expect(try #require(embeddings.pValueAdjusted) > 0.05)
    #expect(try #require(embeddings.estimate) < 0.6)
    #expect(try #require(fifth.pValueAdjusted) < 0.05)
    #expect(try #require(fifth.estimate) > 0.7)
    #expect(try #require(fifth.lower) > 0.5)
  }

  @Test("on both templates it locks onto the template, and the flag names it")
  func bothTemplates() throws {
    let run = try Self.both.get()
    #expect(run.status == 0 && run.errors.isEmpty)
    let accuracies = try ResultFile(run.output).accuracies
    for layer in 1...6 {
      let record = try #require(accuracies[layer])
      #expect(record.flags.contains { $0.hasPrefix("distractor: template") }, "layer \(layer)")
      #expect(try #require(record.pValueAdjusted) > 0.05)
    }
    let table = try Tool.run(["probe", Tool.capitals])
    #expect(table.output.contains("! distractor: template"))
  }

  @Test("CSV has the columns of the format and the rows of the JSON")
  func commaSeparatedValues() throws {
    let run = try Tool.run([
      "probe", Tool.capitals, "--where", "template=capital first", "--format", "csv",
    ])
    #expect(run.status == 0 && run.errors.isEmpty)
    let table = rows(ofCommaSeparated: run.output)
    #expect(
      table[0].joined(separator: ",")
        == "study,analysis,dump,trainDump,method,variant,control,layer,fold,category,coefficient,"
        + "unit,metric,"
        + "estimate,lower,upper,level,chance,pValue,pValueAdjusted,samples,groups,seed,flags")
    #expect(table.allSatisfy { $0.count == 24 })
    let records = try ResultFile(Self.first.get().output).records
    #expect(table.count == records.count + 1)
    for (row, record) in zip(table.dropFirst(), records) {
      #expect(row[4] == record.method && row[6] == record.control ?? "")
      #expect(row[12] == record.metric && Double(row[13]) == record.estimate)
      #expect(Int(row[7]) == record.layer && Double(row[19]) == record.pValueAdjusted)
    }
  }

  @Test("the same command gives the same bytes at any number of threads", arguments: [1, 2, 5])
  func reproducibility(threads: Int) throws {
    let again = try Tool.run([
      "probe", Tool.capitals, "--format", "json", "--threads", "\(threads)",
    ])
    func withoutThreads(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.contains("\"threads\" : ") }
    }
    #expect(withoutThreads(again.output) == withoutThreads(try Self.both.get().output))
    #expect(again.output.contains("\"threads\" : \(threads)"))
  }

  @Test("scores have one row a test sample, layer and method")
  func scores() throws {
    let folder = try TemporaryFolder()
    let run = try Tool.run(
      [
        "probe", Tool.capitals, "--method", "contrast-consistent-search,difference-of-means",
        "--scores", folder.file("scores.csv"), "--format", "json",
      ] + quickFit)
    let samples = try #require(ResultFile(run.output).records.first?.samples)
    let text = try String(contentsOf: URL(filePath: folder.file("scores.csv")), encoding: .utf8)
    let table = rows(ofCommaSeparated: text)
    #expect(
      table[0] == [
        "dump", "method", "variant", "layer", "fold", "sample", "label", "score", "threshold",
        "prediction",
      ])
    #expect(table.count == 1 + 2 * 7 * samples)
    #expect(Set(table.dropFirst().map { $0[1...5].joined(separator: "/") }).count == 14 * samples)
    for row in table.dropFirst() {
      let score = try #require(Double(row[7]))
      let threshold = try #require(Double(row[8]))
      #expect(row[9] == (score > threshold ? "1" : "0"))
    }
  }

  @Test("the demo runs and shows all its analyses in 80 columns")
  func demo() throws {
    let run = try Tool.run(["demo"])
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.output.contains("distractor: template"))
    #expect(run.output.contains("distractor: form"))
    for line in run.lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test(
    "tables fit 80 columns and carry no escape sequences off a terminal",
    arguments: [
      ["inspect"], ["probe"], ["probe", "--folds", "3", "--controls", "all"],
      ["probe", "--method", "difference-of-means,random-direction"],
      ["probe", "--compatibility", "burns"],
    ])
  func tables(_ command: [String]) throws {
    let run = try Tool.run(
      [command[0], Tool.capitals] + command.dropFirst(),
      environment: ["TERM": "xterm-256color"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.output.contains("\u{1B}") && run.errors.isEmpty)
    for line in run.lines { #expect(line.count <= 80, "\(line)") }
  }
}
