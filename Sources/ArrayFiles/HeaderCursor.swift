/// A place in the text of a header, and what its strict parsers do there alike.
struct HeaderCursor {
  /// What is wrong, and at which byte of the text.
  struct Failure: Error, Equatable {
    let problem: String
  }

  /// What the text is called in messages: `the header text`.
  let name: String
  let text: [UInt8]
  var position = 0

  init(_ text: [UInt8], name: String) {
    self.text = text
    self.name = name
  }

  /// The byte at the position; `nil` at the end.
  var next: UInt8? { position < text.count ? text[position] : nil }

  /// Says what was expected at the position, and what is there.
  func failure(_ expected: String) -> Failure {
    let found =
      switch next {
      case nil: "the end"
      case .some(let byte) where (0x20..<0x7F).contains(byte):
        "'\(Character(Unicode.Scalar(byte)))'"
      case .some(let byte): "byte \(byte)"
      }
    return Failure(problem: "expected \(expected) at byte \(position) of \(name), found \(found)")
  }

  /// Moves to the next byte that is no white space.
  mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  /// Moves over a character after white space, if it comes next.
  mutating func consume(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Moves over decimal digits, if any come next.
  mutating func skipDigits() {
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
  }

  /// Makes sure that nothing but white space is left.
  mutating func finish() throws(Failure) {
    skipSpace()
    guard next == nil else { throw failure("the end of \(name)") }
  }

  /// The text from a place up to the position.
  func text(from start: Int) -> String {
    String(decoding: text[start..<position], as: UTF8.self)
  }
}
