/// A stream of damaged files, made from good ones, for tests that a reader never crashes.
///
/// The same seed and files give the same mutants. Each is one of the files with one to four
/// changes: bits and bytes, truncation, insertion, removal, repetition, pieces of other files,
/// extreme values where integers may stand in binary or as digits.
public struct Mutator: Sequence, IteratorProtocol {
  /// One damaged file.
  public struct Mutant: Sendable {
    /// Which of the good files it was made from.
    public let origin: Int
    /// The damaged bytes; may be empty.
    public let bytes: [UInt8]
  }

  private let files: [[UInt8]]
  private var state: UInt64

  /// Starts a stream.
  ///
  /// - Parameters:
  ///   - files: Good files, at least one, none of them empty.
  ///   - seed: Where the stream starts.
  public init(files: [[UInt8]], seed: UInt64) {
    precondition(!files.isEmpty && files.allSatisfy { !$0.isEmpty }, "nothing to damage")
    self.files = files
    self.state = seed
  }

  /// The next damaged file; the stream does not end.
  public mutating func next() -> Mutant? {
    let origin = below(files.count)
    var bytes = files[origin]
    for _ in 0...below(4) { change(&bytes) }
    return Mutant(origin: origin, bytes: bytes)
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let position = position(in: bytes)
    switch below(10) {
    case 0: bytes[position] ^= 1 << UInt8(below(8))
    case 1: bytes[position] = UInt8(truncatingIfNeeded: random())
    case 2: bytes.removeLast(below(bytes.count) + 1)
    case 3: bytes.removeSubrange(position..<Swift.min(bytes.count, position + 1 + below(32)))
    case 4:
      let inserted = (0...below(16)).map { _ in UInt8(truncatingIfNeeded: random()) }
      bytes.insert(contentsOf: inserted, at: position)
    case 5:
      let repeated = bytes[position..<Swift.min(bytes.count, position + 1 + below(64))]
      bytes.insert(contentsOf: Array(repeated), at: position)
    case 6:
      let other = files[below(files.count)]
      let start = below(other.count)
      let piece = other[start..<Swift.min(other.count, start + 1 + below(256))]
      let end = Swift.min(bytes.count, position + (below(2) == 0 ? piece.count : 0))
      bytes.replaceSubrange(position..<end, with: piece)
    case 7, 8: setInteger(in: &bytes, at: position)
    default: setDigits(in: &bytes, near: position)
    }
  }

  /// Half of the changes go to the first or last 256 bytes, where headers and directories are.
  private mutating func position(in bytes: [UInt8]) -> Int {
    switch below(4) {
    case 0: below(Swift.min(256, bytes.count))
    case 1: bytes.count - 1 - below(Swift.min(256, bytes.count))
    default: below(bytes.count)
    }
  }

  private mutating func setInteger(in bytes: inout [UInt8], at position: Int) {
    let byteCount = 1 << below(4)
    guard position + byteCount <= bytes.count else { return }
    let extremes: [UInt64] = [
      0, 1, .max, .max - 1, .max >> 1, (.max >> 1) + 1, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000,
      0xFFFF, UInt64(bytes.count), UInt64(bytes.count) + 1, UInt64(bytes.count) - 1, 1 << 32,
      1 << 40,
    ]
    let value = extremes[below(extremes.count)]
    let isLittle = below(4) > 0
    for offset in 0..<byteCount {
      let place = isLittle ? offset : byteCount - 1 - offset
      bytes[position + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * place))
    }
  }

  /// Replaces the next run of digits in text.
  private mutating func setDigits(in bytes: inout [UInt8], near position: Int) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let start = bytes[position...].firstIndex(where: digits.contains) else { return }
    let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
    let replacements = [
      "0", "1", "-1", "4294967296", "9223372036854775807", "9223372036854775808",
      "99999999999999999999999", "1e9", "1.5", "00", "1" + String(repeating: "0", count: below(24)),
    ]
    bytes.replaceSubrange(start..<end, with: Array(replacements[below(replacements.count)].utf8))
  }

  private mutating func below(_ bound: Int) -> Int { Int(random() % UInt64(bound)) }

  /// SplitMix64: Steele, Lea & Flood (2014), doi:10.1145/2660193.2660195.
  private mutating func random() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
