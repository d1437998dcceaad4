/// What a user should look at in a dump, in sentences.
struct InspectionWarnings {
  let dump: ActivationDump
  let arrays: [DumpInspection.Array]
  let sweep: DumpInspection.Sweep?
  let blockCount: Int

  var all: [String] {
    arrays.flatMap(warnings(about:)) + constantLayers + samples + stored
      + SweepWarnings(roles: Set(dump.manifest.roles), sweep: sweep).all
  }

  private func warnings(about array: DumpInspection.Array) -> [String] {
    var warnings: [String] = []
    if let count = array.nonFiniteCount, count > 0, let first = array.firstNonFinite {
      let place = zip(array.axes, first).map { "\($0) \($1)" }.joined(separator: ", ")
      warnings.append(
        "\(array.role) holds \(count) NaN or infinite elements, the first at \(place); it is "
          + "refused" + Self.cause(in: array))
    }
    let bad = array.layers.filter { $0.nonFiniteCount > 0 }
    if let first = bad.first {
      let count = bad.reduce(0) { $0 + $1.nonFiniteCount }
      let place = first.firstNonFinite.map { " (row \($0[0]), column \($0[1]))" } ?? ""
      warnings.append(
        "\(array.role) holds \(count) NaN or infinite elements in layers "
          + "\(bad.map(\.name).joined(separator: ", ")), the first in layer \(first.name)\(place); "
          + "those layers are refused" + Self.cause(in: array))
    }
    let constant = array.layers.filter(\.isConstant)
    let partly = array.layers.filter { $0.constantFeatureCount > 0 && !$0.isConstant }
    if let first = partly.first {
      warnings.append(
        "\(array.role) has constant features in \(partly.count) layers (\(first.constantFeatureCount) "
          + "in layer \(first.name)); they cannot be divided by their standard deviation")
    }
    if let duplicates = array.duplicateRowCount, duplicates > 0, constant.count < array.layers.count
    {
      // Contrast sets have neither groups nor splits, but a pair that is there twice weighs double.
      warnings.append(
        "\(array.role) has \(duplicates) rows that repeat an earlier row exactly; "
          + (array.role.contrastFeature == nil
            ? "put duplicates in one group, so that a split does not part them"
            : "export each pair once"))
    }
    return warnings
  }

  /// Layers at which all rows of an array are equal; arrays with the same such layers in one sentence.
  private var constantLayers: [String] {
    var roles: [[String]: [String]] = [:]
    var order: [[String]] = []
    for array in arrays {
      let names = array.layers.filter(\.isConstant).map(\.name)
      guard !names.isEmpty else { continue }
      if roles[names] == nil { order.append(names) }
      roles[names, default: []].append(array.role.identifier)
    }
    return order.map { names in
      let owners = roles[names] ?? []
      let verb = owners.count == 1 ? "is" : "are"
      return "\(owners.joined(separator: ", ")) \(verb) the same for every sample in layers "
        + "\(names.joined(separator: ", ")); no probe can learn from them"
    }
  }

  /// What usually makes an element not finite.
  private static func cause(in array: DumpInspection.Array) -> String {
    array.elementType == "float16"
      ? ": float16 overflows beyond 65504, so export in float32" : ""
  }

  private var samples: [String] {
    var warnings: [String] = []
    let classes = dump.classCounts
    if classes.count == 1, let only = classes.first {
      warnings.append("every sample is of class \(only.label); evaluation needs two classes")
    }
    if let smallest = classes.min(by: { $0.count < $1.count }), classes.count > 1,
      smallest.count * 10 < dump.sampleCount
    {
      warnings.append(
        "class \(smallest.label) has only \(smallest.count) of \(dump.sampleCount) samples; compare "
          + "accuracies with the majority rate")
    }
    if Set(classes.map(\.label)) == [-1, 1] {
      warnings.append(
        "labels are −1 and 1, where −1 means not attempted; if they are two classes, store 0 and 1")
    }
    warnings += opposites
    if dump.sampleCount > 0, blockCount < 20 {
      warnings.append(
        "groups, opposites and equal texts leave \(blockCount) independent blocks of samples; fewer "
          + "than 20 give no interval")
    }
    if dump.width > dump.sampleCount, dump.sampleCount > 0,
      dump.arrays[.positive] != nil || dump.arrays[.activations] != nil
    {
      warnings.append(
        "there are more features (\(dump.width)) than samples (\(dump.sampleCount)); a low training "
          + "loss means nothing then")
    }
    return warnings
  }

  private var opposites: [String] {
    guard let opposites = dump.opposites else { return [] }
    var warnings: [String] = []
    let unpaired = opposites.indices.filter { opposites[$0] == nil }
    if let first = unpaired.first {
      warnings.append(
        "\(unpaired.count) of \(dump.sampleCount) samples have no opposite, the first is sample "
          + "\(first); methods that measure pairs of opposites refuse them")
    }
    let alike = opposites.enumerated().compactMap { sample, opposite -> [Int]? in
      guard let labels = dump.labels, let opposite, sample < opposite,
        labels[sample] == labels[opposite]
      else { return nil }
      return [sample, opposite, labels[sample]]
    }
    if let first = alike.first {
      warnings.append(
        "\(alike.count) \(alike.count == 1 ? "pair" : "pairs") of opposites have one label, the "
          + "first are samples \(first[0]) and \(first[1]), both of class \(first[2]); a sample and "
          + "its reverse cannot both be true: correct labels or opposites")
    }
    return warnings
  }

  private var stored: [String] {
    guard dump.layerCount > 1, dump.manifest.finalLayer == nil,
      dump.manifest.model.name != nil
    else { return [] }
    return [
      "the manifest does not say whether the last layer is before or after the final norm "
        + "(finalLayer: \"pre-norm\" or \"post-norm\"); steering needs to know"
    ]
  }
}
