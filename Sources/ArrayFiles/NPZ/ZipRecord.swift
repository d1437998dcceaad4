/// The records of a zip archive as they are written.
struct ZipRecord {
  let name: [UInt8]
  let isDeflated: Bool
  let checksum: UInt32
  let byteCount: Int
  var compressedByteCount: Int
  let headerOffset: Int

  /// 45 is zip64; readers that know it not can tell by this number.
  private static let version: UInt16 = 45
  /// 1 January 1980, the first day that the format has.
  private static let date: UInt16 = 1 << 5 | 1

  /// Whether the sizes are 64-bit.
  ///
  /// Decided by the size before compression, so that the header's length is known before; deflate
  /// adds at most 5 bytes to 16 KiB.
  private var hasLongSizes: Bool { byteCount >= 0xFF00_0000 }

  var localHeader: [UInt8] {
    var bytes: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
    appendCommonFields(to: &bytes)
    bytes.append(littleEndian: UInt16(hasLongSizes ? 20 : 0))
    bytes += name
    if hasLongSizes {
      bytes.append(littleEndian: 1 as UInt16)
      bytes.append(littleEndian: 16 as UInt16)
      bytes.append(littleEndian: UInt64(byteCount))
      bytes.append(littleEndian: UInt64(compressedByteCount))
    }
    return bytes
  }

  var directoryEntry: [UInt8] {
    var extra: [UInt8] = []
    let isFar = headerOffset >= 0xFFFF_FFFF
    if hasLongSizes || isFar {
      extra.append(littleEndian: 1 as UInt16)
      extra.append(littleEndian: UInt16((hasLongSizes ? 16 : 0) + (isFar ? 8 : 0)))
      if hasLongSizes {
        extra.append(littleEndian: UInt64(byteCount))
        extra.append(littleEndian: UInt64(compressedByteCount))
      }
      if isFar { extra.append(littleEndian: UInt64(headerOffset)) }
    }
    var bytes: [UInt8] = [0x50, 0x4B, 0x01, 0x02]
    bytes.append(littleEndian: Self.version)
    appendCommonFields(to: &bytes)
    bytes.append(littleEndian: UInt16(extra.count))
    // Comment length, disk, internal and external attributes: none.
    bytes += [UInt8](repeating: 0, count: 2 + 2 + 2 + 4)
    bytes.append(littleEndian: isFar ? 0xFFFF_FFFF : UInt32(headerOffset))
    return bytes + name + extra
  }

  /// From the version needed to the length of the name, alike in both headers.
  private func appendCommonFields(to bytes: inout [UInt8]) {
    bytes.append(littleEndian: Self.version)
    // Bit 11: the name is UTF-8.
    bytes.append(littleEndian: 1 << 11 as UInt16)
    bytes.append(littleEndian: UInt16(isDeflated ? 8 : 0))
    bytes.append(littleEndian: 0 as UInt16)
    bytes.append(littleEndian: Self.date)
    bytes.append(littleEndian: checksum)
    bytes.append(littleEndian: hasLongSizes ? 0xFFFF_FFFF : UInt32(compressedByteCount))
    bytes.append(littleEndian: hasLongSizes ? 0xFFFF_FFFF : UInt32(byteCount))
    bytes.append(littleEndian: UInt16(name.count))
  }

  /// The zip64 end record and the locator that points to it.
  static func extendedEnd(entryCount: Int, directoryOffset: Int, directoryByteCount: Int)
    -> [UInt8]
  {
    var bytes: [UInt8] = [0x50, 0x4B, 0x06, 0x06]
    bytes.append(littleEndian: 44 as UInt64)
    bytes.append(littleEndian: version)
    bytes.append(littleEndian: version)
    bytes.append(littleEndian: 0 as UInt64)
    bytes.append(littleEndian: UInt64(entryCount))
    bytes.append(littleEndian: UInt64(entryCount))
    bytes.append(littleEndian: UInt64(directoryByteCount))
    bytes.append(littleEndian: UInt64(directoryOffset))
    bytes += [0x50, 0x4B, 0x06, 0x07, 0, 0, 0, 0]
    bytes.append(littleEndian: UInt64(directoryOffset + directoryByteCount))
    bytes.append(littleEndian: 1 as UInt32)
    return bytes
  }

  /// The end record; numbers that do not fit are all ones, and stand in the zip64 record.
  static func end(entryCount: Int, directoryOffset: Int, directoryByteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x50, 0x4B, 0x05, 0x06, 0, 0, 0, 0]
    bytes.append(littleEndian: UInt16(min(entryCount, 0xFFFF)))
    bytes.append(littleEndian: UInt16(min(entryCount, 0xFFFF)))
    bytes.append(littleEndian: UInt32(min(directoryByteCount, 0xFFFF_FFFF)))
    bytes.append(littleEndian: UInt32(min(directoryOffset, 0xFFFF_FFFF)))
    bytes.append(littleEndian: 0 as UInt16)
    return bytes
  }
}

extension [UInt8] {
  /// Appends an integer, least significant byte first.
  mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    for place in 0..<Number.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: number >> Number(8 * place)))
    }
  }
}
