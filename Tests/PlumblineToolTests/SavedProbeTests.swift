import Foundation
import TestSupport
import Testing

/// Saved probes score as they did, and are not applied to what they do not fit.
@Suite("Saved probes")
struct SavedProbeTests {
  /// A dump with probes saved and scored on it.
  private struct Fixture {
    let dump: SmallDump
    let folder = try? TemporaryFolder()
    var probe: String { (folder?.file("probe.json")) ?? "" }
    var scores: String { (folder?.file("scores.csv")) ?? "" }

    init(methods: String = "contrast-consistent-search,difference-of-means") throws {
      dump = try SmallDump()
      let run = try Tool.run(
        ["probe", dump.path, "--method", methods, "--save", probe, "--scores", scores] + quickFit)
      try #require(run.status == 0, "\(run.errors)")
    }

    func apply(to path: String? = nil, _ options: String...) throws -> ToolRun {
      try Tool.run(["probe", "apply", probe, path ?? dump.path] + options)
    }

    func edit(_ change: (inout String) -> Void) throws {
      var text = try String(contentsOf: URL(filePath: probe), encoding: .utf8)
      change(&text)
      try Data(text.utf8).write(to: URL(filePath: probe))
    }
  }

  @Test("apply gives the samples of the test side the scores they had")
  func sameScores() throws {
    let fixture = try Fixture()
    let applied = try #require(fixture.folder).file("applied.csv")
    let run = try fixture.apply(to: nil, "--scores", applied)
    #expect(run.status == 0, "\(run.errors)")
    func read(_ path: String) throws -> [String: [String]] {
      let table = rows(ofCommaSeparated: try String(contentsOfFile: path, encoding: .utf8))
      return Dictionary(uniqueKeysWithValues: table.dropFirst().map { ("\($0[1...5])", $0) })
    }
    let before = try read(fixture.scores)
    let after = try read(applied)
    #expect(after.count == 2 * SmallDump.layerCount * SmallDump.sampleCount)
    #expect(before.count < after.count && before.count > 0)
    for (key, row) in before { #expect(after[key] == row) }
    #expect(run.output.contains("includes-training-samples"))
  }

  @Test(
    "a copied or moved dump is known by its contents, and one exported anew at the old path is not")
  func copiedDump() throws {
    let fixture = try Fixture()
    let flag = "includes-training-samples"
    #expect(try fixture.apply().output.contains(flag))
    let folder = try TemporaryFolder()
    let copy = folder.file("copy")
    try FileManager.default.copyItem(atPath: fixture.dump.path, toPath: copy)
    #expect(try fixture.apply(to: copy).output.contains(flag))
    try fixture.dump.edit("positive.npy") { $0[$0.count - 2] ^= 1 }
    #expect(try fixture.apply().output.contains(flag), "the negative sides are the same")
    try fixture.dump.edit("negative.npy") { $0[$0.count - 2] ^= 1 }
    let other = try fixture.apply()
    #expect(other.status == 0 && !other.output.contains(flag))
  }

  @Test("probes saved without the contents of their dump know it by its path")
  func earlierVersion() throws {
    let fixture = try Fixture()
    try fixture.edit { text in
      let start = text.range(of: "\"fingerprint\" : ")
      let end = text.range(of: "\"model\" : ")
      if let start, let end, start.lowerBound < end.lowerBound {
        text.removeSubrange(start.lowerBound..<end.lowerBound)
      }
      #expect(!text.contains("sha256"))
    }
    let copy = try SmallDump()
    #expect(try fixture.apply().output.contains("includes-training-samples"))
    let elsewhere = try fixture.apply(to: copy.path)
    #expect(elsewhere.status == 0 && !elsewhere.output.contains("includes-training-samples"))
  }

  @Test("a dump of one class has no folded accuracy, rather than a good one")
  func oneClass() throws {
    let fixture = try Fixture()
    let other = try SmallDump()
    try other.write([Int](repeating: 1, count: SmallDump.sampleCount), to: "labels")
    let run = try fixture.apply(to: other.path, "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let records = try ResultFile(run.output).records
    for record in records where record.metric.hasPrefix("folded-") {
      #expect(record.estimate == nil)
      #expect(record.flags.contains { $0.hasPrefix("undefined: ") })
    }
    let plain = records.filter { $0.metric == "accuracy" }
    #expect(plain.count == SmallDump.layerCount)
    #expect(plain.allSatisfy { $0.chance == 1 && $0.flags.contains { $0.hasPrefix("one-class") } })
  }

  @Test("another model is refused by name, unless forced")
  func otherModel() throws {
    let fixture = try Fixture()
    let other = try SmallDump(model: "another")
    let refused = try fixture.apply(to: other.path)
    #expect(refused.status == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("\"small\"") && refused.errors.contains("\"another\""))
    #expect(try fixture.apply(to: other.path, "--force").status == 0)
  }

  @Test("where both have a fingerprint it decides, whatever the names; elsewhere names do")
  func fingerprints() throws {
    let dump = try SmallDump()
    let folder = try TemporaryFolder()
    let probe = folder.file("probe.json")
    func apply(_ model: String, _ options: String...) throws -> ToolRun {
      let other = try SmallDump()
      try other.editManifest(#"{name: "small"}"#, model)
      return try Tool.run(["probe", "apply", probe, other.path] + options)
    }
    try dump.editManifest(
      #"{name: "small"}"#, #"{name: "small", revision: "1", fingerprint: "sha256:ab"}"#)
    let fit = try Tool.run(
      ["probe", dump.path, "--save", probe] + quickFit)
    #expect(fit.status == 0, "\(fit.errors)")
    let same = #"{name: "a copy", revision: "2", fingerprint: "sha256:ab"}"#
    #expect(try apply(same).status == 0)
    let tuned = #"{name: "small", revision: "1", fingerprint: "sha256:cd"}"#
    let refused = try apply(tuned)
    #expect(refused.status == 65 && refused.output.isEmpty)
    for words in ["\"small\"", "sha256:ab", "sha256:cd", "weights", "--force"] {
      #expect(refused.errors.contains(words), "\(refused.errors)")
    }
    #expect(try apply(tuned, "--force").status == 0)
    #expect(try apply(#"{name: "small", revision: "1"}"#).status == 0)
    #expect(try apply(#"{fingerprint: "sha256:ab"}"#).status == 0)
    #expect(try apply(#"{name: "small", revision: "2"}"#).status == 65)
    let elsewhere = try apply(#"{name: "a copy", fingerprint: "sha256:ab"}, token: "mean""#)
    #expect(elsewhere.status == 0, "the probes name no token: \(elsewhere.errors)")
  }

  @Test("site and token are compared although the fingerprints agree")
  func placeOfTheSameModel() throws {
    let dump = try SmallDump()
    let folder = try TemporaryFolder()
    let model = #"{fingerprint: "sha256:ab"}, token: "#
    try dump.editManifest(#"{name: "small"}"#, model + #""last""#)
    let fit = try Tool.run(
      ["probe", dump.path, "--save", folder.file("p.json")] + quickFit)
    #expect(fit.status == 0, "\(fit.errors)")
    let other = try SmallDump()
    try other.editManifest(#"{name: "small"}"#, model + #""mean""#)
    let run = try Tool.run(["probe", "apply", folder.file("p.json"), other.path])
    #expect(run.status == 65 && run.errors.contains("token \"last\""))
  }

  @Test("answers that were not attempted are not scored")
  func unattempted() throws {
    let fixture = try Fixture()
    let other = try SmallDump()
    try other.write((0..<120).map { $0 < 30 ? -1 : $0 % 2 }, to: "labels")
    let run = try fixture.apply(to: other.path, "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let result = try ResultFile(run.output)
    #expect(result.warnings == ["30 samples with label −1 (not attempted) are left out"])
    #expect(result.accuracies.values.allSatisfy { $0.samples == 90 && $0.groups == 45 })
    #expect(result.dumps.map(\.path) == [other.path])
    #expect(result.dumps.map(\.model.name) == ["small"])
  }

  @Test("another width is refused even by force")
  func otherWidth() throws {
    let fixture = try Fixture()
    let other = try SmallDump(width: 5)
    let run = try fixture.apply(to: other.path, "--force")
    #expect(run.status == 65)
    #expect(run.errors.contains("width 6") && run.errors.contains("width 5"))
  }

  @Test("a missing half is an input that is not there")
  func missingNumbers() throws {
    let fixture = try Fixture()
    try FileManager.default.removeItem(
      atPath: try #require(fixture.folder).file("probe.safetensors"))
    let run = try fixture.apply()
    #expect(run.status == 66 && run.errors.contains("probe.safetensors"))
  }

  @Test("damaged numbers are noticed")
  func damagedNumbers() throws {
    let fixture = try Fixture()
    let place = URL(filePath: try #require(fixture.folder).file("probe.safetensors"))
    var bytes = [UInt8](try Data(contentsOf: place))
    bytes[bytes.count - 1] ^= 0x40
    try Data(bytes).write(to: place)
    let run = try fixture.apply()
    #expect(run.status == 65 && run.output.isEmpty)
  }

  @Test(
    "a description whose parts do not fit is refused without a crash",
    arguments: [
      ("\"selectedTry\" : ", "\"selectedTry\" : 77"), ("\"sign\" : ", "\"sign\" : 1.5 "),
      ("\"trainingCount\" : ", "\"trainingCount\" : -"), ("\"width\" : ", "\"width\" : 9"),
      ("\"tryCount\" : ", "\"tryCount\" : 9"), ("\"layer\" : ", "\"layer\" : -9"),
      ("\"center\" : \"mean\"", "\"center\" : \"none\""),
      ("\"scale\" : \"none\"", "\"scale\" : \"mean-norm\""),
      ("\"method\" : \"contrast", "\"method\" : \"distrast"),
      ("\"kind\" : \"probes\"", "\"kind\" : \"letters\""), ("\"version\" : 1", "\"version\" : 2"),
      ("{", "["), ("}", ""),
    ])
  func tampering(_ words: (old: String, new: String)) throws {
    let fixture = try Fixture()
    try fixture.edit { text in
      #expect(text.contains(words.old))
      text = text.replacingOccurrences(of: words.old, with: words.new)
    }
    let run = try fixture.apply()
    #expect(!run.endedBySignal)
    #expect([64, 65].contains(run.status), "\(run.errors)")
    #expect(run.output.isEmpty && run.errors.hasPrefix("plumbline: "))
    #expect(!run.errors.contains("bug"))
  }

  @Test("lists of losses that do not match the tries are refused")
  func losses() throws {
    for name in ["trainingLosses", "selectionLosses"] {
      let fixture = try Fixture()
      let list = try Regex("\"\(name)\" : \\[[^\\]]*\\]")
      try fixture.edit { text in
        text = text.replacing(list, with: "\"\(name)\" : []")
      }
      let run = try fixture.apply()
      #expect(run.status == 65 && run.errors.contains(name), "\(run.errors)")
    }
  }
}
