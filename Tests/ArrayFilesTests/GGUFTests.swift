import ArrayFiles
import TestSupport
import Testing

/// Oracle: what the reference writer, PyPI's gguf, writes; the format's specification.
@Suite struct GGUFTests {
  private static let every: [(key: String, value: GGUFValue)] = [
    ("general.architecture", .string("golden")), ("golden.uint8", .uint8(255)),
    ("golden.int8", .int8(-128)), ("golden.uint16", .uint16(65535)),
    ("golden.int16", .int16(-32768)), ("golden.uint32", .uint32(.max)),
    ("golden.int32", .int32(.min)), ("golden.uint64", .uint64(.max)),
    ("golden.int64", .int64(.min)), ("golden.float32", .float32(-0.5)),
    ("golden.float64", .float64(1.0 / 3)), ("golden.bool", .bool(true)),
    ("golden.string", .string("é \n")),
  ]

  @Test func everyTypeOfMetadataIsReadAsItIs() throws {
    let file = try GGUFFile.open(GoldenFolder.path("tensors.gguf"))
    for (pair, expected) in zip(file.metadata, Self.every) {
      #expect(pair.key == expected.key)
      #expect(pair.value == expected.value)
    }
    let arrays: [(key: String, type: GGUFValueType, elements: [GGUFValue])] = [
      ("golden.integers", .int32, [.int32(1), .int32(-2), .int32(3)]),
      ("golden.numbers", .float32, [.float32(0.25), .float32(-1.5)]),
      ("golden.flags", .bool, [.bool(true), .bool(false)]),
      ("golden.texts", .string, [.string("a"), .string(""), .string("🙂")]),
    ]
    #expect(file.metadata.count == Self.every.count + arrays.count)
    for (key, type, elements) in arrays {
      guard case .array(let array) = file[key] else {
        Issue.record("\(key) is no array")
        continue
      }
      #expect(array.elementType == type)
      #expect((0..<array.count).map { array[$0] } == elements)
      #expect(array.doubles == nil)
    }
    #expect(file["golden.none"] == nil)
    #expect(file["golden.uint64"]?.integer == nil && file["golden.int8"]?.integer == -128)
    #expect(file["golden.string"]?.text == "é \n" && file["golden.bool"]?.text == nil)
  }

  /// All that the file says, written again, is the file again.
  @Test func aFileWrittenAgainIsTheReferenceWritersBytes() throws {
    let file = try GGUFFile.open(GoldenFolder.path("tensors.gguf"))
    var tensors: [(name: String, contents: ArrayContents)] = []
    for tensor in file.tensors {
      tensors.append((tensor.name, try file.array(named: tensor.name).contents()))
    }
    let folder = try TemporaryFolder()
    try GGUFWriter.write(tensors, metadata: file.metadata, to: folder.file("x.gguf"))
    #expect(try folder.read("x.gguf") == GoldenFolder.bytes("tensors.gguf"))
  }

  @Test func arraysOfArraysAndEmptyTensorsComeBack() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.gguf")
    // The writer has no arrays of arrays; this is one of two, of texts and of nothing.
    let inner: [UInt8] =
      word(8, 4) + word(1, 8) + word(2, 8) + Array("ok".utf8) + word(6, 4) + word(0, 8)
    let bytes = file(value: word(9, 4) + word(9, 4) + word(2, 8) + inner)
    let value = try GGUFFile.decode(bytes, path: path)["k"]
    guard case .array(let outer) = value, case .array(let first) = outer[0],
      case .array(let second) = outer[1]
    else {
      Issue.record("no array of arrays")
      return
    }
    #expect(outer.count == 2 && first == GGUFArray(["ok"]) && second.count == 0)
    let empty = try ArrayContents([] as [Float], shape: [0, 3])
    let scalar = try ArrayContents([2.5] as [Double], shape: [])
    let tensors = [("empty", empty), ("scalar", scalar), ("last", empty)]
    try GGUFWriter.write(tensors, metadata: [("a.b", try #require(value))], to: path)
    let back = try GGUFFile.open(path)
    #expect(back["a.b"] == value)
    #expect(back.tensors.map(\.name) == ["empty", "scalar", "last"])
    for (name, contents) in tensors {
      #expect(try back.array(named: name).contents() == contents)
    }
    try GGUFWriter.write([], to: path)
    #expect(try GGUFFile.open(path).tensors.isEmpty)
    #expect(try folder.read("x.gguf").count == 32)
  }

  @Test func quantisedTensorsAreListedWithTheReason() throws {
    let path = GoldenFolder.path("Refused/quantised.gguf")
    let members = try ArrayFile.inspect(path)
    #expect(members.map(\.name) == ["q", "x"])
    #expect(try ArrayFile.open(path, member: "x").layout.shape == [6])
    let error = try #require(
      #expect(throws: ArrayFileError.self) { try ArrayFile.open(path, member: "q") })
    #expect(error.description.contains("quantised numbers (ggml type 2)"))
  }

  // MARK: Bytes by hand

  private func word(_ value: UInt64, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }

  private func text(_ text: String) -> [UInt8] { word(UInt64(text.utf8.count), 8) + text.utf8 }

  private func file(
    version: UInt64 = 3, tensorCount: UInt64 = 0, pairCount: UInt64 = 1, value: [UInt8] = [],
    rest: [UInt8] = []
  ) -> [UInt8] {
    Array("GGUF".utf8) + word(version, 4) + word(tensorCount, 8) + word(pairCount, 8)
      + (value.isEmpty ? [] : text("k") + value) + rest
  }

  /// A tensor of one axis and of float32.
  private func tensor(
    _ name: String = "x", axes: [UInt64] = [2], type: UInt64 = 0, offset: UInt64 = 0
  ) -> [UInt8] {
    text(name) + word(UInt64(axes.count), 4) + axes.flatMap { word($0, 8) } + word(type, 4)
      + word(offset, 8)
  }

  /// A file of tensors and so many bytes of elements.
  private func tensors(_ descriptions: [[UInt8]], payload: Int) -> [UInt8] {
    let header = file(
      tensorCount: UInt64(descriptions.count), pairCount: 0, rest: descriptions.flatMap { $0 })
    return header + [UInt8](repeating: 0, count: (32 - header.count % 32) % 32 + payload)
  }

  private func message(_ bytes: [UInt8]) throws -> String {
    try #require(
      #expect(throws: ArrayFileError.self) { try GGUFFile.decode(bytes, path: "x.gguf") }
    ).description
  }

  @Test func hostileHeadersAreRefusedWithTheFact() throws {
    let nested = (0..<9).reduce(word(0, 4) + word(0, 8)) { inner, _ in
      word(9, 4) + word(1, 8) + inner
    }
    let alignment = { (value: [UInt8]) in
      self.file(rest: self.text("general.alignment") + value)
    }
    let cases: [([UInt8], String)] = [
      (Array("GGUX".utf8), "does not start with GGUF"), (Array("GGUF".utf8), "inside its version"),
      (file(version: 2), "format version is 2; expected 3"),
      (file(version: 0x0300_0000), "big-endian"),
      (file(pairCount: .max), "18446744073709551615 pairs of metadata, but only 0 bytes"),
      (file(tensorCount: .max, pairCount: 0), "18446744073709551615 tensors, but only 0 bytes"),
      (file(value: word(13, 4) + word(0, 8)), "'k' has the type 13"),
      (file(value: word(7, 4) + [2] + word(0, 8)), "neither 0 nor 1"),
      (file(value: word(8, 4) + word(.max, 8)), "18446744073709551615 bytes of 'k'"),
      (file(value: word(8, 4) + word(1, 8) + [0xFF]), "'k' at byte 45 is not UTF-8"),
      (file(value: word(10, 4) + word(0, 4)), "inside 'k'"),
      (file(value: word(9, 4) + word(10, 4) + word(1 << 61, 8)), "elements of 'k', but only 0"),
      (file(value: word(9, 4) + word(8, 4) + word(1 << 61, 8)), "elements of 'k', but only 0"),
      (file(value: word(9, 4) + word(9, 4) + word(1 << 61, 8)), "elements of 'k', but only 0"),
      (file(value: word(9, 4) + word(7, 4) + word(2, 8) + [1, 3]), "neither 0 nor 1"),
      (file(value: word(9, 4) + nested), "more than 8 arrays inside each other"),
      (
        file(pairCount: 2, value: word(0, 4) + [1], rest: text("k") + word(0, 4) + [1]),
        "the key 'k' twice"
      ),
      (file(rest: text("") + word(0, 4) + [1, 1]), "a key of its metadata is empty"),
      (alignment(word(4, 4) + word(48, 4)), "not a power of two"),
      (alignment(word(4, 4) + word(0, 4)), "not a power of two"),
      (alignment(word(5, 4) + word(32, 4)), "not a power of two of type uint32"),
      (file(value: word(0, 4) + [1], rest: [UInt8](repeating: 0, count: 64)), "is too long"),
    ]
    for (bytes, fact) in cases {
      let message = try message(bytes)
      #expect(message.contains(fact), "\(message)")
    }
  }

  @Test func tensorsThatDoNotFitTheFileAreRefusedWithTheFact() throws {
    let long = String(repeating: "n", count: 65)
    let cases: [([UInt8], String)] = [
      (tensors([tensor()], payload: 7), "describes 8 bytes of elements, but only 7"),
      (tensors([tensor()], payload: 33), "describes 32 bytes of elements, but 33"),
      (tensors([tensor(offset: 32)], payload: 64), "start at offset 32, expected 0"),
      (tensors([tensor(), tensor("y", offset: 8)], payload: 64), "offset 8, expected 32"),
      (tensors([tensor(), tensor("y", offset: 64)], payload: 96), "offset 64, expected 32"),
      (tensors([tensor(), tensor("x", offset: 32)], payload: 64), "the tensor 'x' twice"),
      (tensors([tensor(), tensor("y", offset: 32)], payload: 8), "only 8 bytes follow"),
      (tensors([tensor(axes: [1, 1, 1, 1, 1])], payload: 32), "has 5 axes"),
      (tensors([tensor(axes: [1 << 62, 4])], payload: 32), "does not fit in 64 bits"),
      (tensors([tensor(axes: [.max])], payload: 32), "does not fit in 64 bits"),
      (tensors([tensor(offset: .max)], payload: 32), "does not fit in 64 bits"),
      (tensors([tensor(""), tensor("y")], payload: 32), "has 0 bytes; expected 1 to 64"),
      (tensors([tensor(long)], payload: 32), "has 65 bytes; expected 1 to 64"),
      (tensors([tensor(type: 2), tensor("y", offset: 8)], payload: 32), "offset 8, expected 32"),
      (
        tensors([tensor(type: 2), tensor("y", type: 2, offset: 1 << 62)], payload: 32),
        "only 32 bytes follow"
      ),
    ]
    for (bytes, fact) in cases {
      let message = try message(bytes)
      #expect(message.contains(fact), "\(message)")
    }
    // The last tensor's padding may be missing, and that of a header without tensors.
    for payload in [8, 32] {
      #expect(throws: Never.self) {
        try GGUFFile.decode(tensors([tensor()], payload: payload), path: "x")
      }
    }
    let bare = file(tensorCount: 1, pairCount: 0, rest: tensor(axes: [0]))
    #expect(try GGUFFile.decode(bare, path: "x").array(named: "x").doubles() == [])
    #expect(throws: ArrayFileError.emptyFile(path: "x")) { try GGUFFile.decode([], path: "x") }
  }

  @Test func whatGGUFCannotHoldIsRefusedBeforeWriting() throws {
    let folder = try TemporaryFolder()
    let one = try ArrayContents([1] as [Float], shape: [1])
    let deep = try ArrayContents([1] as [Float], shape: [1, 1, 1, 1, 1])
    let bytes = try ArrayContents([1] as [UInt8], shape: [1])
    let long = String(repeating: "n", count: 64)
    for tensors in [
      [(long, one)], [("", one)], [("a", one), ("a", one)], [("a", deep)], [("a", bytes)],
    ] {
      #expect(throws: ArrayFileError.self) {
        try GGUFWriter.write(tensors, to: folder.file("x.gguf"))
      }
    }
    for key in [
      "", "a..b", "A", "a-b", "é", "general.alignment", String(repeating: "k", count: 65_536),
    ] {
      #expect(throws: ArrayFileError.self) {
        try GGUFWriter.write([], metadata: [(key, .uint32(32))], to: folder.file("x.gguf"))
      }
    }
    #expect(throws: ArrayFileError.self) {
      try GGUFWriter.write(
        [], metadata: [("a", .bool(true)), ("a", .bool(true))], to: folder.file("x.gguf"))
    }
    #expect(try folder.names() == [])
  }

  /// Oracle: whatever is read from damaged bytes can be written, and takes no more bytes than it was read from.
  @Test func mutantsHoldNoMoreThanTheirBytes() throws {
    let names = ["tensors.gguf", "aligned.gguf", "Refused/quantised.gguf"]
    let golden = try names.map { try GoldenFolder.bytes($0) }
    var opened = 0
    let count = FuzzCount.mutants(default: 20_000)
    for mutant in Mutator(files: golden, seed: 20_261_121).prefix(count) {
      guard let file = try? GGUFFile.decode(mutant.bytes, path: "mutant") else { continue }
      opened += 1
      var held = 0
      for tensor in file.tensors {
        guard let array = try? file.array(named: tensor.name) else { continue }
        held += array.withBytes { $0.byteCount }
        _ = try? array.doubles()
      }
      for (key, value) in file.metadata {
        held += key.utf8.count + (value.text?.utf8.count ?? 1)
        if case .array(let array) = value { for place in 0..<array.count { _ = array[place] } }
      }
      if held > mutant.bytes.count { Issue.record("\(held) bytes of \(mutant.bytes.count)") }
    }
    #expect(opened > count / 50)
    #expect(opened < count)
  }
}
