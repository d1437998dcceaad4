public import Activations
internal import LinearAlgebra

/// The contrasts of some features at every layer: answers read under a prompt that shows a feature and under one
/// that lacks it.
public struct FeatureContrasts: Sendable {
  private enum Storage {
    case pairs([[ContrastPairs]])
    case dump(ActivationDump, samples: [Int]?)
  }

  private let storage: Storage
  /// The names of the features.
  public let features: [String]
  /// How many layers there are, embeddings included.
  public let layerCount: Int
  /// How many features a state has.
  public let width: Int
  /// Which samples the contrasts were made from, in the numbering of the validation samples; `nil` if that is
  /// not known.
  ///
  /// Groups may stand for samples, so that no question is in two sets.
  public let identifiers: [Int]?

  /// Contrasts in memory.
  ///
  /// - Parameters:
  ///   - features: For each feature its name and its pairs at each layer, layer 0 first.
  ///   - identifiers: Which samples, or groups, the pairs are of.
  /// - Throws: ``EpistemicsError/notEnough(what:count:minimum:)``,
  ///   ``EpistemicsError/repeatedFeature(name:)``, ``EpistemicsError/mismatch(what:expected:actual:)`` or
  ///   ``EpistemicsError/notFinite(what:row:column:)``.
  public init(
    _ features: [(name: String, pairs: [ContrastPairs])], identifiers: [Int]? = nil
  ) throws(EpistemicsError) {
    guard let first = features.first else {
      throw .notEnough(what: "features", count: 0, minimum: 1)
    }
    guard let width = first.pairs.first?.width, width > 0 else {
      throw .notEnough(what: "layers of contrasts", count: 0, minimum: 1)
    }
    for (place, feature) in features.enumerated() {
      if features[..<place].contains(where: { $0.name == feature.name }) {
        throw .repeatedFeature(name: feature.name)
      }
      try requireEqual(
        feature.pairs.count, first.pairs.count,
        "the layers of \"\(feature.name)\", as those of \"\(first.name)\",")
      for (layer, pairs) in feature.pairs.enumerated() {
        let what = "\"\(feature.name)\" at layer \(layer)"
        try requireEqual(pairs.width, width, "the width of \(what)")
        try requireFinite(pairs.positive, "the positive states of \(what)")
        try requireFinite(pairs.negative, "the negative states of \(what)")
      }
    }
    storage = .pairs(features.map(\.pairs))
    self.features = features.map(\.name)
    layerCount = first.pairs.count
    self.width = width
    self.identifiers = identifiers
  }

  /// The contrast sets of a dump, read a layer at a time.
  ///
  /// - Parameters:
  ///   - dump: A dump with roles `contrasts.<feature>.positive` and `.negative`.
  ///   - features: The features wanted; all, sorted, if not given.
  ///   - samples: The rows of the contrast sets to take; all if not given.
  ///   - identifiers: Which samples, or groups, these pairs are of; the dump itself does not say.
  /// - Throws: ``EpistemicsError/activations(_:)`` if a feature is not there;
  ///   ``EpistemicsError/notEnough(what:count:minimum:)`` or ``EpistemicsError/repeatedFeature(name:)``.
  public init(
    _ dump: ActivationDump, features: [String]? = nil, samples: [Int]? = nil,
    identifiers: [Int]? = nil
  ) throws(EpistemicsError) {
    let names = features ?? dump.contrastFeatures
    guard !names.isEmpty else {
      throw .notEnough(
        what: "contrast sets (roles contrasts.<feature>.positive and .negative)", count: 0,
        minimum: 1)
    }
    for (place, name) in names.enumerated() {
      if names[..<place].contains(name) { throw .repeatedFeature(name: name) }
      // A role needs a name, so that an empty one is refused before it becomes one.
      guard !name.isEmpty, dump.contrastFeatures.contains(name) else {
        throw .activations(
          .missingRoles(
            ["contrasts.\(name).positive", "contrasts.\(name).negative"],
            purpose: "the feature gap of \"\(name)\"",
            present: dump.arrays.keys.sorted().map(\.identifier)))
      }
    }
    storage = .dump(dump, samples: samples)
    self.features = names
    layerCount = dump.layerCount
    width = dump.width
    self.identifiers = identifiers
  }

  /// Reads the contrasts of a feature at a layer.
  ///
  /// - Parameters:
  ///   - feature: The place of the feature in ``features``.
  ///   - layer: The layer's number.
  /// - Returns: The pairs.
  /// - Throws: ``EpistemicsError/activations(_:)``.
  public func pairs(feature: Int, layer: Int) throws(EpistemicsError) -> ContrastPairs {
    switch storage {
    case .pairs(let pairs): return pairs[feature][layer]
    case .dump(let dump, let samples):
      return try reading { () throws(ActivationsError) in
        try dump.contrastPairs(feature: features[feature], layer: layer, rows: samples)
      }
    }
  }
}
