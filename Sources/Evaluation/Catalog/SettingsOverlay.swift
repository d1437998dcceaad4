internal import TextSuggestions

/// A method's settings while they are being changed.
struct SettingsOverlay {
  private enum Change {
    case value(SettingValue)
    case text(String)

    var description: String {
      switch self {
      case .value(let value): value.description
      case .text(let text): text
      }
    }
  }

  /// The settings as they are now.
  private(set) var values: SettingValue
  private let method: String
  private let shape: SettingShape

  init<Entry: CatalogEntry>(of type: Entry.Type) throws(EvaluationError) {
    try self.init(of: type.init())
  }

  init<Entry: CatalogEntry>(of entry: Entry) throws(EvaluationError) {
    method = Entry.identifier
    do {
      values = try SettingValue(encoding: entry)
    } catch {
      throw .unreadableSettings(method: Entry.identifier, reason: "\(error)")
    }
    shape = SettingShape(reflecting: entry, encoded: values)
    guard case .record = shape else {
      throw .unreadableSettings(
        method: Entry.identifier, reason: "it encodes to \(values), not to an object of settings")
    }
  }

  /// Changes the settings that an object names.
  mutating func apply(_ overrides: SettingValue) throws(EvaluationError) {
    values = try changed(values, shape, path: [], to: .value(overrides), name: "")
  }

  /// Changes one setting from text.
  mutating func assign(_ text: String, to name: String) throws(EvaluationError) {
    values = try changed(values, shape, path: parts(of: name), to: .text(text), name: "")
  }

  /// Creates the method.
  func decoded<Entry: CatalogEntry>(as type: Entry.Type) throws(EvaluationError) -> Entry {
    let entry: Entry
    do {
      entry = try values.decoded(as: type)
    } catch let error as EvaluationError {
      throw error
    } catch let error as DecodingError {
      throw invalid(error)
    } catch {
      throw .invalidSetting(
        method: method, name: "*", value: values.description, expected: "valid: \(error)")
    }
    // A key that decoding ignored (in a hand-written or a nested type) is a misspelt one.
    if let ignored = firstIgnored(values, try SettingsOverlay(of: entry).values, name: "") {
      throw unknown(ignored)
    }
    return entry
  }

  /// The settings, those of nested values one by one.
  func listed() -> [Setting] {
    var result: [Setting] = []
    func list(_ value: SettingValue, _ shape: SettingShape, name: String) {
      if case .record(let fields) = shape, case .object(let members) = value {
        for field in fields {
          list(members[field.name] ?? .null, field.shape, name: joined(name, field.name))
        }
      } else {
        result.append(
          Setting(name: name, accepts: shape.words, choices: shape.choices, defaultValue: value))
      }
    }
    list(values, shape, name: "")
    return result
  }

  // MARK: - Changing

  private func changed(
    _ value: SettingValue, _ shape: SettingShape, path: [String], to change: Change, name: String
  ) throws(EvaluationError) -> SettingValue {
    if case .optional(let wrapped) = shape {
      if path.isEmpty, isNull(change) { return .null }
      return try changed(value, wrapped, path: path, to: change, name: name)
    }
    guard let first = path.first else {
      return try replaced(value, shape, by: change, name: name)
    }
    let nestedName = joined(name, first)
    var members: [String: SettingValue] = [:]
    if case .object(let existing) = value { members = existing }
    let nestedShape: SettingShape
    switch shape {
    case .record(let fields):
      guard let field = fields.first(where: { $0.name == first }) else {
        throw unknown(nestedName)
      }
      nestedShape = field.shape
    case .cases:
      if members[first] == nil { members = [first: [:]] }
      nestedShape = .anything
    case .anything:
      nestedShape = .anything
    default:
      throw unknown(nestedName)
    }
    members[first] = try changed(
      members[first] ?? .null, nestedShape, path: Array(path.dropFirst()), to: change,
      name: nestedName)
    return .object(members)
  }

  private func replaced(
    _ value: SettingValue, _ shape: SettingShape, by change: Change, name: String
  ) throws(EvaluationError) -> SettingValue {
    let given: SettingValue
    switch change {
    case .value(let value): given = value
    case .text(let text): given = parsed(text, shape)
    }
    switch (shape, given) {
    case (.record, .object(let members)):
      var result = value
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        result = try changed(result, shape, path: parts(of: key), to: .value(member), name: name)
      }
      return result
    case (.bool, .bool), (.integer, .integer), (.number, .number), (.number, .integer),
      (.string, .string), (.cases, .object), (.anything, _):
      return given
    case (.cases, .string(let text)):
      return [text: [:]]
    case (.integer, .number(let number)):
      if let whole = Int(exactly: number) { return .integer(whole) }
    case (.choice(let allowed), _) where allowed.contains(given):
      return given
    case (.list(let element), .list(let elements)):
      var result: [SettingValue] = []
      for (position, value) in elements.enumerated() {
        result.append(
          try changed(
            .null, element, path: [], to: .value(value), name: joined(name, "\(position)")))
      }
      return .list(result)
    default: break
    }
    let suggestion = Suggestion.nearest(to: change.description, among: shape.choices)
    throw .invalidSetting(
      method: method, name: name.isEmpty ? "*" : name, value: "\"\(change.description)\"",
      expected: shape.words + (suggestion.map { "; did you mean \"\($0)\"?" } ?? ""))
  }

  /// Reads text as the shape asks; what cannot be read stays text and is refused by the caller.
  private func parsed(_ text: String, _ shape: SettingShape) -> SettingValue {
    switch shape {
    case .bool: return Bool(text).map(SettingValue.bool) ?? .string(text)
    case .integer: return Int(text).map(SettingValue.integer) ?? .string(text)
    case .number:
      guard let number = Double(text), number.isFinite else { return .string(text) }
      return .number(number)
    case .string: return .string(text)
    case .choice(let allowed): return allowed.first { $0.description == text } ?? .string(text)
    case .list(let element):
      if text.hasPrefix("[") { return (try? SettingValue(json: text)) ?? .string(text) }
      let items = text.split(separator: ",").map { $0.drop { $0 == " " } }
      return .list(items.map { parsed(String($0), element) })
    case .optional(let wrapped): return isNull(.text(text)) ? .null : parsed(text, wrapped)
    case .record, .cases, .anything: return (try? SettingValue(json: text)) ?? .string(text)
    }
  }

  private func isNull(_ change: Change) -> Bool {
    switch change {
    case .value(let value): value == .null
    case .text(let text): text == "null" || text == "none"
    }
  }

  // MARK: - Errors

  private func unknown(_ name: String) -> EvaluationError {
    let known = listed().map(\.name)
    return .unknownSetting(
      method: method, name: name, suggestion: Suggestion.nearest(to: name, among: known),
      known: known)
  }

  private func invalid(_ error: DecodingError) -> EvaluationError {
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found):
      context = found
    case .keyNotFound(let key, let found):
      context = DecodingError.Context(
        codingPath: found.codingPath, debugDescription: "it lacks \"\(key.stringValue)\"")
    @unknown default:
      context = DecodingError.Context(codingPath: [], debugDescription: "\(error)")
    }
    let path = context.codingPath.map(\.stringValue)
    var value: SettingValue? = values
    for key in path {
      if case .object(let members) = value { value = members[key] } else { value = nil }
    }
    let words = context.debugDescription
    let reason = words.hasSuffix(".") ? String(words.dropLast()) : words
    return .invalidSetting(
      method: method, name: path.isEmpty ? "*" : path.joined(separator: "."),
      value: (value ?? values).description, expected: "what the method accepts: \(reason)")
  }

  private func firstIgnored(
    _ given: SettingValue, _ kept: SettingValue, name: String
  ) -> String? {
    guard case .object(let givenMembers) = given else { return nil }
    guard case .object(let keptMembers) = kept else { return nil }
    for (key, value) in givenMembers.sorted(by: { $0.key < $1.key }) where value != .null {
      let nestedName = joined(name, key)
      guard let keptValue = keptMembers[key] else { return nestedName }
      if let ignored = firstIgnored(value, keptValue, name: nestedName) { return ignored }
    }
    return nil
  }

  private func parts(of name: String) -> [String] {
    name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  private func joined(_ prefix: String, _ name: String) -> String {
    prefix.isEmpty ? name : prefix + "." + name
  }
}
