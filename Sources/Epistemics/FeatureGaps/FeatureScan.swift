internal import Activations
internal import LinearAlgebra

/// Axes of every feature and layer, and the scores of some answers along them, each layer read once.
struct FeatureScan: Sendable {
  /// The axes of the first kind, by layer's number and feature; `nil` where a layer that is only fallen back on
  /// has none.
  let axes: [Int: [FeatureAxis?]]
  /// The scores of each set of answers by kind; `nil` for a kind that lacks a direction somewhere.
  let scores: [[LayeredScores?]]
  /// How many contrasts each feature has.
  let contrastCounts: [Int]

  /// Reads contrasts and answers layer by layer, each thread one layer at a time.
  ///
  /// - Parameters:
  ///   - kinds: What the directions are. The first must have one at every eligible layer.
  ///   - settings: Which layers to read.
  ///   - contrasts: What directions are learned from.
  ///   - answers: Sets of answers.
  /// - Throws: ``EpistemicsError``: for shapes that do not fit, no eligible layer, or no direction at one.
  init(
    _ kinds: [FeatureAxisKind], settings: FeatureGaps, contrasts: FeatureContrasts,
    answers: [LayeredStates]
  ) throws(EpistemicsError) {
    for states in answers {
      try requireEqual(
        states.layerCount, contrasts.layerCount, "the layers of the answers, as of the contrasts,")
      try requireEqual(
        states.width, contrasts.width, "the width of the answers' states, as of the contrasts,")
    }
    let layers = try settings.layers(of: contrasts.layerCount)
    let reader = LayerReader(
      kinds: kinds, eligibleFrom: settings.ignoredLayerCount, contrasts: contrasts,
      answers: answers)
    let found = try Parallel.map(layers.count) { place throws(EpistemicsError) in
      try reader.read(layers[place])
    }
    axes = Dictionary(uniqueKeysWithValues: zip(layers, found.map(\.axes)))
    contrastCounts = found[0].contrastCounts
    scores = answers.indices.map { set in
      kinds.indices.map { kind in
        let values = contrasts.features.indices.map { feature in
          found.map { $0.scores[set][kind][feature] }
        }
        let isWhole = values.allSatisfy { row in
          zip(layers, row).allSatisfy { $0 < settings.ignoredLayerCount || $1 != nil }
        }
        return isWhole
          ? LayeredScores(features: contrasts.features, layers: layers, scores: values) : nil
      }
    }
  }
}

/// What one layer gives.
private struct ScannedLayer: Sendable {
  /// Of the first kind, by feature.
  var axes: [FeatureAxis?] = []
  /// By set, kind and feature.
  var scores: [[[[Double]?]]] = []
  var contrastCounts: [Int] = []
}

private struct LayerReader: Sendable {
  let kinds: [FeatureAxisKind]
  /// The first layer that may be chosen for its scores.
  let eligibleFrom: Int
  let contrasts: FeatureContrasts
  let answers: [LayeredStates]

  func read(_ layer: Int) throws(EpistemicsError) -> ScannedLayer {
    var result = ScannedLayer()
    // By feature and kind.
    var axes: [[FeatureAxis?]] = []
    for (place, name) in contrasts.features.enumerated() {
      let pairs = try contrasts.pairs(feature: place, layer: layer)
      if let identifiers = contrasts.identifiers {
        try requireEqual(
          identifiers.count, pairs.count, "the identifiers of \"\(name)\", one a contrast,")
      }
      result.contrastCounts.append(pairs.count)
      axes.append(try self.axes(of: pairs, feature: (name: name, place: place), layer: layer))
    }
    result.axes = axes.map { $0[0] }
    let known = axes.flatMap { $0.compactMap { $0 } }
    for states in answers {
      let values = FeatureAxis.scores(of: try states.states(layer: layer), along: known)
      var row = 0
      var byKind = [[[Double]?]](repeating: [], count: kinds.count)
      for own in axes {
        for (kind, axis) in own.enumerated() {
          byKind[kind].append(axis == nil ? nil : values.row(row))
          row += axis == nil ? 0 : 1
        }
      }
      result.scores.append(byKind)
    }
    return result
  }

  /// The axes of one feature; `nil` for those that may lack one and do.
  private func axes(
    of pairs: ContrastPairs, feature: (name: String, place: Int), layer: Int
  ) throws(EpistemicsError) -> [FeatureAxis?] {
    let directions = try ContrastDirections(
      pairs, needsComponent: kinds.contains { $0.direction == .principalComponent },
      feature: feature, layer: layer)
    var axes: [FeatureAxis?] = []
    for (place, kind) in kinds.enumerated() {
      let isNeeded = place == 0 && layer >= eligibleFrom
      axes.append(isNeeded ? try directions.axis(of: kind) : try? directions.axis(of: kind))
    }
    return axes
  }
}
