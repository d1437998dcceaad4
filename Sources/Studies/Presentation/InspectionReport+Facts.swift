internal import Activations

/// What an inspection says in words: whose activations these are, where they come from, and of what.
extension InspectionReport {
  /// The path, the model and the counts.
  func header() -> [String] {
    let model = inspection.model
    var facts = [
      model.name.map { "model \($0)" }, model.revision.map { "revision \(Self.compact($0))" },
      model.fingerprint.map { "fingerprint \(Self.compact($0))" },
      inspection.site.map { "site \($0)" }, inspection.token.map { "token \($0)" },
      inspection.finalLayer.map { "final layer \($0.rawValue)" },
    ].compactMap { $0 }
    if inspection.sampleCount > 0 { facts.append("\(inspection.sampleCount) samples") }
    if !inspection.layerNames.isEmpty { facts.append("\(inspection.layerNames.count) layers") }
    if inspection.width > 0 { facts.append("width \(inspection.width)") }
    if inspection.variantCount > 1 { facts.append("\(inspection.variantCount) wordings") }
    return [style.bold(inspection.path)] + Prose.lines(listing: facts, width: Self.width)
  }

  /// How the dump came about.
  func provenance() -> [String] {
    let facts = inspection.provenance.sorted { $0.key < $1.key }
    guard !facts.isEmpty else { return [] }
    return ["provenance"]
      + Prose.lines(
        listing: facts.map { "\($0.key.shortened(to: 24)): \(Self.compact($0.value))" },
        width: Self.width - 2
      ).map { "  " + $0 }
  }

  /// A text short enough for a line among others; of a digest, the beginning tells it from others.
  private static func compact(_ text: String) -> String {
    let digits = text.split(separator: ":").last ?? ""
    let isDigest = digits.count >= 32 && digits.allSatisfy { $0.isHexDigit }
    return text.shortened(to: isDigest ? text.count - digits.count + 13 : 48)
  }

  /// The samples and what else there are several of.
  func samples() -> [String] {
    var facts: [String] = []
    if !inspection.classes.isEmpty {
      // Without a label 0, −1 and 1 are more likely two classes.
      let isOfAnswers = inspection.classes.contains { $0.label == 0 }
      let classes = inspection.classes.map { entry in
        let name = entry.label == -1 && isOfAnswers ? "−1 (not attempted)" : "\(entry.label)"
        return "\(entry.name ?? name): \(entry.count)"
      }
      facts.append("labels " + classes.joined(separator: ", "))
    }
    if inspection.sampleCount > 0 {
      facts.append(
        "\(inspection.groupCount) groups, \(inspection.blockCount) blocks that a split keeps whole")
    }
    if let unpaired = inspection.unpairedOppositeCount {
      facts.append(unpaired == 0 ? "every sample has an opposite" : "\(unpaired) without opposite")
    }
    for attribute in inspection.attributes {
      let counts = attribute.values.map { "\($0.name ?? "\($0.value)"): \($0.count)" }
      facts.append("\(attribute.name) " + counts.joined(separator: ", "))
    }
    let parts = DumpPart.allCases.compactMap { part in
      inspection.parts?[part.rawValue].map { "\(part.rawValue): \($0)" }
    }
    if !parts.isEmpty { facts.append("split " + parts.joined(separator: ", ")) }
    facts += contrasts + tokens + sweep
    let lines = facts.flatMap { Prose.lines($0, width: Self.width, indentation: "  ") }
    return lines + settings
  }

  private var contrasts: [String] {
    let counts = inspection.contrasts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return counts.isEmpty ? [] : ["contrast pairs " + counts.joined(separator: ", ")]
  }

  private var tokens: [String] {
    inspection.tokenCount.map { ["\($0) tokens of all samples"] } ?? []
  }

  private var sweep: [String] {
    guard let sweep = inspection.sweep, let least = sweep.coefficients.min(),
      let most = sweep.coefficients.max()
    else { return [] }
    let range = [least, most].map { bound in
      Int(exactly: bound).map(String.init) ?? NumberText.significant(bound)
    }.joined(separator: " to ")
    let controls = sweep.controlCount > 0 ? ", \(sweep.controlCount) control directions" : ""
    return ["sweep of \(sweep.coefficients.count) coefficients, \(range)\(controls)"]
  }

  /// What the manifest gives in place of arrays.
  private var settings: [String] {
    Prose.lines(
      listing: inspection.settings.map { "\($0.role) \($0.value.shortened(to: 40))" },
      width: Self.width, indentation: "  ")
  }
}
