/// The bytes of a whole file: mapped, or in memory.
enum ArrayBytes: Sendable {
  case mapped(MappedFile)
  case memory([UInt8])

  var count: Int {
    switch self {
    case .mapped(let file): file.byteCount
    case .memory(let bytes): bytes.count
    }
  }

  /// Lends the bytes.
  func withSpan<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch self {
    case .mapped(let file): try body(file.bytes)
    case .memory(let bytes): try body(bytes.span)
    }
  }
}

extension Span where Element == UInt8 {
  /// The unsigned little-endian integer of `byteCount` bytes at an offset; `nil` beyond the end.
  func littleEndian(at offset: Int, byteCount: Int) -> UInt64? {
    guard offset >= 0, offset <= count, byteCount <= count - offset else { return nil }
    var value: UInt64 = 0
    for position in 0..<byteCount {
      value |= UInt64(self[offset + position]) << UInt64(8 * position)
    }
    return value
  }

  /// Whether the bytes at an offset are those given.
  func hasBytes(_ expected: [UInt8], at offset: Int = 0) -> Bool {
    guard offset >= 0, offset <= count, expected.count <= count - offset else { return false }
    for position in expected.indices where self[offset + position] != expected[position] {
      return false
    }
    return true
  }

  /// A copy of a range, which must be inside.
  func copy(_ range: Range<Int>) -> [UInt8] { Array(copying: extracting(range).rawBytes) }
}
