/// Writes GGUF files of version 3 that appear whole or not at all.
///
/// The bytes are those of the reference writer, PyPI's `gguf`: metadata and tensors in the order given, every
/// tensor, the last one too, padded to 32 bytes.
public enum GGUFWriter {
  /// Writes tensors under names.
  ///
  /// - Parameters:
  ///   - tensors: Names, each once and of at most 63 bytes, and arrays of at most 4 axes, of float16, bfloat16,
  ///     float32, float64 or signed integers.
  ///   - metadata: Keys such as `general.architecture`, each once, and values. Parts of keys consist of small
  ///     letters, digits and underscores.
  ///   - path: Where the file is to appear.
  /// - Throws: ``ArrayFileError``.
  public static func write(
    _ tensors: [(name: String, contents: ArrayContents)],
    metadata: [(key: String, value: GGUFValue)] = [], to path: String
  ) throws(ArrayFileError) {
    var header = GGUFHeader.magic
    header.append(littleEndian: GGUFHeader.version)
    header.append(littleEndian: UInt64(tensors.count))
    header.append(littleEndian: UInt64(metadata.count))
    try checkKeys(metadata.map(\.key))
    for (key, value) in metadata {
      header.append(gguf: key)
      header.append(littleEndian: value.type.rawValue)
      value.append(to: &header)
    }
    try NPZWriter.checkNames(tensors.map(\.name))
    var offset = 0
    for (name, contents) in tensors {
      try append(name, contents, offset: offset, to: &header)
      offset += padded(contents.bytes.count)
    }
    header += padding(header.count)
    try AtomicFile.write(to: path) { stream throws(ArrayFileError) in
      try stream.write(header)
      for (_, contents) in tensors {
        try stream.write(contents.bytes)
        try stream.write(padding(contents.bytes.count))
      }
    }
  }

  /// Appends what the header says of one tensor.
  private static func append(
    _ name: String, _ contents: ArrayContents, offset: Int, to header: inout [UInt8]
  ) throws(ArrayFileError) {
    // llama.cpp keeps names in 64 bytes, of which the last one is 0.
    guard name.utf8.count < GGUFHeader.longestName else {
      throw .invalidArray(
        "cannot be stored under the name '\(name.prefix(80))'; llama.cpp reads names of at most "
          + "\(GGUFHeader.longestName - 1) bytes")
    }
    let number = GGUFHeader.elementTypes.first { $0.type == contents.elementType }?.number
    guard let number else {
      throw .invalidArray(
        "'\(name)' is of type \(contents.elementType.rawValue), which GGUF does not have; write it as "
          + "float32")
    }
    guard contents.shape.count <= GGUFHeader.mostAxes else {
      throw .invalidArray(
        "'\(name)' has \(contents.shape.count) axes; GGUF allows \(GGUFHeader.mostAxes)")
    }
    header.append(gguf: name)
    header.append(littleEndian: UInt32(contents.shape.count))
    for extent in contents.shape.reversed() { header.append(littleEndian: UInt64(extent)) }
    header.append(littleEndian: number)
    header.append(littleEndian: UInt64(offset))
  }

  private static func checkKeys(_ keys: [String]) throws(ArrayFileError) {
    var seen: Set<String> = []
    for key in keys {
      let parts = key.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      let isPlain = parts.allSatisfy { part in
        !part.isEmpty
          && part.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
              || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
          }
      }
      guard isPlain, key.utf8.count <= 0xFFFF, key != GGUFHeader.alignmentKey else {
        throw .invalidArray(
          "cannot be stored with the key '\(key.prefix(80))'; expected parts of small letters, digits "
            + "and underscores, joined by dots, and not \(GGUFHeader.alignmentKey), which is always "
            + "\(GGUFHeader.defaultAlignment)")
      }
      guard seen.insert(key).inserted else {
        throw .invalidArray("cannot be stored with the key '\(key)' twice")
      }
    }
  }

  private static func padded(_ byteCount: Int) -> Int {
    GGUFHeader.aligned(byteCount, to: GGUFHeader.defaultAlignment)
  }

  private static func padding(_ byteCount: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: padded(byteCount) - byteCount)
  }
}
