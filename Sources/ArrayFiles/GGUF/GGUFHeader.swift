/// The header of a GGUF file of version 3: metadata, and for each tensor its type, shape and place.
///
/// The rules are those of the format's specification and of llama.cpp's reader, whichever is stricter: tensors
/// lie in the order in which they are listed, each at the next multiple of the alignment.
struct GGUFHeader {
  let metadata: [(key: String, value: GGUFValue)]
  /// In the order in which they are listed and stored.
  let tensors: [StoredTensor]

  static let magic = Array("GGUF".utf8)
  static let version: UInt32 = 3
  static let alignmentKey = "general.alignment"
  static let defaultAlignment = 32
  /// The format's bound on the bytes of a tensor's name.
  static let longestName = 64
  /// ggml's bound on the axes of a tensor.
  static let mostAxes = 4

  /// ggml's numbers of the types whose elements are plain numbers.
  static let elementTypes: [(number: UInt32, type: ElementType)] = [
    (0, .float32), (1, .float16), (24, .int8), (25, .int16), (26, .int32), (27, .int64),
    (28, .float64), (30, .bfloat16),
  ]

  /// What the header says of a tensor.
  private struct Description {
    let name: String
    let typeNumber: UInt32
    /// In C order, the opposite of the file's.
    let shape: [Int]
    /// Counted from the start of the elements.
    let offset: Int
  }

  /// Parses and checks the header of a whole file.
  static func read(_ storage: ArrayBytes, path: String) throws(ArrayFileError) -> GGUFHeader {
    try storage.withSpan { bytes throws(ArrayFileError) in try GGUFHeader(bytes, path: path) }
  }

  /// Parses and checks the header of a whole file.
  init(_ bytes: Span<UInt8>, path: String) throws(ArrayFileError) {
    let location = ArrayLocation(path: path)
    var cursor = GGUFCursor(bytes)
    let metadata: [(key: String, value: GGUFValue)]
    let descriptions: [Description]
    let alignment: Int
    guard bytes.hasBytes(Self.magic) else {
      throw .malformed(location, problem: "it does not start with GGUF")
    }
    do throws(HeaderCursor.Failure) {
      let tensorCount = try Self.start(&cursor)
      // A pair takes at least a key of one byte with its length, a type, and a value of one byte.
      let pairCount = try cursor.count(of: "pairs of metadata", each: 14)
      metadata = try Self.metadata(&cursor, count: pairCount)
      alignment = try Self.alignment(in: metadata)
      guard tensorCount <= UInt64(cursor.remaining) / 25 else {
        throw HeaderCursor.Failure(
          problem: "it is said to have \(tensorCount) tensors, but only \(cursor.remaining) bytes "
            + "follow its metadata")
      }
      descriptions = try Self.descriptions(&cursor, count: Int(tensorCount))
    } catch {
      throw .malformed(location, problem: error.problem)
    }
    let headerEnd = cursor.position
    let start = Self.aligned(headerEnd, to: alignment)
    self.metadata = metadata
    tensors = try Self.place(
      descriptions, from: start, alignment: alignment, fileByteCount: bytes.count, path: path)
  }

  /// The version, behind the magic; returns the number of tensors.
  private static func start(
    _ cursor: inout GGUFCursor
  ) throws(HeaderCursor.Failure) -> UInt64 {
    _ = try cursor.integer(magic.count, "its first bytes")
    let version = UInt32(truncatingIfNeeded: try cursor.integer(4, "its version"))
    guard version == Self.version else {
      let isBigEndian = version.byteSwapped == Self.version
      throw HeaderCursor.Failure(
        problem: isBigEndian
          ? "its numbers are big-endian; expected little-endian"
          : "its format version is \(version); expected \(Self.version)")
    }
    return try cursor.integer(8, "the number of tensors")
  }

  private static func metadata(
    _ cursor: inout GGUFCursor, count: Int
  ) throws(HeaderCursor.Failure) -> [(key: String, value: GGUFValue)] {
    var pairs: [(key: String, value: GGUFValue)] = []
    // Compared as bytes: to Swift, strings that differ in Unicode normalisation are equal.
    var keys: Set<[UInt8]> = []
    for _ in 0..<count {
      let key = try cursor.string("a key of metadata")
      guard !key.isEmpty, keys.insert(Array(key.utf8)).inserted else {
        throw HeaderCursor.Failure(
          problem: key.isEmpty ? "a key of its metadata is empty" : "it has the key '\(key)' twice")
      }
      let type = try cursor.type("'\(key)'")
      pairs.append((key, try cursor.value(type, "'\(key)'")))
    }
    return pairs
  }

  private static func alignment(
    in metadata: [(key: String, value: GGUFValue)]
  ) throws(HeaderCursor.Failure) -> Int {
    guard let value = metadata.first(where: { $0.key == alignmentKey })?.value else {
      return defaultAlignment
    }
    guard case .uint32(let alignment) = value, alignment > 0, alignment & (alignment - 1) == 0
    else {
      throw HeaderCursor.Failure(problem: "its alignment is not a power of two of type uint32")
    }
    return Int(alignment)
  }

  private static func descriptions(
    _ cursor: inout GGUFCursor, count: Int
  ) throws(HeaderCursor.Failure) -> [Description] {
    var descriptions: [Description] = []
    var names: Set<[UInt8]> = []
    for _ in 0..<count {
      let name = try cursor.string("the name of a tensor")
      guard !name.isEmpty, name.utf8.count <= longestName else {
        throw HeaderCursor.Failure(
          problem:
            "the name '\(name.prefix(80))' of a tensor has \(name.utf8.count) bytes; expected 1 "
            + "to \(longestName)")
      }
      guard names.insert(Array(name.utf8)).inserted else {
        throw HeaderCursor.Failure(problem: "it has the tensor '\(name)' twice")
      }
      let axisCount = try cursor.integer(4, "the axes of '\(name)'")
      guard axisCount <= UInt64(mostAxes) else {
        throw HeaderCursor.Failure(
          problem: "tensor '\(name)' has \(axisCount) axes; expected at most \(mostAxes)")
      }
      var shape: [Int] = []
      for _ in 0..<axisCount {
        guard let extent = Int(exactly: try cursor.integer(8, "the shape of '\(name)'")) else {
          throw HeaderCursor.Failure(
            problem: "the shape of tensor '\(name)' does not fit in 64 bits")
        }
        shape.insert(extent, at: 0)
      }
      let type = try cursor.integer(4, "the type of '\(name)'")
      guard let offset = Int(exactly: try cursor.integer(8, "the offset of '\(name)'")) else {
        throw HeaderCursor.Failure(
          problem: "the offset of tensor '\(name)' does not fit in 64 bits")
      }
      descriptions.append(
        Description(
          name: name, typeNumber: UInt32(truncatingIfNeeded: type), shape: shape, offset: offset))
    }
    return descriptions
  }

  /// The next multiple of the alignment, a power of two.
  static func aligned(_ position: Int, to alignment: Int) -> Int {
    (position + alignment - 1) & ~(alignment - 1)
  }
}

// MARK: - Where tensors lie

extension GGUFHeader {
  /// Checks that the tensors lie one behind the other and fill the file.
  private static func place(
    _ descriptions: [Description], from start: Int, alignment: Int, fileByteCount: Int, path: String
  ) throws(ArrayFileError) -> [StoredTensor] {
    // A file without tensors may end before the padding.
    let available = max(0, fileByteCount - start)
    var tensors: [StoredTensor] = []
    var expected = 0
    for (index, description) in descriptions.enumerated() {
      let location = ArrayLocation(path: path, member: description.name)
      let content = try content(of: description, at: location)
      let isAfterUnknown = index > 0 && tensors[index - 1].layout == nil
      // How long a tensor of another type is, is not known here; the next one tells.
      guard
        isAfterUnknown
          ? description.offset >= expected && description.offset % alignment == 0
          : description.offset == expected
      else {
        throw .malformed(
          location,
          problem:
            "its elements start at offset \(description.offset), expected \(expected), the next "
            + "multiple of \(alignment) behind the tensor before it")
      }
      guard description.offset <= available else {
        throw .malformed(
          location,
          problem:
            "its elements start at offset \(description.offset), but only \(available) bytes "
            + "follow the header")
      }
      let left = available - description.offset
      let byteCount: Int
      if case .success(let layout) = content {
        byteCount = layout.byteCount
      } else {
        let next = index + 1 < descriptions.count ? descriptions[index + 1].offset : available
        byteCount = max(0, min(next, available) - description.offset)
      }
      guard byteCount <= left else {
        throw .truncated(location, expected: byteCount, actual: left)
      }
      // A tensor without elements may be said to start in padding that a file ends before.
      let first = min(start + description.offset, fileByteCount)
      tensors.append(
        StoredTensor(
          name: description.name, content: content, payload: first..<first + byteCount))
      expected = aligned(description.offset + byteCount, to: alignment)
    }
    guard available <= expected else {
      throw .trailingBytes(ArrayLocation(path: path), expected: expected, actual: available)
    }
    return tensors
  }

  /// The layout of a tensor, or why its elements are not read.
  private static func content(
    of description: Description, at location: ArrayLocation
  ) throws(ArrayFileError) -> Result<ArrayLayout, ArrayFileError> {
    guard let type = elementTypes.first(where: { $0.number == description.typeNumber })?.type else {
      return .failure(
        .unsupportedType(
          location, type: "blocks of quantised numbers (ggml type \(description.typeNumber))",
          conversion: "np.save('\(description.name)-converted.npy', next(gguf.dequantize(t.data, "
            + "t.tensor_type) for t in gguf.GGUFReader('\(location.path)').tensors if t.name == "
            + "'\(description.name)'))"))
    }
    do {
      return .success(
        try ArrayLayout(elementType: type, byteOrder: .little, shape: description.shape))
    } catch {
      guard case .invalidArray(let problem) = error else { throw error }
      throw .malformed(location, problem: "it " + problem)
    }
  }
}

extension StoredTensor {
  /// The layout, if the elements can be read.
  fileprivate var layout: ArrayLayout? {
    if case .success(let layout) = content { layout } else { nil }
  }
}
