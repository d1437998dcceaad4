/// Compares what the arrays of a dump say about its counts.
struct DumpCounts {
  let manifest: DumpManifest
  let arrays: [ArrayRole: DumpArray]
  private let sorted: [DumpArray]

  init(manifest: DumpManifest, arrays: [ArrayRole: DumpArray]) {
    self.manifest = manifest
    self.arrays = arrays
    sorted = arrays.values.sorted { $0.role < $1.role }
  }

  /// The number of samples that all arrays agree on.
  ///
  /// The contrast sets of a feature have samples of their own: they need only agree with each other.
  mutating func sampleCount(texts: DumpTexts?) throws(ActivationsError) -> Int {
    var features: [String: [DumpArray]] = [:]
    var found: [ActivationsError.CountOfRole] = []
    for array in sorted {
      if let feature = array.role.contrastFeature {
        features[feature, default: []].append(array)
      } else if let count = array.count(of: .sample) {
        found.append(.init(role: Self.name(of: array), count: count))
      }
    }
    if let texts {
      found.append(.init(role: "texts (\(texts.path))", count: try texts.count()))
    }
    try Self.checkEqual(found, count: "samples")
    for (feature, arrays) in features.sorted(by: { $0.key < $1.key }) {
      guard arrays.count == 2 else {
        throw .invalidArray(
          role: arrays[0].role.identifier, file: arrays[0].fileDescription,
          problem: "has no counterpart; the feature \(feature) needs a positive and a negative side"
        )
      }
      try agree(arrays, on: .sample)
    }
    return found.first?.count ?? 0
  }

  /// The layers, features and wordings that all arrays agree on.
  func checkShapes() throws(ActivationsError) -> (layerCount: Int, width: Int, variantCount: Int) {
    let ownWidth: Set<String> = ["answers.embeddings"]
    let ownLayers: Set<String> = ["attention"]
    let hasWidth = sorted.filter {
      $0.axes.contains(.width) && !ownWidth.contains($0.role.identifier)
    }
    try agree(hasWidth, on: .width)
    let states = sorted.filter { $0.role.definition.isHiddenStates }
    var layers: [ActivationsError.CountOfRole] = []
    for array in states where !ownLayers.contains(array.role.identifier) {
      layers.append(.init(role: Self.name(of: array), count: array.count(of: .layer) ?? 1))
    }
    try Self.checkEqual(layers, count: "layers")
    for axis in [Axis.vocabulary, .coefficient, .direction, .answer] {
      try agree(sorted, on: axis)
    }
    try agree(sorted.filter { $0.role.identifier != "attention" }, on: .token)
    try agree(sorted.filter { $0.role.identifier.hasPrefix("topLogits.") }, on: .rank)
    try agree(sorted.filter { $0.role == .positive || $0.role == .negative }, on: .variant)
    for array in sorted { try checkSquare(array) }
    for (side, other) in [(ArrayRole.positive, ArrayRole.negative), (.negative, .positive)] {
      guard let array = arrays[side], arrays[other] == nil else { continue }
      throw .invalidArray(
        role: side.identifier, file: array.fileDescription,
        problem:
          "has no counterpart; contrast pairs need \(other) too: name it in the manifest, or "
          + "by --\(other); the states of single texts are activations instead")
    }
    if let positive = arrays[.positive], let negative = arrays[.negative],
      positive.count(of: .variant) != negative.count(of: .variant)
    {
      throw .invalidArray(
        role: "negative", file: negative.fileDescription,
        problem: "and the array positive must both have a variant axis, or neither")
    }
    return (
      layers.first?.count ?? 0, hasWidth.first?.count(of: .width) ?? 0,
      arrays[.positive]?.count(of: .variant) ?? 1
    )
  }

  /// Refuses an axis that occurs twice with two extents.
  private func checkSquare(_ array: DumpArray) throws(ActivationsError) {
    for axis in Set(array.axes).sorted(by: { $0.rawValue < $1.rawValue }) {
      let extents = zip(array.axes, array.shape).filter { $0.0 == axis }.map(\.1)
      guard Set(extents).count > 1 else { continue }
      throw .invalidArray(
        role: array.role.identifier, file: array.fileDescription,
        problem: "has the shape \(array.shape), where both axes named \(axis) must be equal")
    }
  }

  private func agree(_ arrays: [DumpArray], on axis: Axis) throws(ActivationsError) {
    let found = arrays.compactMap { array in
      array.count(of: axis).map {
        ActivationsError.CountOfRole(role: Self.name(of: array), count: $0)
      }
    }
    try Self.checkEqual(listed(axis) + found, count: Self.plural(of: axis))
  }

  /// The counts of lists of numbers in the manifest itself.
  private func listed(_ axis: Axis) -> [ActivationsError.CountOfRole] {
    manifest.roles.compactMap { role in
      guard case .numbers(let values) = manifest.arrays[role],
        role.definition.permittedAxes == [[axis]]
      else { return nil }
      return ActivationsError.CountOfRole(
        role: "\(role) (a list in the manifest)", count: values.count)
    }
  }

  private static func checkEqual(
    _ found: [ActivationsError.CountOfRole], count: String
  ) throws(ActivationsError) {
    guard Set(found.map(\.count)).count > 1 else { return }
    throw .countMismatch(count: count, found: found)
  }

  private static func name(of array: DumpArray) -> String {
    "\(array.role) (\(array.fileDescription))"
  }

  private static func plural(of axis: Axis) -> String {
    switch axis {
    case .width: "features (width)"
    case .vocabulary: "vocabulary entries"
    case .direction: "control directions"
    default: axis.rawValue + "s"
    }
  }
}

extension ArrayRoleDefinition {
  /// Whether it holds hidden states, layer by layer.
  var isHiddenStates: Bool {
    permittedAxes.contains { $0.contains(.layer) && $0.contains(.width) }
  }
}
