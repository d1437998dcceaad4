internal import Evaluation

/// Comma-separated values as RFC 4180 has them: fields are quoted only where they must be.
public enum CommaSeparatedValues {
  /// The text of a table.
  ///
  /// - Parameters:
  ///   - header: The names of the columns.
  ///   - rows: The fields of each row.
  /// - Returns: Lines ended by a newline.
  public static func text(header: [String], rows: [[String]]) -> String {
    ([header] + rows).map { row in row.map(field).joined(separator: ",") + "\n" }.joined()
  }

  /// The text of records: one row each, numbers in the shortest form that reads back the same.
  ///
  /// - Parameter records: The records.
  /// - Returns: A header line and one line a record.
  public static func text(_ records: [Record]) -> String {
    text(
      header: RecordColumn.all.map(\.name),
      rows: records.map { record in RecordColumn.all.map { string($0.cell(record)) } })
  }

  private static func string(_ cell: RecordColumn.Cell) -> String {
    switch cell {
    case .text(let value): value ?? ""
    case .integer(let value): value.map(String.init) ?? ""
    case .unsigned(let value): value.map(String.init) ?? ""
    case .number(let value): value.map { $0.description } ?? ""
    case .flags(let flags): flags.map(\.rawValue).joined(separator: "; ")
    }
  }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
