/// A source file, as the rules see it.
struct SourceFile {
  /// The path from the root of the package, such as `Sources/Probes/Probe.swift`.
  let path: String
  let text: String
  /// The text without comments and without what strings say, line for line.
  let code: String

  init(path: String, text: String) {
    self.path = path
    self.text = text
    code = path.hasSuffix(".swift") ? SwiftCode.code(of: text) : text
  }

  /// The folder under `Sources` or `Tests`.
  var module: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : ""
  }

  var lineCount: Int {
    let ends = text.utf8.count { $0 == UInt8(ascii: "\n") }
    return ends + (text.hasSuffix("\n") || text.isEmpty ? 0 : 1)
  }

  /// The modules that the file imports, with the number of the line.
  ///
  /// Full Foundation is no import where it only stands in for FoundationEssentials on platforms that
  /// have none.
  var imports: [(module: String, line: Int)] {
    var imports: [(String, Int)] = []
    var isFallback = false
    for (number, line) in lines {
      var words = line.split(whereSeparator: \.isWhitespace)
      if words.first == "#if" { isFallback = words[1...] == ["canImport(FoundationEssentials)"] }
      if words.first == "#endif" { isFallback = false }
      words.removeAll { $0.hasPrefix("@") }
      if let first = words.first, Self.accessLevels.contains(String(first)) { words.removeFirst() }
      guard words.count >= 2, words[0] == "import" else { continue }
      let module = String(words[words.count > 2 ? 2 : 1].prefix { $0 != "." && $0 != ";" })
      if module == "Foundation", isFallback { continue }
      imports.append((module, number))
    }
    return imports
  }

  private static let accessLevels: Set<String> = [
    "public", "package", "internal", "fileprivate", "private",
  ]

  /// The numbers of the lines of code that hold a word by itself.
  func lines(with word: String) -> [Int] {
    lines.filter { Self.holds($0.text, word) }.map(\.number)
  }

  /// Lines counted from 1.
  private var lines: [(number: Int, text: Substring)] {
    code.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      ($0.offset + 1, $0.element)
    }
  }

  /// Whether a word occurs with no letter, digit or underscore right before or after it.
  private static func holds(_ line: Substring, _ word: String) -> Bool {
    line.ranges(of: word).contains { range in
      let before = line[..<range.lowerBound].last.map(isWordPart) ?? false
      let after = line[range.upperBound...].first.map(isWordPart) ?? false
      return !before && (!after || word.hasSuffix("!"))
    }
  }

  private static func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}
