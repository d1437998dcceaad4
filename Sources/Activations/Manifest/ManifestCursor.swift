internal import TextSuggestions

/// A value of a manifest together with the path of keys that leads to it, for messages.
struct ManifestCursor {
  let path: String
  let keyPath: String
  let value: ManifestValue

  func failure(_ problem: String) -> ActivationsError {
    .invalidManifest(path: path, keyPath: keyPath, problem: problem)
  }

  private func failure(expected: String) -> ActivationsError {
    failure("is \(value.kind), expected \(expected)")
  }

  private func child(_ key: String, _ value: ManifestValue) -> ManifestCursor {
    ManifestCursor(path: path, keyPath: keyPath.isEmpty ? key : keyPath + "." + key, value: value)
  }

  /// The object's values by key, once every key is known to be allowed.
  func object(allowing known: [String]) throws(ActivationsError) -> ManifestObject {
    let members = try members()
    for member in members where !known.contains(member.keyPath(in: self)) {
      throw member.failure(
        "is not a key of the format; "
          + Suggestion.phrase(for: member.keyPath(in: self), among: known))
    }
    return ManifestObject(owner: self, members: members)
  }

  /// The object's values in the order of the text, whatever their keys.
  func members() throws(ActivationsError) -> [ManifestCursor] {
    guard case .object(let members) = value else { throw failure(expected: "an object") }
    return members.map { child($0.key, $0.value) }
  }

  /// The part of this key path that lies below `owner`.
  func keyPath(in owner: ManifestCursor) -> String {
    owner.keyPath.isEmpty ? keyPath : String(keyPath.dropFirst(owner.keyPath.count + 1))
  }

  /// A text that may be empty.
  func anyText() throws(ActivationsError) -> String {
    guard case .string(let text) = value else { throw failure(expected: "a text") }
    return text
  }

  func text() throws(ActivationsError) -> String {
    let text = try anyText()
    guard !text.isEmpty else { throw failure("is empty; leave the key out instead") }
    return text
  }

  func integer() throws(ActivationsError) -> Int {
    guard case .integer(let number) = value else { throw failure(expected: "a whole number") }
    return number
  }

  func number() throws(ActivationsError) -> Double {
    guard let number = value.asNumber else { throw failure(expected: "a number") }
    return number
  }

  func choice(_ words: [String]) throws(ActivationsError) -> String {
    let word = try text()
    guard words.contains(word) else {
      throw failure("is \"\(word)\"; " + Suggestion.phrase(for: word, among: words))
    }
    return word
  }

  func list<Element>(
    _ read: (ManifestCursor) throws(ActivationsError) -> Element
  ) throws(ActivationsError) -> [Element] {
    guard case .array(let values) = value else { throw failure(expected: "a list") }
    var result: [Element] = []
    result.reserveCapacity(values.count)
    for (position, value) in values.enumerated() {
      let cursor = ManifestCursor(path: path, keyPath: "\(keyPath)[\(position)]", value: value)
      result.append(try read(cursor))
    }
    return result
  }
}

/// An object of a manifest whose keys have been checked.
struct ManifestObject {
  let owner: ManifestCursor
  let members: [ManifestCursor]

  func optional(_ key: String) -> ManifestCursor? {
    members.first { $0.keyPath(in: owner) == key }
  }

  func required(_ key: String) throws(ActivationsError) -> ManifestCursor {
    guard let member = optional(key) else {
      let place = owner.keyPath.isEmpty ? key : owner.keyPath + "." + key
      throw .invalidManifest(
        path: owner.path, keyPath: place, problem: "is missing; every manifest needs it")
    }
    return member
  }
}
