/// Takes Swift text apart as far as telling code from comments and from the contents of strings.
struct SwiftCode {
  private let text: [Character]
  private var position = 0
  private var result = ""

  /// The code of a text: comments and the contents of strings become spaces, lines stay where they are.
  static func code(of text: String) -> String {
    var reader = SwiftCode(text: Array(text))
    reader.readCode(untilClosingParenthesis: false)
    return reader.result
  }

  private init(text: [Character]) { self.text = text }

  private func starts(with word: String) -> Bool {
    position + word.count <= text.count
      && text[position..<position + word.count].elementsEqual(word)
  }

  /// Moves on, keeping the characters or, of what is no code, only the ends of lines.
  private mutating func advance(_ count: Int = 1, isCode: Bool) {
    for character in text[position..<min(position + count, text.count)] {
      result.append(isCode || character == "\n" ? character : " ")
    }
    position += count
  }

  private mutating func readCode(untilClosingParenthesis: Bool) {
    var depth = 0
    while position < text.count {
      if starts(with: "//") {
        while position < text.count, text[position] != "\n" { advance(isCode: false) }
      } else if starts(with: "/*") {
        readComment()
      } else if let poundCount = poundsOfString() {
        readString(poundCount: poundCount)
      } else {
        if text[position] == "(" { depth += 1 }
        if text[position] == ")" {
          if depth == 0, untilClosingParenthesis { return }
          depth -= 1
        }
        advance(isCode: true)
      }
    }
  }

  private mutating func readComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        advance(2, isCode: false)
      } else if starts(with: "*/") {
        depth -= 1
        advance(2, isCode: false)
      } else {
        advance(isCode: false)
      }
    } while depth > 0 && position < text.count
  }

  /// How many `#` stand before the quote of a string that begins here; `nil` if none begins here.
  private func poundsOfString() -> Int? {
    var place = position
    while place < text.count, text[place] == "#" { place += 1 }
    return place < text.count && text[place] == "\"" ? place - position : nil
  }

  private mutating func readString(poundCount: Int) {
    advance(poundCount, isCode: true)
    let pounds = String(repeating: "#", count: poundCount)
    let quote = starts(with: "\"\"\"") ? "\"\"\"" : "\""
    advance(quote.count, isCode: true)
    while position < text.count {
      if starts(with: quote + pounds) {
        advance(quote.count + poundCount, isCode: true)
        return
      } else if starts(with: "\\" + pounds + "(") {
        advance(2 + poundCount, isCode: true)
        readCode(untilClosingParenthesis: true)
      } else if starts(with: "\\" + pounds) {
        advance(2 + poundCount, isCode: false)
      } else {
        advance(isCode: false)
      }
    }
  }
}
