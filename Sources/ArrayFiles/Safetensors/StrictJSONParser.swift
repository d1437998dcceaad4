/// A strict parser of the JSON in a safetensors header, or in a file of steering vectors.
///
/// It refuses what these cannot contain (`true`, `null`, and in a header fractions and negative
/// numbers) and, unlike most parsers, a key that is there twice, of which other readers silently
/// take the last.
struct StrictJSONParser {
  typealias Failure = HeaderCursor.Failure

  /// Which numbers are read.
  enum Numbers {
    /// Whole ones from 0 up that fit in 64 bits.
    case whole
    /// All that are finite as `Double`.
    case any
  }

  private var cursor: HeaderCursor
  private let numbers: Numbers
  private var depth = 0

  private static let maximumDepth = 8

  /// Parses the whole text as one value, with nothing but white space after it.
  static func parse(
    _ text: [UInt8], name: String = "its JSON header", numbers: Numbers = .whole
  ) throws(Failure) -> JSONValue {
    var parser = StrictJSONParser(
      cursor: HeaderCursor(text, name: name), numbers: numbers)
    let value = try parser.value()
    try parser.cursor.finish()
    return value
  }

  private mutating func value() throws(Failure) -> JSONValue {
    cursor.skipSpace()
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw cursor.failure("at most 8 levels of nesting") }
    if cursor.consume("{") { return try object() }
    if cursor.consume("[") { return try array() }
    guard let first = cursor.next else { throw cursor.failure("a value") }
    switch first {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "0")...UInt8(ascii: "9") where numbers == .whole: return try integer()
    case UInt8(ascii: "0")...UInt8(ascii: "9") where numbers == .any,
      UInt8(ascii: "-") where numbers == .any:
      return try number()
    default:
      let kind = numbers == .whole ? "a whole number" : "a finite number"
      throw cursor.failure("a string, \(kind), an array or an object")
    }
  }

  private mutating func object() throws(Failure) -> JSONValue {
    var entries: [(key: String, value: JSONValue)] = []
    var keys: Set<[UInt8]> = []
    if cursor.consume("}") { return .object(entries) }
    repeat {
      cursor.skipSpace()
      guard cursor.next == UInt8(ascii: "\"") else {
        throw cursor.failure("a key in double quotes")
      }
      let key = try string()
      // Compared as bytes: to Swift, strings that differ in Unicode normalisation are equal.
      guard keys.insert(Array(key.utf8)).inserted else {
        throw Failure(problem: "\(cursor.name) has '\(key)' twice")
      }
      guard cursor.consume(":") else { throw cursor.failure("':' after '\(key)'") }
      entries.append((key, try value()))
    } while cursor.consume(",")
    guard cursor.consume("}") else { throw cursor.failure("',' or '}'") }
    return .object(entries)
  }

  private mutating func array() throws(Failure) -> JSONValue {
    var values: [JSONValue] = []
    if cursor.consume("]") { return .array(values) }
    repeat { values.append(try value()) } while cursor.consume(",")
    guard cursor.consume("]") else { throw cursor.failure("',' or ']'") }
    return .array(values)
  }

  private mutating func integer() throws(Failure) -> JSONValue {
    let start = cursor.position
    cursor.skipDigits()
    let digits = cursor.text(from: start)
    if let byte = cursor.next, [0x2E, 0x65, 0x45].contains(byte) {
      throw cursor.failure("a whole number")
    }
    guard digits.count == 1 || digits.first != "0", let value = Int(digits) else {
      throw Failure(
        problem: "the number \(digits) at byte \(start) of \(cursor.name) does not fit in 64 bits "
          + "or starts with 0")
    }
    return .integer(value)
  }

  /// A number as JSON writes it: digits without a leading 0, then perhaps a fraction and an exponent.
  private mutating func number() throws(Failure) -> JSONValue {
    let start = cursor.position
    if cursor.next == UInt8(ascii: "-") { cursor.position += 1 }
    let first = cursor.next
    let digitCount = try digits()
    guard digitCount == 1 || first != UInt8(ascii: "0") else {
      throw Failure(
        problem: "the number at byte \(start) of \(cursor.name) starts with 0")
    }
    if cursor.next == UInt8(ascii: ".") {
      cursor.position += 1
      _ = try digits()
    }
    if cursor.next == UInt8(ascii: "e") || cursor.next == UInt8(ascii: "E") {
      cursor.position += 1
      if cursor.next == UInt8(ascii: "+") || cursor.next == UInt8(ascii: "-") {
        cursor.position += 1
      }
      _ = try digits()
    }
    let text = cursor.text(from: start)
    // Minus nought is a number of its own, which an integer has not.
    if text != "-0", let value = Int(text), value >= 0 { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw Failure(
        problem: "the number \(text.prefix(40)) at byte \(start) of \(cursor.name) is beyond Double"
      )
    }
    return .number(value)
  }

  /// Moves over digits, of which there must be one; returns their count.
  private mutating func digits() throws(Failure) -> Int {
    let start = cursor.position
    cursor.skipDigits()
    guard cursor.position > start else { throw cursor.failure("a digit") }
    return cursor.position - start
  }

  private mutating func string() throws(Failure) -> String {
    cursor.position += 1
    var units: [UInt8] = []
    while let byte = cursor.next {
      switch byte {
      case UInt8(ascii: "\""):
        cursor.position += 1
        guard let string = String(validating: units, as: UTF8.self) else {
          throw Failure(
            problem:
              "the string that ends at byte \(cursor.position) of \(cursor.name) is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        cursor.position += 1
        units += Array(String(Character(try escape())).utf8)
      case 0..<0x20: throw cursor.failure("no control character in a string")
      default:
        units.append(byte)
        cursor.position += 1
      }
    }
    throw cursor.failure("the closing quote")
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    guard let name = cursor.next else { throw cursor.failure("an escape") }
    let escapes: [Unicode.Scalar: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
    ]
    if let scalar = escapes[Unicode.Scalar(name)] {
      cursor.position += 1
      return scalar
    }
    guard name == UInt8(ascii: "u") else { throw cursor.failure("an escape that JSON has") }
    let first = try hexadecimal()
    guard (0xD800..<0xDC00).contains(first) else {
      guard let scalar = Unicode.Scalar(first) else { throw cursor.failure("a paired surrogate") }
      return scalar
    }
    guard cursor.next == UInt8(ascii: "\\"), cursor.position + 1 < cursor.text.count,
      cursor.text[cursor.position + 1] == UInt8(ascii: "u")
    else { throw cursor.failure("the second half of a surrogate pair") }
    cursor.position += 1
    let second = try hexadecimal()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw cursor.failure("the second half of a surrogate pair") }
    return scalar
  }

  /// The four digits after `u`, where the position is.
  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    cursor.position += 1
    guard cursor.text.count - cursor.position >= 4 else {
      throw cursor.failure("four hexadecimal digits")
    }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = cursor.next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw cursor.failure("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      cursor.position += 1
    }
    return value
  }
}
