/// A table of text with aligned columns, for people.
public struct TextTable: Sendable {
  /// Where a column's cells stand.
  public enum Alignment: Sendable {
    /// At the left: words.
    case left
    /// At the right: numbers.
    case right
  }

  /// One column's header and alignment.
  public struct Column: Sendable {
    /// The words above the column.
    public var header: String
    /// Where its cells stand.
    public var alignment: Alignment
    /// Whether the beginning of its cells gives way to an ellipsis where the table is too wide.
    public var isFlexible: Bool

    /// Creates a column.
    ///
    /// - Parameters:
    ///   - header: The words above it.
    ///   - alignment: Where cells stand.
    ///   - isFlexible: Whether its cells may lose their beginning in a table of limited width.
    public init(_ header: String, _ alignment: Alignment = .right, isFlexible: Bool = false) {
      self.header = header
      self.alignment = alignment
      self.isFlexible = isFlexible
    }
  }

  private let columns: [Column]
  private var rows: [Row] = []

  private struct Row: Sendable {
    var cells: [String]
    var isMarked: Bool
  }

  /// Creates an empty table.
  ///
  /// - Parameter columns: The columns, left to right.
  public init(columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - cells: One text a column.
  ///   - isMarked: Whether the row is marked with an asterisk, and in bold on a colour terminal.
  public mutating func append(_ cells: [String], isMarked: Bool = false) {
    precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
    rows.append(Row(cells: cells.map(\.printable), isMarked: isMarked))
  }

  /// The lines of the table.
  ///
  /// - Parameters:
  ///   - style: Whether and how to use colour.
  ///   - width: The most characters in a line, as far as flexible columns can make it so: the last of
  ///     them gives way first, and none to less than 8 characters.
  /// - Returns: The header, a rule and one line a row, without trailing spaces.
  public func lines(style: TerminalStyle = .plain, width: Int? = nil) -> [String] {
    let widths = widths(within: width)
    let header = line(columns.map(\.header), widths: widths, mark: " ")
    let ruleWidth = widths.reduce(0, +) + 2 * max(widths.count - 1, 0)
    let rule = "  " + String(repeating: "─", count: ruleWidth)
    return [style.dim(header), style.dim(rule)]
      + rows.map { row in
        let text = line(row.cells, widths: widths, mark: row.isMarked ? "*" : " ")
        return row.isMarked ? style.bold(text) : text
      }
  }

  private func widths(within limit: Int?) -> [Int] {
    var widths = columns.indices.map { column in
      ([columns[column].header] + rows.map { $0.cells[column] }).map(\.count).max() ?? 0
    }
    guard let limit else { return widths }
    for column in columns.indices.reversed() where columns[column].isFlexible {
      let excess = widths.reduce(0, +) + 2 * widths.count - limit
      widths[column] -= max(0, min(excess, widths[column] - 8))
    }
    return widths
  }

  private func line(_ cells: [String], widths: [Int], mark: String) -> String {
    var text = mark
    for (column, cell) in cells.enumerated() {
      let cell = cell.shortenedKeepingEnd(to: widths[column])
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      text += column == 0 ? " " : "  "
      text += columns[column].alignment == .left ? cell + padding : padding + cell
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// Whether text for people carries terminal colours.
public struct TerminalStyle: Sendable {
  private let usesColor: Bool

  /// No escape sequences at all.
  public static let plain = TerminalStyle(usesColor: false)
  /// Bold and dim by escape sequences.
  public static let color = TerminalStyle(usesColor: true)

  /// Text that stands out.
  ///
  /// - Parameter text: One line.
  /// - Returns: The line, in bold where colour is on.
  public func bold(_ text: String) -> String { wrapped(text, code: "1") }

  /// Text that recedes.
  ///
  /// - Parameter text: One line.
  /// - Returns: The line, dimmed where colour is on.
  public func dim(_ text: String) -> String { wrapped(text, code: "2") }

  private func wrapped(_ text: String, code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text.printable)\u{1B}[0m" : text.printable
  }
}

/// Prose broken into lines of a given width.
public enum Prose {
  /// Breaks a paragraph at spaces.
  ///
  /// - Parameters:
  ///   - text: The paragraph.
  ///   - width: The most characters in a line; a longer word has a line of its own.
  ///   - indentation: What every line but the first starts with.
  /// - Returns: The lines.
  public static func lines(_ text: String, width: Int, indentation: String = "") -> [String] {
    var lines: [String] = []
    var current = ""
    for word in text.split(whereSeparator: \.isWhitespace).map({ String($0).printable }) {
      if current.isEmpty {
        current = word
      } else if current.count + 1 + word.count <= width {
        current += " " + word
      } else {
        lines.append(current)
        current = indentation + word
      }
    }
    return current.isEmpty ? lines : lines + [current]
  }

  /// Breaks a list of short texts between them, with a dot in between.
  ///
  /// - Parameters:
  ///   - pieces: The texts.
  ///   - width: The most characters in a line; a longer text has a line of its own.
  ///   - indentation: What every line but the first starts with.
  /// - Returns: The lines.
  public static func lines(
    listing pieces: [String], width: Int, indentation: String = ""
  ) -> [String] {
    var lines: [String] = []
    for piece in pieces.map(\.printable) {
      if let last = lines.last, last.count + 3 + piece.count <= width {
        lines[lines.count - 1] = "\(last) · \(piece)"
      } else {
        lines.append((lines.isEmpty ? "" : indentation) + piece)
      }
    }
    return lines
  }
}
