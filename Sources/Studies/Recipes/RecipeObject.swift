internal import Evaluation
internal import TextSuggestions

/// An object of a recipe, whose keys are checked and whose values are read with their place in mind.
struct RecipeObject {
  private let fields: [String: SettingValue]
  private let path: String
  private let key: String

  init(_ value: SettingValue, path: String, key: String, known: [String]) throws(StudyError) {
    self.path = path
    self.key = key
    guard case .object(let fields) = value else {
      throw .invalid("\(path): \(key.isEmpty ? "the recipe" : key) must be an object")
    }
    if let unknown = fields.keys.sorted().first(where: { !known.contains($0) }) {
      throw .invalid(
        "\(path): unknown key \"\(unknown)\"\(key.isEmpty ? "" : " in \(key)"); "
          + Suggestion.phrase(for: unknown, among: known))
    }
    self.fields = fields
  }

  func string(_ name: String, default fallback: String? = nil) throws(StudyError) -> String {
    switch fields[name] {
    case .string(let text): return text
    case nil:
      if let fallback { return fallback }
      throw problem(name, "is missing; it must be a text")
    default: throw problem(name, "must be a text")
    }
  }

  func integer(_ name: String, default fallback: Int) throws(StudyError) -> Int {
    switch fields[name] {
    case .integer(let value) where value >= 0: return value
    case nil: return fallback
    default: throw problem(name, "must be a whole number of 0 or more")
    }
  }

  func list(_ name: String) throws(StudyError) -> [SettingValue] {
    switch fields[name] {
    case .list(let elements): return elements
    case nil: return []
    default: throw problem(name, "must be a list")
    }
  }

  func strings(_ name: String) throws(StudyError) -> [String] {
    var strings: [String] = []
    for element in try list(name) {
      guard case .string(let text) = element else { throw problem(name, "must be a list of texts") }
      strings.append(text)
    }
    return strings
  }

  func object(_ name: String) throws(StudyError) -> [String: SettingValue] {
    switch fields[name] {
    case .object(let object): return object
    case nil: return [:]
    default: throw problem(name, "must be an object")
    }
  }

  func bool(_ name: String, default fallback: Bool) throws(StudyError) -> Bool {
    switch fields[name] {
    case .bool(let value): return value
    case nil: return fallback
    default: throw problem(name, "must be true or false")
    }
  }

  /// Whether the object has a key.
  func has(_ name: String) -> Bool { fields[name] != nil }

  /// An object inside of this one; `nil` if there is none.
  func child(_ name: String, known: [String]) throws(StudyError) -> RecipeObject? {
    guard let value = fields[name] else { return nil }
    return try RecipeObject(
      value, path: path, key: key.isEmpty ? name : key + "." + name, known: known)
  }

  func choice<Choice>(_ name: String) throws(StudyError) -> Choice?
  where Choice: RawRepresentable<String> & CaseIterable {
    guard fields[name] != nil else { return nil }
    let text = try string(name)
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    throw problem(name, "is \"\(text)\"; " + Suggestion.phrase(for: text, among: known))
  }

  private func problem(_ name: String, _ text: String) -> StudyError {
    .invalid("\(path): \(key.isEmpty ? "" : key + ".")\(name) \(text)")
  }
}
