import Foundation
import TestSupport
import Testing

/// A way to spoil a dump, and what the tool must say of it.
struct BadDump: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let status: Int32
  let words: [String]
  let spoil: @Sendable (SmallDump) throws -> Void

  init(
    _ name: String, _ status: Int32, _ words: String...,
    spoil: @escaping @Sendable (SmallDump) throws -> Void
  ) {
    testDescription = name
    self.status = status
    self.words = words
    self.spoil = spoil
  }

  static let all: [BadDump] = [
    BadDump("no folder", 66, "there is no dump") {
      try FileManager.default.removeItem(atPath: $0.path)
    },
    BadDump("no manifest", 66, "dump.json") {
      try FileManager.default.removeItem(atPath: $0.folder.file("dump.json"))
    },
    BadDump("a missing array", 66, "positive", "no such file") {
      try FileManager.default.removeItem(atPath: $0.folder.file("positive.npy"))
    },
    BadDump("a truncated payload", 65, "cut short", "bytes") {
      try $0.edit("positive.npy") { $0.removeLast(1000) }
    },
    BadDump("a truncated header", 65, "positive.npy", "header") {
      try $0.edit("positive.npy") { $0 = Array($0.prefix(30)) }
    },
    BadDump("an empty array file", 65, "empty") { try $0.edit("negative.npy") { $0 = [] } },
    BadDump("bytes of no format", 65, "not an array file") {
      try $0.edit("labels.npy") { $0 = Array("0,1,0,1\n".utf8) }
    },
    BadDump("a pickle", 65, "pickle", "np.save(") {
      try $0.edit("positive.npy") { $0 = [0x80, 0x04] + Array("numpy.core".utf8) + [0x2E] }
    },
    BadDump("a folder for an array", 66, "folder") {
      try FileManager.default.removeItem(atPath: $0.folder.file("labels.npy"))
      try FileManager.default.createDirectory(
        atPath: $0.folder.file("labels.npy"), withIntermediateDirectories: false)
    },
    BadDump("an unknown key", 65, "colour", "known") {
      try $0.editManifest("version: 1", "version: 1, colour: 2")
    },
    BadDump("a role misspelt", 65, "did you mean \"positive\"") {
      try $0.editManifest("positive:", "positve:")
    },
    BadDump("a newer version", 65, "version is 2") {
      try $0.editManifest("version: 1", "version: 2")
    },
    BadDump("a manifest that is no JSON5", 65, "line") {
      try $0.editManifest("arrays", "arrays arrays")
    },
    BadDump("an absolute path", 65, "/etc/passwd", "must lie in the dump's folder") {
      try $0.editManifest("positive.npy", "/etc/passwd")
    },
    BadDump("a path that climbs", 65, "must lie in the dump's folder") {
      try $0.editManifest("positive.npy", "../positive.npy")
    },
    BadDump("a link that leads out", 65, "leads out of the dump's folder") {
      try FileManager.default.removeItem(atPath: $0.folder.file("positive.npy"))
      try FileManager.default.createSymbolicLink(
        atPath: $0.folder.file("positive.npy"),
        withDestinationPath: Tool.capitals + "/positive.npy")
    },
    BadDump("counts that disagree", 65, "number of samples", "119") {
      try $0.write((0..<119).map { $0 % 2 }, to: "labels")
    },
    BadDump("widths that disagree", 65, "width") {
      try $0.write(
        [Float](repeating: 1, count: 120 * 2 * 5), shape: [120, 2, 5], to: "negative")
    },
    BadDump("axes that do not fit", 65, "has 2 axes", "\"axes\" in the manifest names 3") {
      try $0.write([Float](repeating: 1, count: 720), shape: [120, 6], to: "positive")
    },
    BadDump("labels of three classes", 65, "label 2", "0 and 1") {
      try $0.write((0..<120).map { $0 % 3 }, to: "labels")
    },
    BadDump("labels −1 and 1", 65, "label -1", "0 and 1") {
      try $0.write((0..<120).map { $0 % 2 * 2 - 1 }, to: "labels")
    },
    BadDump("one class", 65, "class 1", "two classes") {
      try $0.write([Int](repeating: 1, count: 120), to: "labels")
    },
    BadDump("one group", 65, "independent blocks") {
      try $0.write([Int](repeating: 0, count: 120), to: "groups")
    },
    BadDump("an odd number of samples in opposite halves", 65, "119 samples", "odd number") {
      for side in ["positive", "negative"] {
        try $0.write([Float](repeating: 1, count: 119 * 12), shape: [119, 2, 6], to: side)
      }
      for name in ["labels", "groups"] { try $0.write((0..<119).map { $0 % 2 }, to: name) }
      try $0.writeOpposites((0..<119).map { ($0 + 59) % 119 })
    },
    BadDump("opposites that are not mutual", 65, "sample 0", "own opposite is 2", "mutual") {
      try $0.writeOpposites((0..<120).map { ($0 + 1) % 120 })
    },
    BadDump("a positive side alone", 65, "positive", "need negative too", "--negative") {
      try $0.editManifest(
        #"negative: {file: "negative.npy", axes: ["sample", "layer", "width"]},"#, "")
    },
    BadDump("a negative side alone", 65, "negative", "need positive too", "--positive") {
      try $0.editManifest(
        #"positive: {file: "positive.npy", axes: ["sample", "layer", "width"]},"#, "")
    },
    BadDump(
      "sides of different lengths", 65, "number of samples", "positive", "has 120", "negative",
      "has 118"
    ) {
      try $0.write([Float](repeating: 1, count: 118 * 12), shape: [118, 2, 6], to: "negative")
    },
    BadDump("an attribute beyond its names", 65, "attributes.form", "sample 2: is 2", "0 to 1") {
      try $0.write((0..<120).map { $0 % 3 }, to: "forms")
      try $0.editManifest(
        "arrays: {",
        #"arrays: {attributes: {form: {file: "forms.npy", axes: ["sample"], values: ["a", "b"]}},"#)
    },
    BadDump("an infinity in one layer", 65, "layer 1, row 5, column 2", "inf") {
      try $0.fillSides { $0 == 5 && $1 == 1 && $2 == 2 ? .infinity : Float($0 + $2) }
    },
  ]
}

/// Every bad input gets one paragraph, its sysexits status and no result.
@Suite("Bad dumps")
struct BadDumpTests {
  @Test("the probe command refuses it in one paragraph", arguments: BadDump.all)
  func refusal(_ bad: BadDump) throws {
    let dump = try SmallDump()
    try bad.spoil(dump)
    let run = try Tool.run(["probe", dump.path, "--format", "json"] + quickFit)
    #expect(!run.endedBySignal)
    #expect(run.status == bad.status, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("plumbline: "))
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(!run.errors.contains("bug"))
    for word in bad.words { #expect(run.errors.contains(word), "\(run.errors)") }
  }

  @Test("inspect reports NaN with its place and ends with 65")
  func inspectingNaN() throws {
    let dump = try SmallDump()
    try dump.fillSides { $0 == 3 && $1 == 0 && $2 == 4 ? .nan : Float($0 * $2) }
    let run = try Tool.run(["inspect", dump.path])
    #expect(run.status == 65)
    #expect(run.output.contains("row 3, column 4"))
    #expect(run.errors.hasPrefix("plumbline: NaN or infinite values are in positive"))
  }

  @Test("inspect names what is wrong with opposites, and ends with 0")
  func inspectingOpposites() throws {
    let dump = try SmallDump()
    try dump.write((0..<120).map { $0 < 60 ? 0 : 1 }, to: "labels")
    var opposites = (0..<120).map { ($0 + 60) % 120 }
    try dump.writeOpposites(opposites)
    let sound = try Tool.run(["inspect", dump.path])
    #expect(sound.output.contains("every sample has an opposite"))
    #expect(!sound.output.contains("!"))
    opposites.swapAt(60, 61)
    opposites.swapAt(0, 1)
    for sample in [5, 65] { opposites[sample] = -1 }
    try dump.write(opposites, to: "opposites")
    try dump.write((0..<120).map { $0 < 60 || $0 == 61 ? 0 : 1 }, to: "labels")
    let run = try Tool.run(["inspect", dump.path])
    #expect(run.status == 0)
    let text = run.lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    #expect(text.contains("2 of 120 samples have no opposite, the first is sample 5;"), "\(text)")
    #expect(text.contains("1 pair of opposites have one label"))
    #expect(text.contains("samples 0 and 61, both of class 0;"))
  }

  @Test("layers without NaN can still be probed")
  func otherLayers() throws {
    let dump = try SmallDump()
    try dump.fillSides { $0 == 3 && $1 == 0 && $2 == 4 ? .nan : Float($0 * 7 % 11 + $2) }
    #expect(try Tool.run(["probe", dump.path, "--layers", "1"] + quickFit).status == 0)
    #expect(try Tool.run(["probe", dump.path, "--layers", "0"] + quickFit).status == 65)
  }

  @Test("constant, zero and repeated rows collapse to chance with flags, not to a good number")
  func degenerateRows() throws {
    let dump = try SmallDump()
    try dump.fillSides { _, _, feature in Float(feature) }
    let run = try Tool.run(["probe", dump.path, "--format", "json"] + quickFit)
    #expect(run.status == 0, "\(run.errors)")
    let records = try ResultFile(run.output).records
    let accuracies = records.filter { $0.metric == "folded-accuracy" && $0.control == nil }
    #expect(accuracies.count == SmallDump.layerCount)
    for record in accuracies {
      #expect(record.flags.contains { $0.hasPrefix("collapsed") })
      #expect((record.estimate ?? 1) - (record.chance ?? 0) < 0.02)
      #expect((record.pValueAdjusted ?? 0) > 0.9)
    }
    #expect(!(try Tool.run(["probe", dump.path] + quickFit).output.contains("confidently wrong")))
  }

  @Test("few groups give no interval and the flag few-groups")
  func fewGroups() throws {
    let dump = try SmallDump()
    try dump.write((0..<120).map { $0 / 10 }, to: "groups")
    let run = try Tool.run(["probe", dump.path, "--format", "json"] + quickFit)
    let accuracies = try ResultFile(run.output).records.filter { $0.metric == "folded-accuracy" }
    #expect(accuracies.count == SmallDump.layerCount)
    for record in accuracies {
      #expect(record.lower == nil && record.upper == nil)
      #expect(record.flags.contains { $0.hasPrefix("few-groups") })
    }
  }

  @Test("control characters of names and texts do not reach the terminal")
  func controlCharacters() throws {
    let dump = try SmallDump(model: #"m\u001b[31mred\u0007"#)
    let texts = (0..<120).map { "\"\\u001b[2Jtext \($0)\\nmore\"\n" }.joined()
    try dump.folder.write(texts, to: "texts.jsonl")
    try dump.editManifest("arrays: {", "arrays: { texts: {file: \"texts.jsonl\"},")
    for command in ["inspect", "probe"] {
      let options = command == "probe" ? quickFit : []
      let run = try Tool.run([command, dump.path] + options)
      #expect(run.status == 0, "\(run.errors)")
      #expect(!run.output.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }
  }
}
