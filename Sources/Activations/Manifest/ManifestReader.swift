/// A strict reader of JSON5 that says where a text is wrong.
///
/// FoundationEssentials' `JSONDecoder` accepts JSON5 too, but reports no position for it and keeps
/// one of two equal keys without a word. A manifest is written by hand as often as by a program, so
/// both matter here.
struct ManifestReader {
  /// What is wrong with the text, and where.
  struct Failure: Error, Equatable {
    let line: Int
    let column: Int
    let problem: String
  }

  private static let deepestNesting = 32

  private let scalars: [Unicode.Scalar]
  private var position = 0

  /// Reads one value, which must be all there is in the text.
  static func read(_ text: String) throws(Failure) -> ManifestValue {
    var reader = ManifestReader(scalars: Array(text.unicodeScalars))
    try reader.skipSpace()
    let value = try reader.readValue(depth: 0)
    try reader.skipSpace()
    guard reader.position == reader.scalars.count else {
      throw reader.failure("there is more text after the end of the value")
    }
    return value
  }

  private init(scalars: [Unicode.Scalar]) {
    self.scalars = scalars
  }

  private var next: Unicode.Scalar? {
    position < scalars.count ? scalars[position] : nil
  }

  private func failure(_ problem: String, at place: Int? = nil) -> Failure {
    var line = 1
    var column = 1
    for scalar in scalars[..<(place ?? position)] {
      if scalar == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return Failure(line: line, column: column, problem: problem)
  }

  private func unexpected(_ wanted: String) -> Failure {
    guard let next else { return failure("the text ends where \(wanted) should be") }
    let shown = next.value < 32 ? "a control character" : "\"\(next)\""
    return failure("found \(shown) where \(wanted) should be")
  }

  private mutating func skipSpace() throws(Failure) {
    while let scalar = next {
      if scalar.properties.isWhitespace || scalar == "\u{FEFF}" {
        position += 1
      } else if scalar == "/", position + 1 < scalars.count, scalars[position + 1] == "/" {
        while let inside = next, inside != "\n" { position += 1 }
      } else if scalar == "/", position + 1 < scalars.count, scalars[position + 1] == "*" {
        let start = position
        position += 2
        while position + 1 < scalars.count,
          !(scalars[position] == "*" && scalars[position + 1] == "/")
        { position += 1 }
        guard position + 1 < scalars.count else {
          throw failure("a comment that begins here is never closed", at: start)
        }
        position += 2
      } else {
        return
      }
    }
  }

  private mutating func readValue(depth: Int) throws(Failure) -> ManifestValue {
    guard depth <= Self.deepestNesting else {
      throw failure("objects and lists are nested more than \(Self.deepestNesting) deep")
    }
    switch next {
    case "{": return try readObject(depth: depth)
    case "[": return try readArray(depth: depth)
    case "\"", "'": return .string(try readString())
    case let scalar? where scalar.isDigit || "+-.".unicodeScalars.contains(scalar):
      return try readNumber()
    case let scalar? where scalar.isNameStart: return try readWord()
    default: throw unexpected("a value")
    }
  }

  private mutating func readObject(depth: Int) throws(Failure) -> ManifestValue {
    position += 1
    var members: [ManifestValue.Member] = []
    var seen: Set<String> = []
    try skipSpace()
    while next != "}" {
      let start = position
      let key: String
      if next == "\"" || next == "'" {
        key = try readString()
      } else if let scalar = next, scalar.isNameStart {
        key = readName()
      } else {
        throw unexpected("a key or }")
      }
      guard seen.insert(key).inserted else {
        throw failure("the key \"\(key)\" is given twice in one object", at: start)
      }
      try skipSpace()
      guard next == ":" else { throw unexpected("a colon after the key \"\(key)\"") }
      position += 1
      try skipSpace()
      members.append(.init(key: key, value: try readValue(depth: depth + 1)))
      try skipSpace()
      guard next == "," || next == "}" else { throw unexpected("a comma or }") }
      if next == "," {
        position += 1
        try skipSpace()
      }
    }
    position += 1
    return .object(members)
  }

  private mutating func readArray(depth: Int) throws(Failure) -> ManifestValue {
    position += 1
    var values: [ManifestValue] = []
    try skipSpace()
    while next != "]" {
      values.append(try readValue(depth: depth + 1))
      try skipSpace()
      guard next == "," || next == "]" else { throw unexpected("a comma or ]") }
      if next == "," {
        position += 1
        try skipSpace()
      }
    }
    position += 1
    return .array(values)
  }

  private mutating func readName() -> String {
    let start = position
    while let scalar = next, scalar.isNameStart || scalar.isDigit { position += 1 }
    return text(start..<position)
  }

  private func text(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }

  private mutating func readWord() throws(Failure) -> ManifestValue {
    let start = position
    switch readName() {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    case "NaN", "Infinity": throw failure("numbers must be finite", at: start)
    case let word:
      throw failure("the word \"\(word)\" is not a value; a text needs quotes", at: start)
    }
  }

  private mutating func readNumber() throws(Failure) -> ManifestValue {
    let start = position
    while let scalar = next, scalar.isNameStart || scalar.isDigit || scalar.isNumberPart {
      position += 1
    }
    var written = text(start..<position)
    let isNegative = written.hasPrefix("-")
    if isNegative || written.hasPrefix("+") { written.removeFirst() }
    if written.hasPrefix("0x") || written.hasPrefix("0X") {
      let digits = written.dropFirst(2)
      if !digits.hasPrefix("-"), !digits.hasPrefix("+"), let value = Int(digits, radix: 16) {
        return .integer(isNegative ? -value : value)
      }
    } else if written.first?.isNumber == true || written.hasPrefix(".") {
      if let value = Int((isNegative ? "-" : "") + written) { return .integer(value) }
      if written.hasPrefix(".") { written = "0" + written }
      if written.hasSuffix(".") { written += "0" }
      let isDecimal = written.unicodeScalars.allSatisfy {
        $0.isDigit || $0.isNumberPart || $0 == "e" || $0 == "E"
      }
      if isDecimal, let value = Double(written), value.isFinite {
        return .number(isNegative ? -value : value)
      }
    }
    throw failure("\"\(text(start..<position).prefix(40))\" is not a finite number", at: start)
  }

  private mutating func readString() throws(Failure) -> String {
    let start = position
    let quote = scalars[position]
    position += 1
    var result = String.UnicodeScalarView()
    while let scalar = next, scalar != quote {
      guard scalar != "\n", scalar.value >= 32 || scalar == "\t" else {
        throw failure("a text runs past the end of its line; close it or escape the break")
      }
      position += 1
      if scalar == "\\" {
        if let escaped = try readEscape() { result.append(escaped) }
      } else {
        result.append(scalar)
      }
    }
    guard next != nil else { throw failure("a text that begins here is never closed", at: start) }
    position += 1
    return String(result)
  }

  private mutating func readEscape() throws(Failure) -> Unicode.Scalar? {
    guard let scalar = next else { throw unexpected("the rest of an escape") }
    position += 1
    switch scalar {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "v": return "\u{B}"
    case "0": return "\0"
    case "\n": return nil
    case "x": return try readHexadecimal(digits: 2)
    case "u": return try readHexadecimal(digits: 4)
    default: return scalar
    }
  }

  private mutating func readHexadecimal(digits: Int) throws(Failure) -> Unicode.Scalar {
    let high = try readCode(digits: digits)
    if let scalar = Unicode.Scalar(high) { return scalar }
    // A scalar beyond 16 bits is written as two escapes.
    guard (0xD800..<0xDC00).contains(high), next == "\\", position + 1 < scalars.count,
      scalars[position + 1] == "u"
    else { throw failure("an escape names half a character") }
    position += 2
    let low = try readCode(digits: 4)
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    else { throw failure("an escape names half a character") }
    return scalar
  }

  private mutating func readCode(digits: Int) throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let scalar = next, let digit = UInt32(String(scalar), radix: 16) else {
        throw unexpected("a hexadecimal digit")
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
  fileprivate var isNumberPart: Bool { self == "." || self == "+" || self == "-" }
  fileprivate var isNameStart: Bool {
    self == "_" || self == "$" || properties.isAlphabetic
  }
}
