public import Activations
internal import ArrayFiles
internal import LinearAlgebra

extension SyntheticActivations.Drawn {
  /// Writes the data as a dump: float32 `.npy` files and a manifest.
  ///
  /// - Parameters:
  ///   - folder: where to write; must exist.
  ///   - manifest: changes the manifest before it is written.
  /// - Throws: what writing throws.
  public func write(
    to folder: String, adjusting manifest: (inout DumpManifest) -> Void = { _ in }
  ) throws {
    let sampleCount = labels.count
    let width = direction.count
    for (name, side) in [("positive", true), ("negative", false)] {
      var values: [Float] = []
      values.reserveCapacity(sampleCount * layers.count * width)
      for sample in 0..<sampleCount {
        for layer in layers {
          values += (side ? layer.positive : layer.negative).row(sample)
        }
      }
      try NPYWriter.write(
        try ArrayContents(values, shape: [sampleCount, layers.count, width]),
        to: "\(folder)/\(name).npy")
    }
    for (name, numbers) in [
      ("labels", labels), ("opposites", opposites), ("categories", distractor),
    ] {
      try NPYWriter.write(
        try ArrayContents(numbers.map(Int64.init), shape: [sampleCount]),
        to: "\(folder)/\(name).npy")
    }
    let states: [Axis] = [.sample, .layer, .width]
    var written = DumpManifest(
      model: .init(name: "synthetic"), site: "residual-post", token: "last",
      arrays: [
        .positive: .array(ArrayReference(file: "positive.npy", axes: states)),
        .negative: .array(ArrayReference(file: "negative.npy", axes: states)),
        .labels: .array(ArrayReference(file: "labels.npy", axes: [.sample])),
        .opposites: .array(ArrayReference(file: "opposites.npy", axes: [.sample])),
        .categories: .array(ArrayReference(file: "categories.npy", axes: [.sample])),
      ])
    manifest(&written)
    try AtomicFile.write(Array(written.jsonText.utf8), to: "\(folder)/dump.json")
  }
}
