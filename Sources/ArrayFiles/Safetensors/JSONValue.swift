/// A JSON value, as far as safetensors headers and files of steering vectors use it.
package enum JSONValue: Equatable, Sendable {
  case string(String)
  /// A whole number from 0 up.
  case integer(Int)
  /// A number with a sign, a fraction or an exponent, where those are read.
  case number(Double)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  /// Whether two values are equal, the keys of objects in the same order.
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.string(let first), .string(let second)): first == second
    case (.integer(let first), .integer(let second)): first == second
    case (.number(let first), .number(let second)): first == second
    case (.array(let first), .array(let second)): first == second
    case (.object(let first), .object(let second)):
      first.count == second.count
        && zip(first, second).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }
}

extension JSONValue {
  /// The value as a number, if it is one.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// Reads a file that is one JSON value, with numbers of any kind and no key twice.
  ///
  /// - Parameter path: The file.
  /// - Returns: The value.
  /// - Throws: ``ArrayFileError``.
  package static func read(_ path: String) throws(ArrayFileError) -> JSONValue {
    let text = ArrayBytes.mapped(try MappedFile(path: path)).withSpan { $0.copy(0..<$0.count) }
    return try parse(text, path: path)
  }

  /// Reads text that is one JSON value, with numbers of any kind and no key twice.
  ///
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - path: The file that it is from, for the error.
  /// - Returns: The value.
  /// - Throws: ``ArrayFileError/malformed(_:problem:)``.
  package static func parse(_ text: [UInt8], path: String) throws(ArrayFileError) -> JSONValue {
    do {
      return try StrictJSONParser.parse(text, name: "its JSON", numbers: .any)
    } catch {
      throw .malformed(ArrayLocation(path: path), problem: error.problem)
    }
  }
}
