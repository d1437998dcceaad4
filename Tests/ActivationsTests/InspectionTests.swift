import Activations
import ArrayFiles
import FoundationEssentials
import TestSupport
import Testing

@Suite struct InspectionTests {
  /// Oracle: what was planted.
  @Test func everyPlantedFaultIsFound() throws {
    let folder = try TemporaryFolder()
    let stored = StoredArray(extents: [.sample: 30, .layer: 3, .width: 6]) { place in
      guard let sample = place[.sample], let layer = place[.layer], let width = place[.width]
      else { return 0 }
      if layer == 0 { return Float(width) }
      if layer == 1, width == 4 { return 7 }
      if layer == 2, sample == 11, width == 3 { return .infinity }
      if layer == 2, sample == 12, width == 5 { return .nan }
      if layer == 1, sample == 20 { return 0 }
      let source = sample == 9 ? 2 : sample
      return Float((source * 13 + width * 5 + layer) % 97 + 1) * (width == 2 ? -1 : 1)
    }
    try stored.write(
      .init(axes: [.sample, .layer, .width], type: .float16), to: folder.file("x.npy"))
    try StoredArray(extents: [.sample: 30]) { ($0[.sample] ?? 0) == 0 ? 1 : 0 }
      .write(.init(axes: [.sample], type: .int32), to: folder.file("l.npy"))
    try folder.write(
      """
      {format: "plumbline-dump", version: 1, arrays: {
        activations: {file: "x.npy", axes: ["sample", "layer", "width"]},
        labels: {file: "l.npy", axes: ["sample"], values: ["no", "yes"]}}}
      """, to: "dump.json")
    let dump = try ActivationDump.open(folder.path)
    var steps: [[Int]] = []
    let found = try dump.inspect { steps.append([$0, $1]) }
    #expect(steps == [[1, 3], [2, 3], [3, 3]])
    let array = found.arrays[0]
    #expect(array.layers.map(\.isConstant) == [true, false, false])
    #expect(array.layers.map(\.constantFeatureCount) == [6, 1, 0])
    #expect(array.layers.map(\.nonFiniteCount) == [0, 0, 2])
    #expect(array.layers[2].firstNonFinite == [11, 3])
    #expect(array.layers.map(\.zeroRowCount) == [0, 0, 0])
    #expect(array.duplicateRowCount == 1)
    #expect(array.byteCount == 30 * 3 * 6 * 2)
    #expect(array.isMemoryMapped)
    #expect(array.elementType == "float16")
    #expect(found.classes.map(\.count) == [29, 1])
    #expect(found.classes.map(\.name) == ["no", "yes"])
    #expect(found.groupCount == 30)
    let warnings = found.warnings.joined(separator: "\n")
    #expect(warnings.contains("holds 2 NaN or infinite elements in layers 2"))
    #expect(warnings.contains("the same for every sample in layers 0"))
    #expect(warnings.contains("1 rows that repeat an earlier row"))
    #expect(warnings.contains("class 1 has only 1 of 30 samples"))
    let decoded = try JSONDecoder().decode(
      DumpInspection.self, from: try JSONEncoder().encode(found))
    #expect(decoded == found)
  }

  @Test func arraysThatAreConstantAtTheSameLayersAreNamedTogether() throws {
    let folder = try TemporaryFolder()
    var files: [ArrayRole: String] = [:]
    let sides = [("positive", 1), ("negative", 1), ("activations", 2)]
    for (name, constantLayer) in sides {
      try StoredArray(extents: [.sample: 20, .layer: 3, .width: 2]) { place in
        let isConstant = place[.layer] == 0 || place[.layer] == constantLayer
        return isConstant ? 5 : Float((place[.sample] ?? 0) * 2 + (place[.width] ?? 0))
      }.write(.init(axes: [.sample, .layer, .width]), to: folder.file(name + ".npy"))
      files[try #require(ArrayRole(name))] = folder.file(name + ".npy")
    }
    let warnings = try ActivationDump.open(DumpArguments(files: files)).inspect().warnings
    #expect(
      warnings.filter { $0.contains("the same for every") } == [
        "activations is the same for every sample in layers 0, 2; no probe can learn from them",
        "positive, negative are the same for every sample in layers 0, 1; no probe can learn from "
          + "them",
      ])
  }

  @Test func incompleteAndContradictoryOppositesAreNamed() throws {
    let folder = try TemporaryFolder()
    var generator = TestGenerator(seed: 2)
    let drawn = try SyntheticActivations(sampleCount: 60, width: 7, layerCount: 1)
      .draw(using: &generator)
    try drawn.write(to: folder.path)
    var opposites = drawn.opposites
    for sample in [4, 34] { opposites[sample] = -1 }
    var labels = drawn.labels
    for sample in [7, 9] { labels[sample] = 1 }
    for (name, values) in [("opposites", opposites), ("labels", labels)] {
      try GoldenArrays.write(
        values.map { Float($0) }, shape: [60], to: folder.file(name + ".npy"))
    }
    let found = try ActivationDump.open(folder.path).inspect()
    #expect(found.unpairedOppositeCount == 2)
    let warnings = found.warnings.joined(separator: "\n")
    #expect(warnings.contains("2 of 60 samples have no opposite, the first is sample 4;"))
    #expect(warnings.contains("2 pairs of opposites have one label"))
    #expect(warnings.contains("samples 7 and 37, both of class 1;"))
  }

  @Test func aSoundDumpHasNoWarnings() throws {
    let folder = try TemporaryFolder()
    var generator = TestGenerator(seed: 2)
    let drawn = try SyntheticActivations(sampleCount: 60, width: 7, layerCount: 2)
      .draw(using: &generator)
    try drawn.write(to: folder.path) { $0.finalLayer = .preNorm }
    let found = try ActivationDump.open(folder.path).inspect()
    #expect(found.warnings == [])
    #expect(found.unpairedOppositeCount == 0)
    #expect(found.blockCount == 30)
  }
}
