/// One member of a zip archive, with where its bytes lie.
struct ZipEntry: Equatable, Sendable {
  let name: String
  let isDeflated: Bool
  let checksum: UInt32
  /// The size when inflated.
  let byteCount: Int
  /// Where the member's own header starts.
  let headerOffset: Int
  /// Where the stored or compressed bytes are.
  let content: Range<Int>

  /// The name that users give: without `.npy`.
  var memberName: String { name.hasSuffix(".npy") ? String(name.dropLast(4)) : name }

  var isArray: Bool { name.hasSuffix(".npy") }
}
