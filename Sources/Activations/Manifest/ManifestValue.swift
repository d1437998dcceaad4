/// A value of a JSON5 text, as ``ManifestReader`` reads it.
indirect enum ManifestValue: Equatable, Sendable {
  /// Keys in the order of the text, each once.
  case object([Member])
  /// A list.
  case array([ManifestValue])
  /// A text.
  case string(String)
  /// A whole number that fits in 64 bits.
  case integer(Int)
  /// Any other finite number.
  case number(Double)
  /// `true` or `false`.
  case boolean(Bool)
  /// `null`.
  case null

  /// A key with its value.
  struct Member: Equatable, Sendable {
    let key: String
    let value: ManifestValue
  }

  /// What kind of value it is, for messages.
  var kind: String {
    switch self {
    case .object: "an object"
    case .array: "a list"
    case .string: "a text"
    case .integer: "a whole number"
    case .number: "a number"
    case .boolean: "a truth value"
    case .null: "null"
    }
  }

  /// The value as a number, whole or not.
  var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
