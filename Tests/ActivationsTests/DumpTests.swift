import Activations
import ArrayFiles
import FoundationEssentials
import LinearAlgebra
import TestSupport
import Testing

@Suite struct DumpTests {
  let folder: TemporaryFolder
  let drawn: SyntheticActivations.Drawn

  init() throws {
    folder = try TemporaryFolder()
    var generator = TestGenerator(seed: 1)
    drawn = try SyntheticActivations(sampleCount: 8, width: 5, layerCount: 3)
      .draw(using: &generator)
    try drawn.write(to: folder.path)
  }

  func store(_ values: [Int], as name: String) throws {
    try NPYWriter.write(
      try ArrayContents(values.map(Int64.init), shape: [values.count]), to: folder.file(name))
  }

  @Test func aDumpGivesBackWhatWasWritten() throws {
    for path in [folder.path, folder.path + "/", folder.file("dump.json")] {
      let dump = try ActivationDump.open(path)
      #expect(dump.sampleCount == 8)
      #expect(dump.layerNames == ["0", "1", "2"])
      #expect(dump.labels == drawn.labels)
      #expect(dump.groups == [0, 1, 2, 3, 0, 1, 2, 3])
      for layer in 0..<3 {
        let pairs = try dump.contrastPairs(layer: layer, rows: [6, 1])
        #expect(pairs.positive == drawn.layers[layer].positive.selectingRows([6, 1]))
        #expect(pairs.negative == drawn.layers[layer].negative.selectingRows([6, 1]))
        #expect(pairs.labels == [1, 0])
        #expect(pairs.groups == [2, 1])
        #expect(pairs.categories == [drawn.distractor[6], drawn.distractor[1]])
      }
      #expect(try dump.blocks().blocks == [[0, 4], [1, 5], [2, 6], [3, 7]])
    }
  }

  @Test func countsThatDisagreeAreListed() throws {
    try store([0, 1, 0], as: "labels.npy")
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    let text = error?.description ?? ""
    #expect(text.contains("the arrays do not agree about the number of samples: "))
    #expect(text.contains("labels (\(folder.file("labels.npy"))) has 3"))
    #expect(text.contains("positive (\(folder.file("positive.npy"))) has 8"))
    #expect(error?.category == .badData)
  }

  @Test(arguments: [
    ([1, 0, 3, 2, 5, 4, -1, 7], "is the sample itself"),
    ([1, 0, 3, 2, 5, 4, -1, 8], "is 8; it must be the row number of another sample, 0 to 7"),
    ([1, 2, 1, -1, -1, -1, -1, -1], "opposites must be mutual"),
    ([1, 0, -2, -1, -1, -1, -1, -1], "is -2; it must be"),
  ])
  func impossibleOppositesAreRefused(_ opposites: [Int], _ message: String) throws {
    try store(opposites, as: "opposites.npy")
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(error?.description.contains(message) == true)
  }

  /// Theorem: an involution without a fixed point needs an even number of elements.
  @Test func anOddNumberOfSamplesCannotAllHaveOpposites() throws {
    try store((0..<7).map { ($0 + 3) % 7 }, as: "opposites.npy")
    let error = #expect(throws: ActivationsError.self) {
      try ActivationDump.open(
        DumpArguments(files: [.opposites: folder.file("opposites.npy")]))
    }
    #expect(error?.description.contains("7 samples an opposite, but an odd number") == true)
  }

  @Test(arguments: [
    ([0, 1, 0, 1, 0, 1, 0, -2], "sample 7: is -2; a label is a class"),
    ([0, 1, 0, 1, 0, 1, -1, 2], "sample 7: is 2, but others are −1"),
  ])
  func impossibleLabelsAreRefused(_ labels: [Int], _ message: String) throws {
    try store(labels, as: "labels.npy")
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func numbersThatAreNotWholeAreRefusedAsLabels() throws {
    try NPYWriter.write(
      try ArrayContents([0, 1, 0.5, 1, 0, 1, 0, 1] as [Double], shape: [8]),
      to: folder.file("labels.npy"))
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(error?.description.contains("sample 2: is 0.5, which is not a whole number") == true)
  }

  @Test func theDumpsOwnSplitIsReadAndItsLeakCounted() throws {
    try store([0, 0, 2, 2, 0, 2, 2, 0], as: "split.npy")
    try drawn.write(to: folder.path) {
      $0.arrays[.split] = .array(ArrayReference(file: "split.npy", axes: [.sample]))
    }
    let dump = try ActivationDump.open(folder.path)
    let split = try #require(try dump.storedSplit(blocks: dump.blocks()))
    #expect(split.train == [0, 1, 4, 7])
    #expect(split.test == [2, 3, 5, 6])
    #expect(split.leakedTestCount == 2)
    try store([0, 0, 2, 2, 0, 2, 2, 3], as: "split.npy")
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(
      error?.description.contains("is 3; the values are 0 train, 1 validation, 2 test") == true)
  }

  @Test func textsAreCountedAndJoinDuplicates() throws {
    try folder.write(
      "\"a\"\n{\"text\": \"b\", \"n\": 1}\n\n\"c\"\n\"a\"\r\n\"d\"\n\"e\"\n\"f\"\n\"g\"",
      to: "t.jsonl")
    try drawn.write(to: folder.path) { $0.arrays[.texts] = .texts(file: "t.jsonl") }
    let dump = try ActivationDump.open(folder.path)
    #expect(try dump.texts?.read() == ["a", "b", "c", "a", "d", "e", "f", "g"])
    #expect(try dump.blocks().blocks == [[0, 3, 4, 7], [1, 5], [2, 6]])
    try folder.write("\"a\"\n", to: "t.jsonl")
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(error?.description.contains("texts (\(folder.file("t.jsonl"))) has 1") == true)
  }

  @Test(arguments: ["../x.npy", "/etc/passwd", "a/../../x.npy", "link/x.npy", "link.npy"])
  func filesOutsideTheFolderAreRefused(_ file: String) throws {
    let other = try TemporaryFolder()
    try StoredArray(extents: [.sample: 8]) { _ in 0 }
      .write(.init(axes: [.sample]), to: other.file("x.npy"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: other.path)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.npy"), withDestinationPath: other.file("x.npy"))
    try drawn.write(to: folder.path) {
      $0.arrays[.labels] = .array(ArrayReference(file: file, axes: [.sample]))
    }
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    guard case .invalidManifest(_, "arrays.labels.file", let problem) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(problem.contains("dump's folder"))
  }

  @Test func linksInsideTheFolderAreFollowed() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("l.npy"), withDestinationPath: "labels.npy")
    try drawn.write(to: folder.path) {
      $0.arrays[.labels] = .array(ArrayReference(file: "l.npy", axes: [.sample]))
    }
    #expect(try ActivationDump.open(folder.path).labels == drawn.labels)
  }

  @Test func whatIsMissingIsNamed() throws {
    let absent = #expect(throws: ActivationsError.self) {
      try ActivationDump.open(folder.file("none"))
    }
    #expect(absent?.category == .missingInput)
    try FileManager.default.removeItem(atPath: folder.file("labels.npy"))
    let file = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(file == .fileNotFound(role: "labels", path: folder.file("labels.npy")))
    #expect(file?.category == .missingInput)
    let dump = try ActivationDump.open(
      DumpArguments(files: [
        .positive: folder.file("positive.npy"), .negative: folder.file("negative.npy"),
      ]))
    let role = #expect(throws: ActivationsError.self) { try dump.activations(layer: 0) }
    #expect(
      role?.description
        == "reading activations needs activations, which the dump does not have (it has: positive, "
        + "negative); export it")
    let layer = #expect(throws: ActivationsError.self) { try dump.contrastPairs(layer: 3) }
    #expect(layer?.description == "there is no layer 3: the dump has 3, numbered 0 to 2")
    #expect(layer?.category == .usage)
  }

  @Test func oneSideAloneIsRefused() throws {
    let error = #expect(throws: ActivationsError.self) {
      try ActivationDump.open(DumpArguments(files: [.positive: folder.file("positive.npy")]))
    }
    #expect(error?.description.contains("has no counterpart; contrast pairs need negative") == true)
  }

  @Test func layerNamesMustFit() throws {
    try drawn.write(to: folder.path) { $0.layers = ["a", "b"] }
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(error?.description.contains("names 2 layers, but the arrays have 3") == true)
  }

  @Test func axesThatDoNotFitTheShapeAreRefused() throws {
    let error = #expect(throws: ActivationsError.self) {
      try ActivationDump.open(
        DumpArguments(
          files: [.activations: folder.file("positive.npy")], axes: [.sample, .width]))
    }
    #expect(
      error?.description.contains(
        "has 3 axes (its shape is [8, 3, 5]), but --axes names 2 (sample,width); correct --axes, as "
          + "in --axes sample,layer,width") == true)
    #expect(throws: ActivationsError.self) { try DumpArguments.axes(parsing: "sample,layr") }
    #expect(try DumpArguments.axes(parsing: "layer,sample") == [.layer, .sample])
  }

  /// Who said which axes there are decides what is to be corrected.
  @Test func axesOfTheManifestAndOfARoleAreCorrectedElsewhere() throws {
    try NPYWriter.write(
      try ArrayContents([Int64](repeating: 1, count: 8), shape: [8, 1]),
      to: folder.file("labels.npy"))
    let manifest = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(
      manifest?.description.hasSuffix(
        "has 2 axes (its shape is [8, 1]), but \"axes\" in the manifest names 1 (sample); correct it "
          + "there") == true)
    let role = #expect(throws: ActivationsError.self) {
      try ActivationDump.open(DumpArguments(files: [.labels: folder.file("labels.npy")]))
    }
    #expect(
      role?.description.hasSuffix(
        "has 2 axes (its shape is [8, 1]), but labels needs sample; store it with 1 axis") == true)
    let states = #expect(throws: ActivationsError.self) {
      try ActivationDump.open(DumpArguments(files: [.activations: folder.file("flat.npy")]))
    }
    #expect(states?.category == .missingInput)
    try NPYWriter.write(
      try ArrayContents([Float](repeating: 1, count: 8), shape: [8]), to: folder.file("flat.npy"))
    let flat = #expect(throws: ActivationsError.self) {
      try ActivationDump.open(DumpArguments(files: [.activations: folder.file("flat.npy")]))
    }
    #expect(
      flat?.description.hasSuffix(
        "has 1 axis (its shape is [8]), but activations needs sample,layer,width or sample,width; "
          + "store one of these, and say by --axes in which order") == true)
  }

  @Test func archiveMembersAreNamedAfterAColon() throws {
    let contents = try ArrayContents([1, 2, 3, 4] as [Float], shape: [2, 2])
    try NPZWriter.write(
      [("yes", contents), ("no", contents)], to: folder.file("c.npz"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [
        .positive: folder.file("c.npz") + ":yes", .negative: folder.file("c.npz") + ":no",
      ]))
    #expect(dump.layerCount == 1)
    #expect(try dump.contrastPairs(layer: 0).positive.elements == [1, 2, 3, 4])
  }
}
