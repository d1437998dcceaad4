extension DumpManifest {
  /// The manifest as JSON text that ``init(parsing:path:)`` reads back to an equal value.
  ///
  /// Keys come in the order of the documentation, roles in the order of the role table, so that the
  /// same manifest always gives the same bytes.
  public var jsonText: String {
    var lines = ["  \"format\": \(Self.quoted(Self.format))", "  \"version\": \(Self.version)"]
    var modelParts: [String] = []
    if let name = model.name { modelParts.append("\"name\": \(Self.quoted(name))") }
    if let revision = model.revision { modelParts.append("\"revision\": \(Self.quoted(revision))") }
    if !modelParts.isEmpty {
      lines.append("  \"model\": {\(modelParts.joined(separator: ", "))}")
    }
    if let site { lines.append("  \"site\": \(Self.quoted(site))") }
    if let token { lines.append("  \"token\": \(Self.quoted(token))") }
    if let finalLayer { lines.append("  \"finalLayer\": \(Self.quoted(finalLayer.rawValue))") }
    if let layers { lines.append("  \"layers\": \(Self.list(layers))") }
    let entries = roles.compactMap { role in
      arrays[role].map { "    \(Self.quoted(role.identifier)): \(Self.text(of: $0))" }
    }
    lines.append("  \"arrays\": {\n\(entries.joined(separator: ",\n"))\n  }")
    return "{\n\(lines.joined(separator: ",\n"))\n}\n"
  }

  private static func text(of entry: ManifestEntry) -> String {
    switch entry {
    case .array(let reference):
      var parts = ["\"file\": \(quoted(reference.file))"]
      if let member = reference.member { parts.append("\"member\": \(quoted(member))") }
      parts.append("\"axes\": \(list(reference.axes.map(\.rawValue)))")
      if let name = reference.name { parts.append("\"name\": \(quoted(name))") }
      if let values = reference.values { parts.append("\"values\": \(list(values))") }
      return "{\(parts.joined(separator: ", "))}"
    case .texts(let file): return "{\"file\": \(quoted(file))}"
    case .integers(let values): return "[\(values.map(String.init).joined(separator: ", "))]"
    case .numbers(let values): return "[\(values.map(\.description).joined(separator: ", "))]"
    case .number(let value): return value.description
    case .choice(let word): return quoted(word)
    }
  }

  private static func list(_ texts: [String]) -> String {
    "[\(texts.map(quoted).joined(separator: ", "))]"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default:
        if scalar.value < 32 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
