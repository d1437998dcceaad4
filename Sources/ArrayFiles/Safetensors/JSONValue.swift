/// A JSON value, as far as safetensors headers use it.
indirect enum JSONValue: Equatable {
  case string(String)
  /// A whole number from 0 up.
  case integer(Int)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.string(let first), .string(let second)): first == second
    case (.integer(let first), .integer(let second)): first == second
    case (.array(let first), .array(let second)): first == second
    case (.object(let first), .object(let second)):
      first.count == second.count
        && zip(first, second).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }
}
