internal import Evaluation
internal import Probes

/// The catalogue of methods as text for people.
public enum MethodDescription {
  /// All methods, one or two lines each.
  ///
  /// - Parameter style: Whether to use colour.
  /// - Returns: Lines without newlines.
  public static func overview(style: TerminalStyle = .plain) -> [String] {
    var lines: [String] = []
    for type in ProbeCatalog.all {
      lines.append(style.bold(type.identifier))
      lines += Prose.lines(type.summary, width: 76).map { "  " + $0 }
    }
    return lines + ["", "`plumbline methods NAME` shows a method's settings and source."]
  }

  /// One method with its settings, defaults and source.
  ///
  /// - Parameters:
  ///   - name: The method's identifier.
  ///   - style: Whether to use colour.
  /// - Returns: Lines without newlines.
  /// - Throws: `ProbeError/unknownMethod(name:known:)`.
  public static func lines(of name: String, style: TerminalStyle = .plain) throws -> [String] {
    let name = MethodName(parsing: name).identifier
    let type = try ProbeCatalog.probe(named: name)
    let accepts = ProbeInput.allCases.filter(type.accepts.contains).map(\.rawValue)
    var lines = [style.bold(type.identifier)]
    lines += Prose.lines(type.summary, width: 79)
    lines += Prose.lines("Source: \(type.source)", width: 79, indentation: "  ")
    lines.append(
      "Reads: \(accepts.joined(separator: " or "))\(type.needsOpposites ? ", and opposites" : "")")
    lines.append("Sees labels: \(type.supervision == .none ? "no" : "yes")")
    lines += ["", "Settings, for --set \(name).SETTING=VALUE:"]
    for setting in try Settings.defaults(of: type) {
      let accepts =
        setting.choices.isEmpty ? setting.accepts : setting.choices.joined(separator: ", ")
      let line = "\(setting.name) = \(setting.defaultValue.description)  (\(accepts))"
      lines += Prose.lines(line, width: 77, indentation: "    ").map { "  " + $0 }
    }
    if !type.variants.isEmpty {
      lines += ["", "Variants, for --method \(name)/VARIANT:"]
      for variant in type.variants {
        let line = "\(variant.name): \(variant.summary) \(variant.overrides.description)"
        lines += Prose.lines(line, width: 77, indentation: "    ").map { "  " + $0 }
      }
    }
    let bundles = Compatibility.allCases.filter { $0.overrides[name] != nil }
    if !bundles.isEmpty {
      lines += ["", "Settings of published implementations, for --compatibility:"]
      for bundle in bundles {
        let changes = bundle.overrides[name]?.description ?? ""
        lines += Prose.lines("\(bundle.rawValue): \(changes)", width: 78, indentation: "    ")
          .map { "  " + $0 }
      }
    }
    return lines
  }
}
