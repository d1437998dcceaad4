import ArrayFiles
import FoundationEssentials
import Testing

/// Oracle: what is written and read again is the same, bit for bit.
@Suite struct WriterTests {
  static let samples: [(name: String, contents: ArrayContents)] = {
    let arrays: [(String, ArrayContents?)] = [
      (
        "float32",
        try? ArrayContents(
          [1, -0.0, .nan, .infinity, Float.leastNonzeroMagnitude, 3] as [Float], shape: [2, 3])
      ),
      ("float64", try? ArrayContents([0.1, -2] as [Double], shape: [2])),
      ("float16", try? ArrayContents(float16BitPatterns: [0x3C00, 0xC000], shape: [2, 1])),
      ("int64", try? ArrayContents([Int64.min, .max, 0] as [Int64], shape: [3])),
      ("int32", try? ArrayContents([-1, 7] as [Int32], shape: [1, 2])),
      ("uint8", try? ArrayContents([0, 255] as [UInt8], shape: [2])),
      ("bool", try? ArrayContents([true, false, true], shape: [3])),
      ("scalar", try? ArrayContents([2.5] as [Double], shape: [])),
      ("empty", try? ArrayContents([] as [Float], shape: [0, 4])),
      (
        "layer/é", try? ArrayContents([Float](repeating: 0.25, count: 100_000), shape: [100, 1000])
      ),
    ]
    return arrays.compactMap { name, contents in contents.map { (name, $0) } }
  }()

  private func expectEqual(_ array: ArrayFile, _ contents: ArrayContents) throws {
    #expect(array.layout.elementType == contents.elementType)
    #expect(array.layout.shape == contents.shape)
    #expect(!array.layout.isFortranOrder)
    #expect(try array.contents() == contents)
  }

  @Test func npyFilesReadBackAsWritten() throws {
    let folder = try TemporaryFolder()
    #expect(Self.samples.count == 10)
    for (_, contents) in Self.samples {
      try NPYWriter.write(contents, to: folder.file("x.npy"))
      try expectEqual(ArrayFile.open(folder.file("x.npy")), contents)
    }
    // The payload starts at a multiple of 64, as NumPy's does.
    #expect(try (folder.read("x.npy").count - 400_000) % 64 == 0)
    #expect(try folder.names() == ["x.npy"])
  }

  @Test(arguments: [NPZWriter.Compression.stored, .deflated])
  func archivesReadBackAsWritten(compression: NPZWriter.Compression) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.npz")
    try NPZWriter.write(Self.samples, to: path, compression: compression)
    #expect(try ArrayFile.members(of: path).map(\.name) == Self.samples.map(\.name))
    for (name, contents) in Self.samples {
      let array = try ArrayFile.open(path, member: name)
      try expectEqual(array, contents)
      try array.verifyChecksum()
      #expect(array.isMemoryMapped == (compression == .stored))
    }
    let first = try folder.read("x.npz")
    try NPZWriter.write(Self.samples, to: path, compression: compression)
    #expect(try folder.read("x.npz") == first)
    #expect((first.count > 400_000) == (compression == .stored))
  }

  @Test func tensorsReadBackAsWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.safetensors")
    let metadata = ["format": "pt", "note": "a \"quote\", a \\ and\na line \u{1} é 🙂"]
    let brain = try ArrayContents(bfloat16BitPatterns: [0x3F80, 0xC000], shape: [2])
    let tensors = Self.samples + [(name: "bfloat16 \"x\"", contents: brain)]
    try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
    #expect(try ArrayFile.metadata(of: path) == metadata)
    for (name, contents) in tensors {
      try expectEqual(ArrayFile.open(path, member: name), contents)
    }
    #expect(try ArrayFile.open(path, member: "bfloat16 \"x\"").doubles() == [1, -2])
    let reversed = folder.file("y.safetensors")
    try SafetensorsWriter.write(tensors.reversed(), metadata: metadata, to: reversed)
    #expect(try folder.read("x.safetensors") == folder.read("y.safetensors"))
  }

  @Test func arraysWrittenPieceByPieceMustBeWhole() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.npy")
    let row = try ArrayContents([1, 2, 3] as [Float], shape: [3]).bytes
    try NPYWriter.write(.float32, shape: [4, 3], to: path) { stream throws(ArrayFileError) in
      for _ in 0..<4 { try stream.write(row) }
    }
    #expect(try ArrayFile.open(path).doubles() == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    let before = try folder.read("x.npy")
    for count in [3, 5] {
      let error = try #require(
        #expect(throws: ArrayFileError.self) {
          try NPYWriter.write(.float32, shape: [4, 3], to: path) {
            stream throws(ArrayFileError) in
            for _ in 0..<count { try stream.write(row) }
          }
        })
      #expect(error.description.contains("needs 48 bytes, got \(count * 12)"))
    }
    #expect(try folder.read("x.npy") == before)
    #expect(try folder.names() == ["x.npy"])
  }

  @Test func whatAFormatCannotHoldIsRefusedBeforeWriting() throws {
    let folder = try TemporaryFolder()
    let brain = try ArrayContents(bfloat16BitPatterns: [0], shape: [1])
    let one = try ArrayContents([1] as [Float], shape: [1])
    let error = try #require(
      #expect(throws: ArrayFileError.self) { try NPYWriter.write(brain, to: folder.file("x.npy")) })
    #expect(error.description.contains("bfloat16, which NumPy's formats do not have"))
    for names in [["a", "a"], [""], ["a\0b"]] {
      #expect(throws: ArrayFileError.self) {
        try NPZWriter.write(names.map { ($0, one) }, to: folder.file("x.npz"))
      }
    }
    #expect(throws: ArrayFileError.self) {
      try SafetensorsWriter.write([("__metadata__", one)], to: folder.file("x.safetensors"))
    }
    #expect(try folder.names() == [])
    #expect(throws: ArrayFileError.self) { try ArrayContents([1] as [Float], shape: [2]) }
    #expect(throws: ArrayFileError.self) { try ArrayContents([] as [Float], shape: [-1, 0]) }
  }
}
