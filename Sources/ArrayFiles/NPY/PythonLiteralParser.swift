/// A strict parser of the one Python dictionary in a NumPy header.
///
/// It knows strings, `True`, `False`, `None`, decimal integers, tuples, lists and dictionaries with
/// string keys, and evaluates nothing.
struct PythonLiteralParser {
  typealias Failure = HeaderCursor.Failure

  private var cursor: HeaderCursor
  private var depth = 0

  private static let maximumDepth = 16

  private init(_ text: [UInt8]) { cursor = HeaderCursor(text, name: "the header text") }

  /// Parses the whole text as one value, with nothing but white space after it.
  static func parse(_ text: [UInt8]) throws(Failure) -> PythonLiteral {
    var parser = PythonLiteralParser(text)
    let value = try parser.value()
    try parser.cursor.finish()
    return value
  }

  private mutating func value() throws(Failure) -> PythonLiteral {
    cursor.skipSpace()
    guard let first = cursor.next else { throw cursor.failure("a value") }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw cursor.failure("at most 16 levels of nesting") }
    switch first {
    case UInt8(ascii: "{"): return try dictionary()
    case UInt8(ascii: "("): return try tuple()
    case UInt8(ascii: "["): return .list(try items(until: "]").values)
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try integer()
    default: return try keyword()
    }
  }

  private mutating func dictionary() throws(Failure) -> PythonLiteral {
    cursor.position += 1
    var entries: [(key: String, value: PythonLiteral)] = []
    while !cursor.consume("}") {
      cursor.skipSpace()
      guard cursor.next == UInt8(ascii: "'") || cursor.next == UInt8(ascii: "\"") else {
        throw cursor.failure("a quoted key or '}'")
      }
      let key = try string()
      guard !entries.contains(where: { $0.key == key }) else {
        throw Failure(problem: "the header has the key '\(key)' twice")
      }
      guard cursor.consume(":") else { throw cursor.failure("':' after the key '\(key)'") }
      entries.append((key, try value()))
      if cursor.consume(",") { continue }
      guard cursor.consume("}") else { throw cursor.failure("',' or '}'") }
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

  private mutating func items(until end: Unicode.Scalar) throws(Failure) -> (
    values: [PythonLiteral], endedWithComma: Bool
  ) {
    cursor.position += 1
    var values: [PythonLiteral] = []
    while !cursor.consume(end) {
      values.append(try value())
      if cursor.consume(",") {
        if cursor.consume(end) { return (values, true) }
        continue
      }
      guard cursor.consume(end) else { throw cursor.failure("',' or '\(end)'") }
      return (values, false)
    }
    return (values, false)
  }

  private mutating func string() throws(Failure) -> String {
    let quote = cursor.next
    cursor.position += 1
    let start = cursor.position
    while let byte = cursor.next, byte != quote {
      guard byte != UInt8(ascii: "\\"), byte != 0x0A else {
        throw cursor.failure("a string without escapes")
      }
      cursor.position += 1
    }
    guard cursor.next != nil else { throw cursor.failure("the closing quote") }
    defer { cursor.position += 1 }
    // Version 3 headers are UTF-8; bytes of older Latin-1 names only appear in messages.
    return cursor.text(from: start)
  }

  private mutating func integer() throws(Failure) -> PythonLiteral {
    let start = cursor.position
    if cursor.next == UInt8(ascii: "-") { cursor.position += 1 }
    let firstDigit = cursor.position
    cursor.skipDigits()
    guard cursor.position > firstDigit else { throw cursor.failure("a digit") }
    let digits = cursor.text(from: start)
    // Python 2 wrote long integers with a suffix.
    if cursor.next == UInt8(ascii: "L") { cursor.position += 1 }
    return Int(digits).map(PythonLiteral.integer) ?? .oversizedInteger(digits)
  }

  private mutating func keyword() throws(Failure) -> PythonLiteral {
    let start = cursor.position
    while let byte = cursor.next, isLetter(byte) { cursor.position += 1 }
    switch cursor.text(from: start) {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    default:
      cursor.position = start
      throw cursor.failure("a string, a whole number, True, False, a tuple or a list")
    }
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
