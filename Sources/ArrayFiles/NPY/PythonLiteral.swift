/// A value of Python's literal syntax, as far as NumPy headers use it.
indirect enum PythonLiteral: Equatable {
  case string(String)
  case boolean(Bool)
  case none
  case integer(Int)
  /// An integer that does not fit in 64 bits, as its digits.
  case oversizedInteger(String)
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  case dictionary([(key: String, value: PythonLiteral)])

  static func == (left: PythonLiteral, right: PythonLiteral) -> Bool {
    left.description == right.description
  }

  /// The value as Python would print it, for error messages.
  var description: String {
    switch self {
    case .string(let text): "'\(text)'"
    case .boolean(let value): value ? "True" : "False"
    case .none: "None"
    case .integer(let value): String(value)
    case .oversizedInteger(let digits): digits
    case .tuple(let items) where items.count == 1: "(\(items[0].description),)"
    case .tuple(let items): "(" + items.map(\.description).joined(separator: ", ") + ")"
    case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .dictionary(let entries):
      "{" + entries.map { "'\($0.key)': \($0.value.description)" }.joined(separator: ", ") + "}"
    }
  }
}
