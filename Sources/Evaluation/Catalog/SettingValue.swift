/// The value of a setting as JSON can hold it.
public enum SettingValue: Sendable, Hashable {
  /// No value: what an optional setting has when it is off.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A finite number.
  case number(Double)
  /// Text.
  case string(String)
  /// Values in order.
  case list([SettingValue])
  /// Values by name.
  case object([String: SettingValue])
}

extension SettingValue: Codable {
  private struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Decodes any JSON value; a number without a fractional part becomes an ``integer(_:)``.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: MemberName.self) {
      var fields: [String: SettingValue] = [:]
      for key in container.allKeys {
        fields[key.stringValue] = try container.decode(SettingValue.self, forKey: key)
      }
      self = .object(fields)
    } else if var container = try? decoder.unkeyedContainer() {
      var elements: [SettingValue] = []
      while !container.isAtEnd { elements.append(try container.decode(SettingValue.self)) }
      self = .list(elements)
    } else {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let value = try? container.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? container.decode(Int.self) {
        self = .integer(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else {
        self = .string(try container.decode(String.self))
      }
    }
  }

  /// Encodes the value as plain JSON.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let fields):
      var container = encoder.container(keyedBy: MemberName.self)
      for (name, value) in fields {
        try container.encode(value, forKey: MemberName(stringValue: name))
      }
    case .list(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .integer(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .number(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .string(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    }
  }
}

extension SettingValue: CustomStringConvertible {
  /// The value as a person would type it: JSON, but for plain text without quotes.
  public var description: String {
    if case .string(let text) = self { return text }
    return quoted
  }

  private var quoted: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value.description
    case .integer(let value): return value.description
    case .number(let value): return value.description
    case .string(let text): return "\"\(text)\""
    case .list(let elements): return "[" + elements.map(\.quoted).joined(separator: ", ") + "]"
    case .object(let fields):
      let members = fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value.quoted)" }
      return "{" + members.joined(separator: ", ") + "}"
    }
  }
}

extension SettingValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Creates ``null``.
  public init(nilLiteral: ()) { self = .null }

  /// Creates a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// Creates a whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }

  /// Creates a number.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// Creates text.
  public init(stringLiteral value: String) { self = .string(value) }

  /// Creates a list.
  public init(arrayLiteral elements: SettingValue...) { self = .list(elements) }

  /// Creates an object; of several values for one name the last one counts.
  public init(dictionaryLiteral elements: (String, SettingValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}
