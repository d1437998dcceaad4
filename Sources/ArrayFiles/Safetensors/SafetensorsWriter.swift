/// Writes safetensors files that appear whole or not at all.
///
/// Tensors are stored in order of decreasing element size, then by name, as the reference
/// implementation does, so that each is aligned; the same tensors give the same bytes.
public enum SafetensorsWriter {
  /// Writes tensors under names.
  ///
  /// - Parameters:
  ///   - tensors: Names, each once and not `__metadata__`, and arrays of any type.
  ///   - metadata: Text entries to store with them.
  ///   - path: Where the file is to appear.
  /// - Throws: ``ArrayFileError``.
  public static func write(
    _ tensors: [(name: String, contents: ArrayContents)], metadata: [String: String] = [:],
    to path: String
  ) throws(ArrayFileError) {
    try NPZWriter.checkNames(tensors.map(\.name))
    guard !tensors.contains(where: { $0.name == "__metadata__" }) else {
      throw .invalidArray("cannot be named '__metadata__', which safetensors reserves")
    }
    let ordered = tensors.sorted {
      let sizes = ($0.contents.elementType.byteCount, $1.contents.elementType.byteCount)
      return sizes.0 != sizes.1 ? sizes.0 > sizes.1 : precedes($0.name, $1.name)
    }
    let header = header(ordered, metadata: metadata)
    guard header.count <= SafetensorsHeader.maximumByteCount else {
      throw .invalidArray(
        "header would be \(header.count) bytes long; safetensors allows "
          + "\(SafetensorsHeader.maximumByteCount)")
    }
    try AtomicFile.write(to: path) { stream throws(ArrayFileError) in
      var length: [UInt8] = []
      length.append(littleEndian: UInt64(header.count))
      try stream.write(length + header)
      for (_, contents) in ordered { try stream.write(contents.bytes) }
    }
  }

  /// By UTF-8 bytes: Swift's own order of strings depends on the version of Unicode.
  private static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  /// The JSON header, padded with spaces to a multiple of 8.
  private static func header(
    _ tensors: [(name: String, contents: ArrayContents)], metadata: [String: String]
  ) -> [UInt8] {
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { precedes($0.key, $1.key) }
      let items = pairs.map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
      entries.append("\"__metadata__\":{" + items.joined(separator: ",") + "}")
    }
    var offset = 0
    for (name, contents) in tensors {
      let type =
        SafetensorsHeader.typeNames.first { $0.type == contents.elementType }?.name ?? ""
      let shape = contents.shape.map(String.init).joined(separator: ",")
      let end = offset + contents.bytes.count
      entries.append(
        "\(JSONText.quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array(("{" + entries.joined(separator: ",") + "}").utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return text
  }
}
