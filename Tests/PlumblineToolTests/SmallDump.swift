import Foundation
import Plumbline
import TestSupport

/// A dump of 120 contrast pairs in 60 groups, two layers, width 6, that a test can spoil.
struct SmallDump {
  let folder: TemporaryFolder
  var path: String { folder.path }

  static let sampleCount = 120
  static let layerCount = 2
  static let width = 6

  /// Writes the dump.
  ///
  /// - Parameters:
  ///   - model: The model's name in the manifest.
  ///   - width: How many features.
  /// - Throws: What writing throws.
  init(model: String = "small", width: Int = Self.width) throws {
    folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 7, stream: 1)
    let labels = (0..<Self.sampleCount).map { $0 % 2 }
    for (name, side) in [("positive", 1.0), ("negative", -1.0)] {
      var values: [Float] = []
      for label in labels {
        for layer in 0..<Self.layerCount {
          for feature in 0..<width {
            let signal = feature == 0 && layer > 0 ? side * (label == 1 ? 2 : -2) : 0
            values.append(Float(generator.nextNormal() + signal))
          }
        }
      }
      try write(values, shape: [Self.sampleCount, Self.layerCount, width], to: name)
    }
    try write(labels, to: "labels")
    try write((0..<Self.sampleCount).map { $0 / 2 }, to: "groups")
    try folder.write(Self.manifest(model: model), to: "dump.json")
  }

  /// Replaces an array by numbers.
  func write(_ values: [Float], shape: [Int], to name: String) throws {
    try NPYWriter.write(try ArrayContents(values, shape: shape), to: folder.file(name + ".npy"))
  }

  /// Replaces a role of one value a sample.
  func write(_ values: [Int], to name: String) throws {
    try NPYWriter.write(
      try ArrayContents(values.map(Int64.init), shape: [values.count]),
      to: folder.file(name + ".npy"))
  }

  /// Gives the dump opposites: the row of each sample's, −1 for none.
  func writeOpposites(_ opposites: [Int]) throws {
    try write(opposites, to: "opposites")
    try editManifest(
      "arrays: {", #"arrays: { opposites: {file: "opposites.npy", axes: ["sample"]},"#)
  }

  /// Replaces both sides by what a function says of layer and feature.
  func fillSides(_ value: (_ sample: Int, _ layer: Int, _ feature: Int) -> Float) throws {
    var values: [Float] = []
    for sample in 0..<Self.sampleCount {
      for layer in 0..<Self.layerCount {
        for feature in 0..<Self.width { values.append(value(sample, layer, feature)) }
      }
    }
    for name in ["positive", "negative"] {
      try write(values, shape: [Self.sampleCount, Self.layerCount, Self.width], to: name)
    }
  }

  /// Changes the bytes of a file.
  func edit(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
    let place = URL(filePath: folder.file(name))
    var bytes = [UInt8](try Data(contentsOf: place))
    change(&bytes)
    try Data(bytes).write(to: place)
  }

  /// Replaces words of the manifest.
  func editManifest(_ old: String, _ new: String) throws {
    let place = URL(filePath: folder.file("dump.json"))
    let text = String(decoding: try Data(contentsOf: place), as: UTF8.self)
    try folder.write(text.replacingOccurrences(of: old, with: new), to: "dump.json")
  }

  private static func manifest(model: String) -> String {
    """
    {
      format: "plumbline-dump", version: 1, model: {name: "\(model)"}, finalLayer: "pre-norm",
      arrays: {
        positive: {file: "positive.npy", axes: ["sample", "layer", "width"]},
        negative: {file: "negative.npy", axes: ["sample", "layer", "width"]},
        labels: {file: "labels.npy", axes: ["sample"]},
        groups: {file: "groups.npy", axes: ["sample"]},
      },
    }
    """
  }
}
