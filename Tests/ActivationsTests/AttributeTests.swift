import Activations
import ArrayFiles
import TestSupport
import Testing

/// Oracle: what was written about the samples.
@Suite struct AttributeTests {
  private let folder: TemporaryFolder
  private let drawn: SyntheticActivations.Drawn

  init() throws {
    folder = try TemporaryFolder()
    var generator = TestGenerator(seed: 3)
    drawn = try SyntheticActivations(sampleCount: 6, width: 3, layerCount: 1)
      .draw(using: &generator)
    try store([0, 1, 2, 0, 1, 2], as: "topics")
    try store([1, 0, 0, 0, 0, 1], as: "forms")
  }

  private func store(_ values: [Int], as name: String) throws {
    try NPYWriter.write(
      try ArrayContents(values.map(Int64.init), shape: [values.count]),
      to: folder.file(name + ".npy"))
  }

  private func attribute(_ file: String, values: [String]? = nil) -> ManifestEntry {
    .array(ArrayReference(file: file + ".npy", axes: [.sample], values: values))
  }

  private func open(_ adjust: (inout DumpManifest) -> Void) throws -> ActivationDump {
    try drawn.write(to: folder.path, adjusting: adjust)
    return try ActivationDump.open(folder.path)
  }

  @Test func categoriesComeFirstAndAttributesByName() throws {
    let dump = try open {
      $0.arrays[.attribute("topic")] = attribute("topics")
      $0.arrays[.attribute("form")] = attribute("forms", values: ["plain", "negated"])
    }
    #expect(dump.attributes.map(\.name) == ["categories", "form", "topic"])
    #expect(
      dump.attributes.map(\.role.identifier)[1...] == ["attributes.form", "attributes.topic"])
    #expect(
      dump.attributes.map(\.values) == [drawn.distractor, [1, 0, 0, 0, 0, 1], [0, 1, 2, 0, 1, 2]])
    #expect(dump.categories == drawn.distractor)
    #expect(dump.attributes[1].label(of: 1) == "negated")
    #expect(dump.attributes[1].label(of: 2) == "2" && dump.attributes[2].label(of: 2) == "2")
    #expect(try DumpManifest(parsing: dump.manifest.jsonText) == dump.manifest)
    let counts = try dump.inspect().attributes.map { $0.values.map(\.count) }
    #expect(counts[1...] == [[4, 2], [2, 2, 2]])
  }

  @Test func attributesAreNoContrastSets() throws {
    try NPYWriter.write(
      try ArrayContents([Float](repeating: 1, count: 12), shape: [4, 3]), to: folder.file("h.npy"))
    let dump = try open {
      $0.arrays[.attribute("topic")] = attribute("topics")
      for side in [ArrayRole.contrastPositive("honesty"), .contrastNegative("honesty")] {
        $0.arrays[side] = .array(ArrayReference(file: "h.npy", axes: [.sample, .width]))
      }
    }
    #expect(dump.contrastFeatures == ["honesty"])
    #expect(dump.sampleCount == 6)
  }

  @Test func anAttributeNeedsAValueForEverySample() throws {
    try store([0, 1, 2, 0, 1], as: "topics")
    let error = #expect(throws: ActivationsError.self) {
      try open { $0.arrays[.attribute("topic")] = attribute("topics") }
    }
    #expect(
      error?.description.contains("attributes.topic (\(folder.path)/topics.npy) has 5") == true)
  }

  @Test(arguments: ["attributes.topic", "categories"])
  func valuesWithoutANameAreRefused(role: String) throws {
    let role = try #require(ArrayRole(role))
    let error = #expect(throws: ActivationsError.self) {
      try open { $0.arrays[role] = attribute("topics", values: ["a", "b"]) }
    }
    #expect(
      error
        == .invalidValue(
          role: role.identifier, file: folder.file("topics.npy"), sample: 2,
          problem: "is 2, but the manifest names 2 values, 0 to 1"))
  }

  @Test(arguments: ["template", "categories", "category"])
  func twoAttributesOfOneNameAreRefused(name: String) throws {
    let error = #expect(throws: ActivationsError.self) {
      try open {
        $0.arrays[.attribute(name)] = attribute("topics")
        if case .array(var reference) = $0.arrays[.categories] {
          reference.name = "template"
          $0.arrays[.categories] = .array(reference)
        }
      }
    }
    #expect(error?.description.contains("cannot be told from categories") == true)
  }

  @Test func attributesCanBeNamedOneByOne() throws {
    try drawn.write(to: folder.path)
    let dump = try ActivationDump.open(
      DumpArguments(files: [
        .positive: folder.file("positive.npy"), .negative: folder.file("negative.npy"),
        .attribute("form"): folder.file("forms.npy"),
      ]))
    #expect(dump.attributes.map(\.name) == ["form"])
    #expect(dump.path.hasSuffix("--attribute form=\(folder.file("forms.npy"))"))
  }
}
