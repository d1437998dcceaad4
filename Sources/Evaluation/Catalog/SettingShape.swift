/// What a setting accepts, read from a method's default value.
///
/// The encoded default says which form a value has in JSON; the reflected one says what JSON cannot: a
/// `Double` of 1 is not a whole number, an empty optional has a type, and an enumeration has cases.
indirect enum SettingShape {
  case bool
  case integer
  case number
  case string
  case choice([SettingValue])
  case list(SettingShape)
  case record([(name: String, shape: SettingShape)])
  /// An enumeration whose cases carry values, encoded as an object with the case as its only key.
  case cases
  case optional(SettingShape)
  case anything

  /// What is accepted, in words that complete "it must be".
  var words: String {
    switch self {
    case .bool: return "true or false"
    case .integer: return "a whole number"
    case .number: return "a number"
    case .string: return "text"
    case .choice(let values):
      return "one of " + values.map(\.description).joined(separator: ", ")
    case .list(let element): return "a list, each element \(element.words)"
    case .record(let fields):
      return "an object with any of " + fields.map(\.name).joined(separator: ", ")
    case .cases: return "the name of a case, or an object with it as the only key"
    case .optional(let wrapped): return wrapped.words + ", or null"
    case .anything: return "a value of the setting's type"
    }
  }

  /// The allowed values where there is a choice of them.
  var choices: [String] {
    switch self {
    case .choice(let values): values.map(\.description)
    case .optional(let wrapped): wrapped.choices
    default: []
    }
  }

  /// Reads the shape of a value from itself and from what it encodes to.
  init(reflecting value: Any, encoded: SettingValue) {
    if let optional = value as? any OptionalSetting {
      if let wrapped = optional.wrappedValue {
        self = .optional(SettingShape(reflecting: wrapped, encoded: encoded))
      } else {
        self = .optional(SettingShape(of: type(of: optional).wrappedType))
      }
      return
    }
    let mirror = Mirror(reflecting: value)
    switch encoded {
    case .null: self = .anything
    case .object(let fields):
      switch mirror.displayStyle {
      case .struct, .class: self = Self.record(mirror, fields)
      case .enum: self = .cases
      default: self = .anything
      }
    case .list(let elements):
      if let first = elements.first, let reflected = mirror.children.first?.value,
        mirror.displayStyle == .collection
      {
        self = .list(SettingShape(reflecting: reflected, encoded: first))
      } else if let array = value as? any ArraySetting {
        self = .list(SettingShape(of: type(of: array).elementType))
      } else {
        self = .list(.anything)
      }
    case .bool, .integer, .number, .string:
      self = SettingShape(of: type(of: value))
      if case .anything = self { self = SettingShape(ofScalar: encoded) }
    }
  }

  /// The fields of a nested value in the order of their declaration.
  private static func record(_ mirror: Mirror, _ fields: [String: SettingValue]) -> SettingShape {
    var remaining = fields
    var result: [(name: String, shape: SettingShape)] = []
    for child in mirror.children {
      guard let name = child.label else { continue }
      if let encoded = remaining.removeValue(forKey: name) {
        result.append((name, SettingShape(reflecting: child.value, encoded: encoded)))
      } else if child.value is any OptionalSetting {
        // Synthesised encoding leaves out an empty optional.
        result.append((name, SettingShape(reflecting: child.value, encoded: .null)))
      }
    }
    for (name, encoded) in remaining.sorted(by: { $0.key < $1.key }) {
      // Encoded under a name of its own, so nothing is known but its form.
      if case .object(let nested) = encoded {
        result.append((name, record(Mirror(reflecting: ()), nested)))
      } else {
        result.append((name, SettingShape(ofScalar: encoded)))
      }
    }
    return .record(result)
  }

  private init(of type: Any.Type) {
    switch type {
    case is Bool.Type: self = .bool
    case is any BinaryInteger.Type: self = .integer
    case is any BinaryFloatingPoint.Type: self = .number
    case is String.Type: self = .string
    case let choice as any (CaseIterable & Encodable).Type:
      let values = Self.values(of: choice)
      self = values.isEmpty ? .anything : .choice(values)
    default: self = .anything
    }
  }

  private init(ofScalar value: SettingValue) {
    switch value {
    case .bool: self = .bool
    case .integer, .number: self = .number
    case .string: self = .string
    case .list: self = .list(.anything)
    case .null, .object: self = .anything
    }
  }

  private static func values<Choice: CaseIterable & Encodable>(
    of type: Choice.Type
  ) -> [SettingValue] {
    type.allCases.compactMap { (choice) -> SettingValue? in
      switch try? SettingValue(encoding: choice) {
      case .string(let text): .string(text)
      case .integer(let number): .integer(number)
      default: nil
      }
    }
  }
}

/// An optional value whose type can be asked for at run time.
private protocol OptionalSetting {
  static var wrappedType: Any.Type { get }
  var wrappedValue: Any? { get }
}

extension Optional: OptionalSetting {
  static var wrappedType: Any.Type { Wrapped.self }
  var wrappedValue: Any? { self }
}

/// An array whose element type can be asked for at run time.
private protocol ArraySetting {
  static var elementType: Any.Type { get }
}

extension Array: ArraySetting {
  static var elementType: Any.Type { Element.self }
}
