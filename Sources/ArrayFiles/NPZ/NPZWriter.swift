/// Writes `.npz` archives that appear whole or not at all.
///
/// The same arrays give the same bytes: members carry no time of day.
public enum NPZWriter {
  /// How members are kept.
  public enum Compression: Sendable {
    /// As they are, so that readers can map them; as `np.savez` does.
    case stored
    /// Deflated, for small files; as `np.savez_compressed` does.
    case deflated
  }

  /// Writes arrays under names.
  ///
  /// - Parameters:
  ///   - members: Names without `.npy`, each once, and arrays of any type but bfloat16.
  ///   - path: Where the file is to appear.
  ///   - compression: How members are kept.
  /// - Throws: ``ArrayFileError``.
  public static func write(
    _ members: [(name: String, contents: ArrayContents)], to path: String,
    compression: Compression = .stored
  ) throws(ArrayFileError) {
    try checkNames(members.map(\.name))
    var headers: [[UInt8]] = []
    for (_, contents) in members {
      headers.append(
        try NPYHeader.bytes(elementType: contents.elementType, shape: contents.shape))
    }
    try AtomicFile.write(to: path) { stream throws(ArrayFileError) in
      var records: [ZipRecord] = []
      for ((name, contents), header) in zip(members, headers) {
        records.append(
          try write(name, header: header, contents, compression: compression, to: stream))
      }
      try writeDirectory(records, to: stream)
    }
  }

  static func checkNames(_ names: [String]) throws(ArrayFileError) {
    var seen: Set<String> = []
    for name in names {
      guard !name.isEmpty, name.utf8.count <= 0xFF00, !name.utf8.contains(0) else {
        throw .invalidArray("cannot be stored under the name '\(name.prefix(80))'")
      }
      guard seen.insert(name).inserted else {
        throw .invalidArray("'\(name)' is there twice; names in one file must differ")
      }
    }
  }

  private static func write(
    _ name: String, header: [UInt8], _ contents: ArrayContents, compression: Compression,
    to stream: AtomicFileStream
  ) throws(ArrayFileError) -> ZipRecord {
    let byteCount = header.count + contents.bytes.count
    var checksum = Inflate.checksum(header.span.rawBytes)
    checksum = Inflate.checksum(contents.bytes.span.rawBytes, continuing: checksum)
    var record = ZipRecord(
      name: Array((name + ".npy").utf8), isDeflated: compression == .deflated, checksum: checksum,
      byteCount: byteCount, compressedByteCount: byteCount, headerOffset: stream.byteCount)
    try stream.write(record.localHeader)
    let start = stream.byteCount
    switch compression {
    case .stored:
      try stream.write(header)
      try stream.write(contents.bytes)
    case .deflated:
      // Two pieces of one stream, so that the array is not copied behind its header.
      try Inflate.deflate(header.span.rawBytes, then: contents.bytes.span.rawBytes) {
        piece throws(ArrayFileError) in
        try stream.write(piece)
      }
      record.compressedByteCount = stream.byteCount - start
      try stream.patch(record.localHeader, at: record.headerOffset)
    }
    return record
  }

  private static func writeDirectory(_ records: [ZipRecord], to stream: AtomicFileStream)
    throws(ArrayFileError)
  {
    let start = stream.byteCount
    for record in records { try stream.write(record.directoryEntry) }
    let byteCount = stream.byteCount - start
    var end: [UInt8] = []
    if records.count >= 0xFFFF || start >= 0xFFFF_FFFF || byteCount >= 0xFFFF_FFFF {
      end += ZipRecord.extendedEnd(
        entryCount: records.count, directoryOffset: start, directoryByteCount: byteCount)
    }
    end += ZipRecord.end(
      entryCount: records.count, directoryOffset: start, directoryByteCount: byteCount)
    try stream.write(end)
  }
}
