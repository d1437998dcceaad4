/// A name with `{layer}` in it, matched against the names there are.
struct LayerPattern {
  let pattern: String

  /// The names that match, in the order of their layer numbers.
  func matches(
    in names: [String], role: ArrayRole, place: String
  ) throws(ActivationsError) -> [(layer: Int, name: String)] {
    let parts = pattern.split(
      separator: ArrayReference.layerPlaceholder, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw .invalidArray(
        role: role.identifier, file: place, problem: "has {layer} more than once in its name")
    }
    var found: [(layer: Int, name: String)] = []
    for name in names where name.hasPrefix(parts[0]) && name.hasSuffix(parts[1]) {
      guard name.count > parts[0].count + parts[1].count else { continue }
      let digits = name.dropFirst(parts[0].count).dropLast(parts[1].count)
      guard digits.allSatisfy({ ("0"..."9").contains($0) }), let layer = Int(digits) else {
        continue
      }
      found.append((layer, name))
    }
    found.sort { ($0.layer, $0.name) < ($1.layer, $1.name) }
    guard let first = found.first, let last = found.last else {
      throw .fileNotFound(role: role.identifier, path: place)
    }
    for (one, other) in zip(found, found.dropFirst()) where one.layer == other.layer {
      throw .invalidArray(
        role: role.identifier, file: place,
        problem: "has two files for layer \(one.layer): \(one.name) and \(other.name)")
    }
    guard last.layer - first.layer == found.count - 1 else {
      let present = Set(found.map(\.layer))
      let missing = (first.layer...last.layer).first { !present.contains($0) } ?? first.layer
      throw .invalidArray(
        role: role.identifier, file: place,
        problem: "has layers \(first.layer) to \(last.layer) but none for layer \(missing); "
          + "export it, or number the layers without gaps and name them in \"layers\"")
    }
    return found
  }
}
