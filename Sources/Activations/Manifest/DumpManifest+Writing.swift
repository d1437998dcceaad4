internal import ArrayFiles

extension DumpManifest {
  /// The manifest as JSON text that ``init(parsing:path:)`` reads back to an equal value.
  ///
  /// Keys come in the order of the documentation, roles in the order of the role table, so that the
  /// same manifest always gives the same bytes.
  public var jsonText: String {
    var lines = ["  \"format\": \(JSONText.quoted(Self.format))", "  \"version\": \(Self.version)"]
    let modelParts = [
      ("name", model.name), ("revision", model.revision), ("fingerprint", model.fingerprint),
    ].compactMap { key, text in text.map { Self.member(key, $0) } }
    if !modelParts.isEmpty {
      lines.append("  \"model\": {\(modelParts.joined(separator: ", "))}")
    }
    if let site { lines.append("  \"site\": \(JSONText.quoted(site))") }
    if let token { lines.append("  \"token\": \(JSONText.quoted(token))") }
    if let finalLayer { lines.append("  \"finalLayer\": \(JSONText.quoted(finalLayer.rawValue))") }
    if let layers { lines.append("  \"layers\": \(Self.list(layers))") }
    if !provenance.isEmpty {
      let facts = provenance.sorted { $0.key < $1.key }.map { "    " + Self.member($0, $1) }
      lines.append("  \"provenance\": {\n\(facts.joined(separator: ",\n"))\n  }")
    }
    let entries = roles.compactMap { role in
      arrays[role].map { "    \(JSONText.quoted(role.identifier)): \(Self.text(of: $0))" }
    }
    lines.append("  \"arrays\": {\n\(entries.joined(separator: ",\n"))\n  }")
    return "{\n\(lines.joined(separator: ",\n"))\n}\n"
  }

  private static func text(of entry: ManifestEntry) -> String {
    switch entry {
    case .array(let reference):
      var parts = ["\"file\": \(JSONText.quoted(reference.file))"]
      if let member = reference.member { parts.append("\"member\": \(JSONText.quoted(member))") }
      parts.append("\"axes\": \(list(reference.axes.map(\.rawValue)))")
      if let name = reference.name { parts.append("\"name\": \(JSONText.quoted(name))") }
      if let values = reference.values { parts.append("\"values\": \(list(values))") }
      return "{\(parts.joined(separator: ", "))}"
    case .texts(let file): return "{\"file\": \(JSONText.quoted(file))}"
    case .integers(let values): return "[\(values.map(String.init).joined(separator: ", "))]"
    case .numbers(let values): return "[\(values.map(\.description).joined(separator: ", "))]"
    case .number(let value): return value.description
    case .choice(let word): return JSONText.quoted(word)
    }
  }

  private static func member(_ key: String, _ text: String) -> String {
    "\(JSONText.quoted(key)): \(JSONText.quoted(text))"
  }

  private static func list(_ texts: [String]) -> String {
    "[\(texts.map(JSONText.quoted).joined(separator: ", "))]"
  }
}
