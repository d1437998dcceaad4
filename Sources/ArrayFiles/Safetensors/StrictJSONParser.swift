/// A strict parser of the JSON in a safetensors header.
///
/// It refuses what a tensor header cannot contain (fractions, negative numbers, `true`, `null`)
/// and, unlike most parsers, a key that is there twice, of which other readers silently take the
/// last.
struct StrictJSONParser {
  /// What is wrong, and at which byte of the text.
  struct Failure: Error, Equatable {
    let problem: String
  }

  private let text: [UInt8]
  private var position = 0
  private var depth = 0

  private static let maximumDepth = 8

  private init(_ text: [UInt8]) { self.text = text }

  /// Parses the whole text as one value, with nothing but white space after it.
  static func parse(_ text: [UInt8]) throws(Failure) -> JSONValue {
    var parser = StrictJSONParser(text)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == text.count else { throw parser.failure("the end of the header") }
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
      problem: "expected \(expected) at byte \(position) of its JSON header, found \(found)")
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
  }

  private mutating func consume(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(Failure) -> JSONValue {
    skipSpace()
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw failure("at most 8 levels of nesting") }
    if consume("{") { return try object() }
    if consume("[") { return try array() }
    guard position < text.count else { throw failure("a value") }
    switch text[position] {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try integer()
    default: throw failure("a string, a whole number, an array or an object")
    }
  }

  private mutating func object() throws(Failure) -> JSONValue {
    var entries: [(key: String, value: JSONValue)] = []
    var keys: Set<[UInt8]> = []
    if consume("}") { return .object(entries) }
    repeat {
      skipSpace()
      guard position < text.count, text[position] == UInt8(ascii: "\"") else {
        throw failure("a key in double quotes")
      }
      let key = try string()
      // Compared as bytes: to Swift, strings that differ in Unicode normalisation are equal.
      guard keys.insert(Array(key.utf8)).inserted else {
        throw Failure(problem: "its header has '\(key)' twice")
      }
      guard consume(":") else { throw failure("':' after '\(key)'") }
      entries.append((key, try value()))
    } while consume(",")
    guard consume("}") else { throw failure("',' or '}'") }
    return .object(entries)
  }

  private mutating func array() throws(Failure) -> JSONValue {
    var values: [JSONValue] = []
    if consume("]") { return .array(values) }
    repeat { values.append(try value()) } while consume(",")
    guard consume("]") else { throw failure("',' or ']'") }
    return .array(values)
  }

  private mutating func integer() throws(Failure) -> JSONValue {
    let start = position
    while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) {
      position += 1
    }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    if position < text.count, [0x2E, 0x65, 0x45].contains(text[position]) {
      throw failure("a whole number")
    }
    guard digits.count == 1 || digits.first != "0", let value = Int(digits) else {
      throw Failure(
        problem: "the number \(digits) at byte \(start) of its JSON header does not fit in 64 bits "
          + "or starts with 0")
    }
    return .integer(value)
  }

  private mutating func string() throws(Failure) -> String {
    position += 1
    var units: [UInt8] = []
    while position < text.count {
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: units, as: UTF8.self) else {
          throw Failure(
            problem: "the string that ends at byte \(position) of its JSON header is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        units += Array(String(Character(try escape())).utf8)
      case 0..<0x20: throw failure("no control character in a string")
      default:
        units.append(byte)
        position += 1
      }
    }
    throw failure("the closing quote")
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    guard position < text.count else { throw failure("an escape") }
    let escapes: [Unicode.Scalar: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
    ]
    if let scalar = escapes[Unicode.Scalar(text[position])] {
      position += 1
      return scalar
    }
    guard text[position] == UInt8(ascii: "u") else { throw failure("an escape that JSON has") }
    let first = try hexadecimal()
    guard (0xD800..<0xDC00).contains(first) else {
      guard let scalar = Unicode.Scalar(first) else { throw failure("a paired surrogate") }
      return scalar
    }
    guard position + 1 < text.count, text[position] == UInt8(ascii: "\\"),
      text[position + 1] == UInt8(ascii: "u")
    else { throw failure("the second half of a surrogate pair") }
    position += 1
    let second = try hexadecimal()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw failure("the second half of a surrogate pair") }
    return scalar
  }

  /// The four digits after `u`, where the position is.
  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    position += 1
    guard text.count - position >= 4 else { throw failure("four hexadecimal digits") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(text[position])).hexDigitValue else {
        throw failure("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
