/// What a user should look at in a dump, in sentences.
struct InspectionWarnings {
  let dump: ActivationDump
  let arrays: [DumpInspection.Array]
  let blockCount: Int

  var all: [String] { arrays.flatMap(warnings(about:)) + samples + stored }

  private func warnings(about array: DumpInspection.Array) -> [String] {
    var warnings: [String] = []
    let bad = array.layers.filter { $0.nonFiniteCount > 0 }
    if let first = bad.first {
      let count = bad.reduce(0) { $0 + $1.nonFiniteCount }
      let place = first.firstNonFinite.map { " (row \($0[0]), column \($0[1]))" } ?? ""
      warnings.append(
        "\(array.role) holds \(count) NaN or infinite elements in layers "
          + "\(bad.map(\.name).joined(separator: ", ")), the first in layer \(first.name)\(place); "
          + "those layers are refused"
          + (array.elementType == "float16"
            ? ": float16 overflows beyond 65504, so export in float32" : ""))
    }
    let constant = array.layers.filter(\.isConstant)
    if !constant.isEmpty {
      warnings.append(
        "\(array.role) is the same for every sample in layers "
          + "\(constant.map(\.name).joined(separator: ", ")); no probe can learn from them")
    }
    let partly = array.layers.filter { $0.constantFeatureCount > 0 && !$0.isConstant }
    if let first = partly.first {
      warnings.append(
        "\(array.role) has constant features in \(partly.count) layers (\(first.constantFeatureCount) "
          + "in layer \(first.name)); they cannot be divided by their standard deviation")
    }
    if let duplicates = array.duplicateRowCount, duplicates > 0, constant.count < array.layers.count
    {
      warnings.append(
        "\(array.role) has \(duplicates) rows that repeat an earlier row exactly; put duplicates in "
          + "one group, so that a split does not part them")
    }
    return warnings
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
