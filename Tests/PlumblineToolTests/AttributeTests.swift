import Foundation
import TestSupport
import Testing

/// Attributes are listed, chosen by and looked for, from a manifest and from flags.
@Suite("Attributes")
struct AttributeTests {
  private static let entry =
    #"arrays: {attributes: {form: {file: "forms.npy", axes: ["sample"], values: ["plain", "not"]}},"#

  /// A dump whose attribute `form` is "not" for every fourth sample.
  private func dump() throws -> SmallDump {
    let dump = try SmallDump()
    try dump.write((0..<120).map { $0 % 4 == 3 ? 1 : 0 }, to: "forms")
    try dump.editManifest("arrays: {", Self.entry)
    return dump
  }

  private func table(_ path: String) throws -> [[String]] {
    Array(rows(ofCommaSeparated: try String(contentsOfFile: path, encoding: .utf8)).dropFirst())
  }

  @Test("inspect lists them with counts per value")
  func inspection() throws {
    let dump = try dump()
    let run = try Tool.run(["inspect", dump.path])
    #expect(run.status == 0 && run.lines.contains("form plain: 90, not: 30"))
    #expect(run.output.contains("attributes.form"))
    #expect(try Tool.run(["inspect", dump.path, "--format", "json"]).output.contains("\"not\""))
  }

  @Test("--where chooses by them, in --test dumps too")
  func selection() throws {
    let (own, other) = (try dump(), try dump())
    let scores = own.folder.file("scores.csv")
    let arguments =
      ["probe", own.path, "--where", "form=plain", "--scores", scores, "--layers", "1"] + quickFit
    let run = try Tool.run(arguments + ["--test", other.path])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("measured on \(other.path), form = plain:"))
    let samples = try table(scores)
    #expect(samples.allSatisfy { Int($0[5]).map { $0 % 4 != 3 } == true })
    #expect(samples.count { $0[0] == other.path } == 90)
    let without = try SmallDump()
    let refused = try Tool.run(arguments + ["--test", without.path])
    #expect(refused.status == 64 && refused.output.isEmpty)
    #expect(
      refused.errors.contains("\"form\": \(without.path) has neither categories nor attributes"))
    let misspelt = try Tool.run(["probe", own.path, "--where", "from=plain"] + quickFit)
    #expect(misspelt.status == 64 && misspelt.errors.contains("has only \"form\""))
  }

  @Test("the distractor control measures each of them")
  func control() throws {
    let dump = try dump()
    let run = try Tool.run([
      "probe", dump.path, "--method", "difference-of-means", "--format", "json",
    ])
    let records = try ResultFile(run.output).records.filter { $0.control == "distractor" }
    #expect(records.map(\.category) == ["form", "form"])
  }

  @Test("--attribute names them one by one")
  func flags() throws {
    let dump = try dump()
    var arguments = ["inspect"]
    for role in ["positive", "negative"] {
      arguments += ["--\(role)", dump.folder.file("\(role).npy")]
    }
    let form = "form=\(dump.folder.file("forms.npy"))"
    let run = try Tool.run(arguments + ["--attribute", form])
    #expect(run.status == 0 && run.lines.contains("form 0: 90, 1: 30"), "\(run.errors)")
    for bad in [[form, form], ["forms.npy"], ["=forms.npy"]] {
      let refused = try Tool.run(arguments + bad.flatMap { ["--attribute", $0] })
      #expect(refused.status == 64 && refused.errors.contains("--attribute"))
    }
    #expect(try Tool.run(["inspect", dump.path, "--attribute", form]).status == 64)
  }
}
