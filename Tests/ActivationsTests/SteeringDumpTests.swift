import Activations
import FoundationEssentials
import LinearAlgebra
import TestSupport
import Testing

/// Dumps with a measured sweep, its controls, and what turns a state into logits.
@Suite struct SteeringDumpTests {
  let folder: TemporaryFolder
  static let extents: [Axis: Int] = [
    .sample: 24, .layer: 2, .width: 4, .vocabulary: 9, .coefficient: 5, .direction: 3,
  ]
  static let coefficients = "[-2, -1, 0, 1, 2]"
  static let lists = """
    alignedTokens: [1, 8], misalignedTokens: [0], logitSoftCap: 30, logitScale: 0.5,
    finalNorm: {weight: {file: "finalNorm.weight.npy", axes: ["width"]}, epsilon: 1e-6, kind: "rms"},
    "sweep.layer": 1, "sweep.positions": "all",
    """

  /// The roles with the axes in the order in which they are stored here.
  static let arrays: [String: [Axis]] = [
    "activations": [.layer, .sample, .width], "labels": [.sample], "answerTokens": [.sample],
    "unembedding": [.width, .vocabulary], "unembeddingBias": [.vocabulary],
    "finalNorm.weight": [.width], "sweep.vector": [.width],
    "sweep.states": [.coefficient, .sample, .width],
    "sweep.logits": [.coefficient, .sample, .vocabulary],
    "sweep.controlVectors": [.direction, .width],
    "sweep.controlStates": [.direction, .coefficient, .sample, .width],
    "sweep.controlLogits": [.direction, .coefficient, .sample, .vocabulary],
  ]

  init() throws {
    folder = try TemporaryFolder()
    for role in Self.arrays.keys { try store(role) }
    try writeManifest()
  }

  func store(
    _ role: String, _ extents: [Axis: Int] = extents,
    value: @escaping ([Axis: Int]) -> Float = { Float($0.values.reduce(0, +) % 2) }
  ) throws {
    try StoredArray(extents: extents, value: value)
      .write(.init(axes: Self.arrays[role] ?? []), to: folder.file(role + ".npy"))
  }

  /// Writes a manifest that spells roles with dots.
  func writeManifest(
    lists: String = lists, coefficients: String = coefficients, leavingOut absent: Set<String> = []
  ) throws {
    let entries = Self.arrays.filter { $0.key != "finalNorm.weight" && !absent.contains($0.key) }
      .map { role, axes in
        let names = axes.map { "\"\($0)\"" }.joined(separator: ", ")
        return "\"\(role)\": {file: \"\(role).npy\", axes: [\(names)]}"
      }
    let listed = coefficients.isEmpty ? "" : "\"sweep.coefficients\": \(coefficients),"
    try folder.write(
      "{format: \"plumbline-dump\", version: 1, arrays: {\(lists) \(listed) "
        + entries.joined(separator: ", ") + "}}", to: "dump.json")
  }

  @Test func everythingOpensAndReadsBack() throws {
    let dump = try ActivationDump.open(folder.path)
    #expect(dump.sampleCount == 24 && dump.layerCount == 2 && dump.width == 4)
    let states = try #require(dump.arrays[.sweepControlStates])
    #expect(states.shape == [3, 5, 24, 4])
    let rows = try states.matrix(
      rows: .sample, at: [7], columns: .width, fixing: [.direction: 2, .coefficient: 4])
    // The default value is the parity of the sum of the place: 2 + 4 + 7 + width.
    #expect(rows.elements == [1, 0, 1, 0])
    #expect(
      dump.manifest.arrays[.sweepCoefficients] == .numbers([-2, -1, 0, 1, 2])
        && dump.manifest.arrays[.logitScale] == .number(0.5))
  }

  /// Law: dots and nesting are two spellings of one manifest.
  @Test func theNestedSpellingIsTheSame() throws {
    let dotted = try ActivationDump.open(folder.path).manifest
    let members = Self.arrays.keys.filter { $0.hasPrefix("sweep.") }.sorted()
    let nested = members.map { role in
      let names = (Self.arrays[role] ?? []).map { "\"\($0)\"" }.joined(separator: ", ")
      return "\(role.dropFirst("sweep.".count)): {file: \"\(role).npy\", axes: [\(names)]}"
    }
    try writeManifest(
      lists: Self.lists
        + "sweep: {coefficients: \(Self.coefficients), \(nested.joined(separator: ", "))},",
      coefficients: "", leavingOut: Set(members))
    #expect(try ActivationDump.open(folder.path).manifest == dotted)
  }

  /// Each array in turn disagrees with the others about one of its counts.
  @Test(arguments: [
    ("sweep.controlVectors", Axis.direction, "control directions"),
    ("sweep.controlStates", .direction, "control directions"),
    ("sweep.controlLogits", .direction, "control directions"),
    ("sweep.states", .coefficient, "coefficients"), ("sweep.logits", .coefficient, "coefficients"),
    ("sweep.controlStates", .coefficient, "coefficients"),
    ("sweep.controlLogits", .coefficient, "coefficients"),
    ("sweep.vector", .width, "features (width)"), ("sweep.states", .width, "features (width)"),
    ("sweep.controlVectors", .width, "features (width)"),
    ("sweep.controlStates", .width, "features (width)"),
    ("sweep.states", .sample, "samples"), ("sweep.controlStates", .sample, "samples"),
    ("sweep.controlLogits", .sample, "samples"),
    ("unembeddingBias", .vocabulary, "vocabulary entries"),
    ("sweep.controlLogits", .vocabulary, "vocabulary entries"),
  ])
  func countsThatDisagreeAreListed(_ role: String, _ axis: Axis, _ words: String) throws {
    let count = try #require(Self.extents[axis])
    try store(role, Self.extents.merging([axis: count + 1]) { $1 })
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    let text = error?.description ?? ""
    #expect(text.contains("do not agree about the number of \(words): "), "\(text)")
    #expect(text.contains("\(role) (\(folder.file(role + ".npy"))) has \(count + 1)"), "\(text)")
    #expect(text.contains(" has \(count),") || text.contains(" has \(count);"), "\(text)")
  }

  @Test func listedCoefficientsCountToo() throws {
    try writeManifest(coefficients: "[0, 1]")
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    let text = error?.description ?? ""
    #expect(text.contains("coefficients: sweep.coefficients (a list in the manifest) has 2, "))
    #expect(text.contains("sweep.states"))
  }

  @Test func tokensBeyondTheVocabularyAreRefused() throws {
    try writeManifest(lists: Self.lists.replacing("[1, 8]", with: "[1, 9]"))
    let listed = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(
      listed?.description.hasSuffix(
        "arrays.alignedTokens names token 9, but unembedding has 9 vocabulary entries; take both "
          + "from one tokenizer and model") == true)
    try writeManifest()
    for (token, words) in [(9, "is 9, but unembedding has 9"), (-1, "is -1, but unembedding")] {
      try store("answerTokens") { $0[.sample] == 5 ? Float(token) : 8 }
      let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
      #expect(error?.description.contains("answerTokens") == true)
      #expect(error?.description.contains("sample 5: \(words)") == true)
    }
    try store("answerTokens") { _ in 8 }
    #expect(throws: Never.self) { try ActivationDump.open(folder.path) }
  }

  /// Oracle: what was planted.
  @Test func anInspectionTellsOfTheSweepAndOfWhatIsNotFinite() throws {
    try store("sweep.controlStates") { place in
      let isPlanted = place[.direction] == 1 && place[.coefficient] == 3 && place[.width] == 2
      return isPlanted && (place[.sample] ?? 0) >= 21 ? .nan : 1
    }
    var steps: [Int] = []
    let found = try ActivationDump.open(folder.path).inspect { done, total in
      #expect(total == 11)
      steps.append(done)
    }
    #expect(steps == Array(1...11))
    #expect(found.sweep?.coefficients == [-2, -1, 0, 1, 2])
    #expect(found.sweep?.controlCount == 3)
    let states = try #require(found.arrays.first { $0.role == .sweepControlStates })
    #expect(states.nonFiniteCount == 3 && states.firstNonFinite == [1, 3, 21, 2])
    #expect(found.arrays.filter { $0.nonFiniteCount ?? 0 > 0 }.count == 1)
    #expect(found.arrays.first { $0.role == .labels }?.nonFiniteCount == nil)
    #expect(
      found.warnings.contains {
        $0.hasPrefix(
          "sweep.controlStates holds 3 NaN or infinite elements, the first at direction 1, "
            + "coefficient 3, sample 21, width 2;")
      })
    let settings = found.settings.map { $0.role.identifier + " " + $0.value }
    let expected = [
      "alignedTokens 1, 8", "misalignedTokens 0", "logitScale 0.5", "logitSoftCap 30",
      "finalNorm.epsilon 1e-06", "finalNorm.kind rms", "sweep.coefficients -2, -1, 0, 1, 2",
      "sweep.layer 1", "sweep.positions all",
    ]
    #expect(settings == expected)
    let decoded = try JSONDecoder().decode(
      DumpInspection.self, from: try JSONEncoder().encode(found))
    #expect(decoded == found)
  }

  static let incomplete: [(String, Set<String>, String)] = [
    ("", [], "sweep.states has no sweep.coefficients"),
    ("[1, 2, 3, 4, 5]", [], "sweep.coefficients does not hold 0"),
    ("[0, 1, 1, 1, 5]", [], "2 of the 5 sweep.coefficients repeat an earlier one"),
    (coefficients, ["sweep.vector"], "sweep.states has no sweep.vector"),
    (coefficients, ["sweep.controlVectors"], "sweep.controlStates has no sweep.controlVectors"),
    (
      coefficients, ["sweep.controlStates", "sweep.controlLogits"],
      "sweep.controlVectors has neither sweep.controlStates nor"
    ),
  ]

  @Test(arguments: incomplete)
  func whatASweepLacksIsSaid(_ coefficients: String, _ absent: Set<String>, _ words: String) throws
  {
    let sound = try ActivationDump.open(folder.path).inspect().warnings
    #expect(!sound.contains { $0.contains("sweep") }, "\(sound)")
    try writeManifest(coefficients: coefficients, leavingOut: absent)
    let warnings = try ActivationDump.open(folder.path).inspect().warnings
    #expect(warnings.filter { $0.contains("sweep") }.count == 1, "\(warnings)")
    #expect(warnings.contains { $0.hasPrefix(words) }, "\(warnings)")
  }

  /// Oracle: the same file in Fortran order, and one file a layer, hold the planted element elsewhere.
  @Test func theFirstElementThatIsNotFiniteIsFoundInAnyOrder() throws {
    let stored = StoredArray(extents: [.coefficient: 3, .sample: 24, .width: 4]) { place in
      place == [.coefficient: 2, .sample: 20, .width: 1] ? .infinity : 0
    }
    for isFortranOrder in [false, true] {
      let path = folder.file("s.npy")
      try stored.write(
        .init(axes: [.coefficient, .sample, .width], isFortranOrder: isFortranOrder), to: path)
      let role = ArrayRole.sweepStates
      let found = try ActivationDump.open(DumpArguments(files: [role: path])).inspect()
      #expect(found.arrays[0].nonFiniteCount == 1)
      #expect(found.arrays[0].firstNonFinite == [2, 20, 1])
    }
  }
}
