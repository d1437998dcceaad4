/// A strict parser of the one Python dictionary in a NumPy header.
///
/// It knows strings, `True`, `False`, `None`, decimal integers, tuples, lists and dictionaries with
/// string keys, and evaluates nothing.
struct PythonLiteralParser {
  /// What is wrong, and at which byte of the header text.
  struct Failure: Error, Equatable {
    let problem: String
  }

  private let text: [UInt8]
  private var position = 0
  private var depth = 0

  private static let maximumDepth = 16

  private init(_ text: [UInt8]) { self.text = text }

  /// Parses the whole text as one value, with nothing but white space after it.
  static func parse(_ text: [UInt8]) throws(Failure) -> PythonLiteral {
    var parser = PythonLiteralParser(text)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == text.count else {
      throw parser.failure("the end of the header")
    }
    return value
  }

  private func failure(_ expected: String) -> Failure {
    let found =
      if position >= text.count {
        "the end"
      } else if (0x20..<0x7F).contains(text[position]) {
        "'\(Character(Unicode.Scalar(text[position])))'"
      } else {
        "byte \(text[position])"
      }
    return Failure(
      problem: "expected \(expected) at byte \(position) of the header text, found \(found)")
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
  }

  /// Moves over a character after white space, if it comes next.
  private mutating func consume(_ character: Character) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(Failure) -> PythonLiteral {
    skipSpace()
    guard position < text.count else { throw failure("a value") }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw failure("at most 16 levels of nesting") }
    switch text[position] {
    case UInt8(ascii: "{"): return try dictionary()
    case UInt8(ascii: "("): return try tuple()
    case UInt8(ascii: "["): return .list(try items(until: "]").values)
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try integer()
    default: return try keyword()
    }
  }

  private mutating func dictionary() throws(Failure) -> PythonLiteral {
    position += 1
    var entries: [(key: String, value: PythonLiteral)] = []
    while !consume("}") {
      skipSpace()
      guard position < text.count,
        text[position] == UInt8(ascii: "'") || text[position] == UInt8(ascii: "\"")
      else { throw failure("a quoted key or '}'") }
      let key = try string()
      guard !entries.contains(where: { $0.key == key }) else {
        throw Failure(problem: "the header has the key '\(key)' twice")
      }
      guard consume(":") else { throw failure("':' after the key '\(key)'") }
      entries.append((key, try value()))
      if consume(",") { continue }
      guard consume("}") else { throw failure("',' or '}'") }
      break
    }
    return .dictionary(entries)
  }

  private mutating func tuple() throws(Failure) -> PythonLiteral {
    let (values, endedWithComma) = try items(until: ")")
    // In Python (3) is a number in brackets, not a tuple.
    if values.count == 1, !endedWithComma { return values[0] }
    return .tuple(values)
  }

  private mutating func items(until end: Character) throws(Failure) -> (
    values: [PythonLiteral], endedWithComma: Bool
  ) {
    position += 1
    var values: [PythonLiteral] = []
    while !consume(end) {
      values.append(try value())
      if consume(",") {
        if consume(end) { return (values, true) }
        continue
      }
      guard consume(end) else { throw failure("',' or '\(end)'") }
      return (values, false)
    }
    return (values, false)
  }

  private mutating func string() throws(Failure) -> String {
    let quote = text[position]
    position += 1
    let start = position
    while position < text.count, text[position] != quote {
      guard text[position] != UInt8(ascii: "\\"), text[position] != 0x0A else {
        throw failure("a string without escapes")
      }
      position += 1
    }
    guard position < text.count else { throw failure("the closing quote") }
    defer { position += 1 }
    // Version 3 headers are UTF-8; bytes of older Latin-1 names only appear in messages.
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  private mutating func integer() throws(Failure) -> PythonLiteral {
    let start = position
    if text[position] == UInt8(ascii: "-") { position += 1 }
    let firstDigit = position
    while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) {
      position += 1
    }
    guard position > firstDigit else { throw failure("a digit") }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    // Python 2 wrote long integers with a suffix.
    if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
    return Int(digits).map(PythonLiteral.integer) ?? .oversizedInteger(digits)
  }

  private mutating func keyword() throws(Failure) -> PythonLiteral {
    let start = position
    while position < text.count, isLetter(text[position]) { position += 1 }
    switch String(decoding: text[start..<position], as: UTF8.self) {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    default:
      position = start
      throw failure("a string, a whole number, True, False, a tuple or a list")
    }
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
