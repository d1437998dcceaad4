internal import TextSuggestions

/// Reads and checks the small arrays that say something about each sample.
struct SampleColumns {
  let manifest: DumpManifest
  let arrays: [ArrayRole: DumpArray]

  func labels() throws(ActivationsError) -> [Int]? {
    guard let labels = try integers(.labels) else { return nil }
    let values = reference(.labels)?.values
    for (sample, label) in labels.enumerated() {
      if let values {
        guard label >= 0, label < values.count else {
          throw invalid(
            .labels, sample,
            "is \(label), but the manifest names \(values.count) classes, 0 to \(values.count - 1)")
        }
      } else if label < -1 {
        throw invalid(
          .labels, sample,
          "is \(label); a label is a class from 0, or −1 for an answer that was not attempted")
      }
    }
    let classes = Set(labels)
    if classes.contains(-1), let other = classes.first(where: { $0 > 1 }),
      let sample = labels.firstIndex(of: other)
    {
      throw invalid(
        .labels, sample,
        "is \(other), but others are −1; labels are classes from 0, or 1, 0 and −1 for correct, "
          + "incorrect and not attempted")
    }
    return labels
  }

  func groups() throws(ActivationsError) -> [Int]? { try integers(.groups) }

  /// The categories, then the attributes by name.
  func attributes() throws(ActivationsError) -> [SampleAttribute] {
    var attributes: [SampleAttribute] = []
    for role in arrays.keys.sorted() where role == .categories || role.attributeName != nil {
      guard let values = try integers(role) else { continue }
      let attribute = SampleAttribute(
        role: role, name: reference(role)?.name, values: values, valueNames: reference(role)?.values
      )
      try check(attribute)
      if let other = attributes.first(where: { $0.isCalled(attribute.name) }) {
        throw .invalidArray(
          role: role.identifier, file: arrays[role]?.fileDescription ?? "",
          problem: "cannot be told from \(other.role), which is called \"\(attribute.name)\", too; "
            + "rename one of them")
      }
      attributes.append(attribute)
    }
    return attributes
  }

  /// Refuses values for which the manifest has no name, if it has any.
  private func check(_ attribute: SampleAttribute) throws(ActivationsError) {
    guard let names = attribute.valueNames else { return }
    for (sample, value) in attribute.values.enumerated() where !names.indices.contains(value) {
      throw invalid(
        attribute.role, sample,
        "is \(value), but the manifest names \(names.count) values, 0 to \(names.count - 1)")
    }
  }

  func opposites() throws(ActivationsError) -> [Int?]? {
    guard let opposites = try integers(.opposites) else { return nil }
    guard opposites.contains(-1) || opposites.count.isMultiple(of: 2) else {
      throw .invalidArray(
        role: ArrayRole.opposites.identifier, file: arrays[.opposites]?.fileDescription ?? "",
        problem:
          "gives each of \(opposites.count) samples an opposite, but an odd number cannot be "
          + "paired; use −1 for a sample without an opposite, or export the missing one")
    }
    for (sample, opposite) in opposites.enumerated() where opposite != -1 {
      guard opposite >= 0, opposite < opposites.count else {
        throw invalid(
          .opposites, sample,
          "is \(opposite); it must be the row number of another sample, 0 to "
            + "\(opposites.count - 1), or −1 for none")
      }
      guard opposite != sample else {
        throw invalid(
          .opposites, sample, "is the sample itself; use −1 for a sample without an opposite")
      }
      guard opposites[opposite] == sample else {
        throw invalid(
          .opposites, sample,
          "is \(opposite), whose own opposite is \(opposites[opposite]); opposites must be mutual")
      }
    }
    return opposites.map { $0 == -1 ? nil : $0 }
  }

  func parts() throws(ActivationsError) -> [DumpPart]? {
    guard let numbers = try integers(.split) else { return nil }
    var names = DumpPart.allCases
    if let values = reference(.split)?.values {
      names = []
      for value in values {
        guard let part = DumpPart(rawValue: value) else {
          throw .invalidArray(
            role: "split", file: arrays[.split]?.fileDescription ?? "",
            problem: "is said to hold \"\(value)\"; "
              + Suggestion.phrase(for: value, among: DumpPart.allCases.map(\.rawValue)))
        }
        names.append(part)
      }
    }
    var parts: [DumpPart] = []
    for (sample, number) in numbers.enumerated() {
      guard number >= 0, number < names.count else {
        let known = names.enumerated().map { "\($0.offset) \($0.element.rawValue)" }
        throw invalid(
          .split, sample, "is \(number); the values are \(known.joined(separator: ", "))")
      }
      parts.append(names[number])
    }
    return parts
  }

  /// Refuses counts of tokens that do not add up to the tokens there are.
  func checkTokenCounts() throws(ActivationsError) {
    guard let counts = try integers(.tokenCounts) else { return }
    var total = 0
    for (sample, count) in counts.enumerated() {
      guard count >= 0, count < 1 << 40 else {
        throw invalid(.tokenCounts, sample, "is \(count); a count is 0 or more")
      }
      total += count
    }
    for array in arrays.values.sorted(by: { $0.role < $1.role })
    where array.role.identifier != "attention" {
      guard let tokens = array.count(of: .token), tokens != total else { continue }
      throw .countMismatch(
        count: "tokens",
        found: [
          .init(role: "tokenCounts, added up,", count: total),
          .init(role: "\(array.role) (\(array.fileDescription))", count: tokens),
        ])
    }
  }

  /// Refuses tokens that the vocabulary, where the dump says how large it is, does not have.
  func checkVocabulary(path: String) throws(ActivationsError) {
    let sized = arrays.values.sorted { $0.role < $1.role }.first { $0.axes.contains(.vocabulary) }
    let count = sized?.count(of: .vocabulary)
    let known =
      sized.map { "\($0.role) has \(count ?? 0) vocabulary entries" }
      ?? "a token is numbered from 0"
    func isToken(_ token: Int) -> Bool { token >= 0 && count.map { token < $0 } ?? true }
    for role in [ArrayRole.answerTokens, .alignedTokens, .misalignedTokens] {
      if case .integers(let tokens) = manifest.arrays[role],
        let token = tokens.first(where: { !isToken($0) })
      {
        throw .invalidManifest(
          path: path, keyPath: "arrays.\(role)",
          problem: "names token \(token), but \(known); take both from one tokenizer and model")
      }
      for (sample, token) in (try integers(role) ?? []).enumerated() where !isToken(token) {
        throw invalid(
          role, sample, "is \(token), but \(known); take both from one tokenizer and model")
      }
    }
  }

  private func integers(_ role: ArrayRole) throws(ActivationsError) -> [Int]? {
    try arrays[role]?.integers()
  }

  private func reference(_ role: ArrayRole) -> ArrayReference? {
    guard case .array(let reference) = manifest.arrays[role] else { return nil }
    return reference
  }

  private func invalid(_ role: ArrayRole, _ sample: Int, _ problem: String) -> ActivationsError {
    .invalidValue(
      role: role.identifier, file: arrays[role]?.fileDescription ?? "", sample: sample,
      problem: problem)
  }
}
