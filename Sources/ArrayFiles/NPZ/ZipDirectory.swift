/// The central directory of a zip archive, with zip64 extensions.
///
/// All sizes come from the central directory, as members' own headers may leave them open; every
/// offset is checked against the file before it is used. Archives over several disks and encrypted
/// members are refused.
struct ZipDirectory {
  let entries: [ZipEntry]

  private static let endByteCount = 22
  private static let endSignature: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
  private static let locatorSignature: [UInt8] = [0x50, 0x4B, 0x06, 0x07]
  private static let extendedEndSignature: [UInt8] = [0x50, 0x4B, 0x06, 0x06]
  private static let entrySignature: [UInt8] = [0x50, 0x4B, 0x01, 0x02]
  private static let headerSignature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  /// Reads and checks the directory of a whole file.
  init(_ bytes: Span<UInt8>, path: String) throws(ArrayFileError) {
    let location = ArrayLocation(path: path)
    let end = try Self.findEnd(bytes, at: location)
    var entries: [ZipEntry] = []
    var names: Set<String> = []
    var position = end.directory.lowerBound
    for number in 0..<end.entryCount {
      let (entry, next) = try Self.entry(
        number, bytes, at: position, directory: end.directory, location)
      guard names.insert(entry.name).inserted else {
        throw .malformed(location, problem: "its member '\(entry.name)' is there twice")
      }
      entries.append(entry)
      position = next
    }
    guard position == end.directory.upperBound else {
      throw .malformed(
        location,
        problem: "its directory of \(end.entryCount) members ends at byte \(position), expected "
          + "\(end.directory.upperBound)")
    }
    try Self.checkOverlaps(entries, at: location)
    self.entries = entries
  }

  /// Members that share bytes are how archives of a few kilobytes inflate to terabytes.
  private static func checkOverlaps(_ entries: [ZipEntry], at location: ArrayLocation)
    throws(ArrayFileError)
  {
    let ordered = entries.sorted { $0.headerOffset < $1.headerOffset }
    for (first, second) in zip(ordered, ordered.dropFirst())
    where first.content.upperBound > second.headerOffset {
      throw .malformed(
        location, problem: "its members '\(first.name)' and '\(second.name)' overlap")
    }
  }

  // MARK: The end record

  private static func findEnd(_ bytes: Span<UInt8>, at location: ArrayLocation)
    throws(ArrayFileError) -> (directory: Range<Int>, entryCount: Int)
  {
    guard let endOffset = endOffset(bytes) else {
      throw .malformed(
        location,
        problem: "it starts like a zip archive but has no directory at its end, so it is "
          + "incomplete")
    }
    // findEnd's record is whole: endOffset checked that 22 bytes are there.
    var disk = field(bytes, endOffset + 4, 2)
    var directoryDisk = field(bytes, endOffset + 6, 2)
    var diskEntryCount = field(bytes, endOffset + 8, 2)
    var entryCount = field(bytes, endOffset + 10, 2)
    var byteCount = field(bytes, endOffset + 12, 4)
    var offset = field(bytes, endOffset + 16, 4)
    var directoryEnd = endOffset
    if endOffset >= 20, bytes.hasBytes(locatorSignature, at: endOffset - 20) {
      let recordOffset = field(bytes, endOffset - 12, 8)
      guard let record = Int(exactly: recordOffset), record <= endOffset - 20 - 56,
        bytes.hasBytes(extendedEndSignature, at: record)
      else {
        throw .malformed(
          location,
          problem: "its zip64 locator points to byte \(recordOffset), where no zip64 "
            + "record is")
      }
      disk = field(bytes, record + 16, 4)
      directoryDisk = field(bytes, record + 20, 4)
      diskEntryCount = field(bytes, record + 24, 8)
      entryCount = field(bytes, record + 32, 8)
      byteCount = field(bytes, record + 40, 8)
      offset = field(bytes, record + 48, 8)
      directoryEnd = record
    }
    guard disk == 0, directoryDisk == 0, diskEntryCount == entryCount else {
      throw .unsupportedCompression(location, feature: "is a zip archive over several disks")
    }
    // Each entry takes at least 46 bytes, so a wrong count cannot make the loop long.
    guard let start = Int(exactly: offset), let length = Int(exactly: byteCount),
      start <= directoryEnd, length == directoryEnd - start,
      let count = Int(exactly: entryCount), count <= length / 46
    else {
      throw .malformed(
        location,
        problem: "its directory is said to have \(entryCount) members in \(byteCount) bytes from "
          + "byte \(offset), but it must end at byte \(directoryEnd)")
    }
    return (start..<directoryEnd, count)
  }

  /// The end record is 22 bytes and a comment that reaches exactly to the end of the file.
  private static func endOffset(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count >= endByteCount else { return nil }
    let latest = bytes.count - endByteCount
    for offset in stride(from: latest, through: max(0, latest - 0xFFFF), by: -1)
    where bytes.hasBytes(endSignature, at: offset)
      && Int(field(bytes, offset + 20, 2)) == latest - offset
    {
      return offset
    }
    return nil
  }

  // MARK: Members

  private static func entry(
    _ number: Int, _ bytes: Span<UInt8>, at position: Int, directory: Range<Int>,
    _ location: ArrayLocation
  ) throws(ArrayFileError) -> (ZipEntry, next: Int) {
    guard directory.upperBound - position >= 46, bytes.hasBytes(entrySignature, at: position)
    else {
      throw .malformed(
        location, problem: "its directory has no entry \(number + 1) at byte \(position)")
    }
    let nameLength = Int(field(bytes, position + 28, 2))
    let extraLength = Int(field(bytes, position + 30, 2))
    let commentLength = Int(field(bytes, position + 32, 2))
    let next = position + 46 + nameLength + extraLength + commentLength
    guard next <= directory.upperBound else {
      throw .malformed(
        location, problem: "its directory's entry \(number + 1) ends beyond the directory")
    }
    let nameBytes = bytes.copy(position + 46..<position + 46 + nameLength)
    let name = String(decoding: nameBytes, as: UTF8.self)
    let member = ArrayLocation(path: location.path, member: name)
    guard !nameBytes.isEmpty else {
      throw .malformed(location, problem: "its directory's entry \(number + 1) has no name")
    }
    guard field(bytes, position + 8, 2) & 1 == 0 else {
      throw .unsupportedCompression(member, feature: "is encrypted")
    }
    let method = field(bytes, position + 10, 2)
    guard method == 0 || method == 8 else {
      throw .unsupportedCompression(member, feature: "is compressed by zip method \(method)")
    }
    let extraStart = position + 46 + nameLength
    let sizes = try sizes(
      bytes, at: position, extra: extraStart..<extraStart + extraLength, member)
    guard let byteCount = Int(exactly: sizes.byteCount),
      let compressedByteCount = Int(exactly: sizes.compressedByteCount),
      let headerOffset = Int(exactly: sizes.headerOffset), headerOffset < directory.lowerBound
    else {
      throw .malformed(
        member,
        problem: "it is said to be \(sizes.byteCount) bytes at byte \(sizes.headerOffset), which "
          + "is not inside the archive")
    }
    let content = try content(
      bytes, headerOffset: headerOffset, byteCount: compressedByteCount, name: nameBytes,
      end: directory.lowerBound, member)
    if method == 0, byteCount != compressedByteCount {
      throw .malformed(
        member,
        problem: "it is stored, but its two sizes differ: \(byteCount) and \(compressedByteCount)")
    }
    let entry = ZipEntry(
      name: name, isDeflated: method == 8, checksum: UInt32(field(bytes, position + 16, 4)),
      byteCount: byteCount, headerOffset: headerOffset, content: content)
    return (entry, next)
  }

  /// The two sizes and the offset, from the zip64 extra field where the 32-bit ones are all ones.
  private static func sizes(
    _ bytes: Span<UInt8>, at position: Int, extra: Range<Int>, _ member: ArrayLocation
  ) throws(ArrayFileError) -> (
    byteCount: UInt64, compressedByteCount: UInt64, headerOffset: UInt64
  ) {
    var values = [
      field(bytes, position + 24, 4), field(bytes, position + 20, 4),
      field(bytes, position + 42, 4),
    ]
    guard values.contains(0xFFFF_FFFF) else { return (values[0], values[1], values[2]) }
    var offset = extra.lowerBound
    while extra.upperBound - offset >= 4 {
      let length = Int(field(bytes, offset + 2, 2))
      let fieldEnd = offset + 4 + length
      guard fieldEnd <= extra.upperBound else { break }
      if field(bytes, offset, 2) == 1 {
        var valueOffset = offset + 4
        for index in values.indices where values[index] == 0xFFFF_FFFF {
          guard fieldEnd - valueOffset >= 8 else {
            throw .malformed(member, problem: "its zip64 field of \(length) bytes is too short")
          }
          values[index] = field(bytes, valueOffset, 8)
          valueOffset += 8
        }
        break
      }
      offset = fieldEnd
    }
    return (values[0], values[1], values[2])
  }

  /// The bytes behind the member's own header.
  private static func content(
    _ bytes: Span<UInt8>, headerOffset: Int, byteCount: Int, name: [UInt8], end: Int,
    _ member: ArrayLocation
  ) throws(ArrayFileError) -> Range<Int> {
    guard end - headerOffset >= 30, bytes.hasBytes(headerSignature, at: headerOffset) else {
      throw .malformed(
        member,
        problem: "the directory says that it starts at byte \(headerOffset), but no "
          + "member starts there")
    }
    let nameLength = Int(field(bytes, headerOffset + 26, 2))
    let start = headerOffset + 30 + nameLength + Int(field(bytes, headerOffset + 28, 2))
    guard start <= end, byteCount <= end - start else {
      throw .malformed(
        member,
        problem: "its \(byteCount) bytes from byte \(start) reach beyond the archive's directory "
          + "at byte \(end)")
    }
    guard nameLength == name.count, bytes.hasBytes(name, at: headerOffset + 30) else {
      throw .malformed(
        member, problem: "its own header at byte \(headerOffset) has another name")
    }
    return start..<start + byteCount
  }

  /// An integer at an offset that the caller has checked.
  private static func field(_ bytes: Span<UInt8>, _ offset: Int, _ byteCount: Int) -> UInt64 {
    guard let value = bytes.littleEndian(at: offset, byteCount: byteCount) else {
      preconditionFailure("zip field read outside the checked range")
    }
    return value
  }
}
