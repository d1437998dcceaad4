import Activations
import Evaluation
import Probes
import Studies
import TestSupport
import Testing

/// Dumps of answers: labels of 1, 0 and −1, contrast sets of features, and no pairs of statements.
@Suite struct AnswerDumpTests {
  /// Pairs of which every fifth pair of opposites was not attempted, or has an attribute that says so.
  private func dump(isLabelled: Bool) throws -> PlantedDump {
    let planted = try PlantedDump(layerCount: 2) { manifest in
      if isLabelled { return }
      manifest.arrays[.attribute("attempted")] = .array(
        ArrayReference(file: "attempted.npy", axes: [.sample]))
    }
    let half = planted.drawn.labels.count / 2
    let isAttempted = planted.drawn.labels.indices.map { $0 % half % 5 != 0 }
    let name = isLabelled ? "labels" : "attempted"
    let values = zip(planted.drawn.labels, isAttempted).map { label, isAttempted in
      isLabelled ? (isAttempted ? label : -1) : (isAttempted ? 1 : 0)
    }
    try GoldenArrays.write(
      values.map { Float($0) }, shape: [values.count], to: planted.folder.file(name + ".npy"))
    return planted
  }

  /// Law: leaving out by label is choosing the others by an attribute.
  @Test func answersThatWereNotAttemptedAreLeftOut() throws {
    let experiment = try dump(isLabelled: true).experiment([DifferenceOfMeans()])
    let outcome = try experiment.run()
    var other = try dump(isLabelled: false).experiment([DifferenceOfMeans()])
    other.selection = try SampleSelection(other.dump, where: "attempted", is: "1")
    let chosen = try other.run()
    #expect(outcome.cells.count == 2)
    for (cell, expected) in zip(outcome.cells, chosen.cells) {
      #expect(cell.measurements == expected.measurements)
      #expect(cell.scores.samples == expected.scores.samples)
      #expect(cell.scores.samples.allSatisfy { $0 % 80 % 5 != 0 })
    }
    #expect(outcome.warnings == ["32 samples with label −1 (not attempted) are left out"])
    #expect(chosen.warnings.isEmpty)
  }

  @Test func answersOfOtherDumpsAreLeftOutToo() throws {
    var experiment = try dump(isLabelled: false).experiment([DifferenceOfMeans()])
    let other = try dump(isLabelled: true).open()
    experiment.testDumps = [other]
    let outcome = try experiment.run()
    #expect(
      outcome.warnings == [
        "32 samples of \(other.path) with label −1 (not attempted) are left out"
      ])
    let elsewhere = outcome.cells.filter { $0.trainDump != nil }
    #expect(elsewhere.count == 2 && elsewhere.allSatisfy { $0.scores.samples.count == 128 })
  }

  /// −1 and 1 alone are two classes in some conventions, so that none is left out in silence.
  @Test func labelsWithoutZeroAreRefused() throws {
    let planted = try PlantedDump(layerCount: 1)
    try GoldenArrays.write(
      planted.drawn.labels.map { $0 == 1 ? 1 : -1 }, shape: [160],
      to: planted.folder.file("labels.npy"))
    let error = #expect(throws: StudyError.self) { try planted.experiment().run() }
    #expect(error?.description.contains("label -1") == true)
    let dump = try planted.open()
    let lines = InspectionReport(try dump.inspect(), of: dump).lines()
    #expect(lines.contains("contrast-consistent-search needs labels 0 and 1 (there are: -1, 1)"))
    #expect(!lines.contains { $0.contains("not attempted:") })
  }

  /// A dump of answers with two contrast sets, of which neither has the samples of the answers.
  private func answers(
    to folder: TemporaryFolder, hasActivations: Bool, keys: String = ""
  ) throws -> ActivationDump {
    func store(_ name: String, _ axes: [Axis], _ extents: [Axis: Int], _ value: Float) throws
      -> String
    {
      try StoredArray(extents: extents) { place in
        value + Float(place.values.reduce(0, +) % 7)
      }.write(.init(axes: axes), to: folder.file(name + ".npy"))
      let names = axes.map { "\"\($0)\"" }.joined(separator: ", ")
      return "\"\(name)\": {file: \"\(name).npy\", axes: [\(names)]}"
    }
    let states: [Axis] = [.sample, .layer, .width]
    var entries: [String] = []
    if hasActivations {
      entries.append(try store("activations", states, [.sample: 40, .layer: 2, .width: 6], 0))
      try GoldenArrays.write(
        (0..<40).map { Float($0 % 3 - 1) }, shape: [40], to: folder.file("labels.npy"))
      entries.append("labels: {file: \"labels.npy\", axes: [\"sample\"]}")
    }
    for (feature, count) in [("comprehension-of-context", 21), ("honesty", 33)] {
      for side in ["positive", "negative"] {
        entries.append(
          try store(
            "contrasts.\(feature).\(side)", states, [.sample: count, .layer: 2, .width: 6], 1))
      }
    }
    try folder.write(
      "{format: \"plumbline-dump\", version: 1, \(keys) arrays: {"
        + entries.joined(separator: ", ") + "}}", to: "dump.json")
    return try ActivationDump.open(folder.path)
  }

  @Test func aDumpWithoutTheStatesOfAMethodNamesThoseThatCanBeFitted() throws {
    let folder = try TemporaryFolder()
    let dump = try answers(to: folder, hasActivations: true)
    let error = #expect(throws: StudyError.self) {
      try ProbeExperiment(dump: dump, methods: [ContrastConsistentSearch()]).run()
    }
    #expect(
      error?.description
        == "contrast-consistent-search needs positive and negative, which \(dump.path) does not "
        + "have; what can be fitted on it is --method "
        + "difference-of-means,logistic-regression,random-direction")
    let bare = try answers(to: folder, hasActivations: false)
    let none = #expect(throws: StudyError.self) {
      try ProbeExperiment(dump: bare, methods: [DifferenceOfMeans()]).run()
    }
    #expect(
      none?.description.hasSuffix(
        "no probe can be fitted on it: export activations, or positive and negative") == true)
  }

  @Test func aTestDumpWithoutTheStatesIsNamed() throws {
    let folder = try TemporaryFolder()
    var experiment = try PlantedDump(layerCount: 2).experiment()
    let other = try answers(to: folder, hasActivations: true)
    experiment.testDumps = [other]
    let error = #expect(throws: StudyError.self) { try experiment.run() }
    #expect(error?.description.contains("which \(other.path) does not have") == true)
  }

  /// Every method that an inspection calls ready can be fitted, and no other.
  @Test(arguments: [true, false])
  func whatIsCalledReadyIsReady(_ hasActivations: Bool) throws {
    let folder = try TemporaryFolder()
    let dump = try answers(to: folder, hasActivations: hasActivations)
    let lines = InspectionReport(try dump.inspect(), of: dump).lines()
    for type in ProbeCatalog.all {
      let method = try ProbeFactory.probe(named: type.identifier)
      var experiment = ProbeExperiment(dump: dump, methods: [method])
      experiment.controls = .none
      let isFitted = (try? experiment.run()) != nil
      #expect(lines.contains("ready: \(type.identifier)") == isFitted, "\(type.identifier)")
    }
    #expect(lines.contains("ready: quality, of 2 classes") == hasActivations)
    #expect(lines.contains("contrast pairs comprehension-of-context: 21, honesty: 33"))
    #expect(lines.contains { $0.contains(" groups, ") } == hasActivations)
    #expect(lines.contains("labels −1 (not attempted): 14, 0: 13, 1: 13") == hasActivations)
  }

  @Test func provenanceAndFingerprintAreShownShortAndKeptWhole() throws {
    let folder = try TemporaryFolder()
    let digest = String(repeating: "0f1e", count: 16)
    let long = String(repeating: "word ", count: 30)
    let dump = try answers(
      to: folder, hasActivations: true,
      keys: "model: {name: \"m\", revision: \"\(digest)\", fingerprint: \"sha256:\(digest)\"}, "
        + "provenance: {torch: \"2.13.0\", texts: \"sha256:\(digest)\", command: \"\(long)\", "
        + "exporter: \"\\u001b[31me\\n0.2\"},")
    let report = InspectionReport(try dump.inspect(), of: dump)
    let lines = report.lines()
    #expect(
      Array(lines[1..<9]) == [
        "model m · revision 0f1e0f1e0f1e… · fingerprint sha256:0f1e0f1e0f1e…",
        "40 samples · 2 layers · width 6", "", "provenance",
        "  command: word word word word word word word word word wo…",
        "  exporter: \u{FFFD}[31me 0.2 · texts: sha256:0f1e0f1e0f1e… · torch: 2.13.0", "",
        lines[8],
      ])
    for line in lines { #expect(line.count < 80, "\(line)") }
    let json = try report.json()
    #expect(json.contains("\"texts\" : \"sha256:\(digest)\"") && json.contains(long))
    #expect(json.contains("\"fingerprint\" : \"sha256:\(digest)\""))
  }
}
