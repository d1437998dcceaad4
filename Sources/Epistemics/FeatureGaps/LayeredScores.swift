/// The scores of answers along the axis of every feature at every layer.
public struct LayeredScores: Sendable, Equatable {
  /// The names of the features.
  public let features: [String]
  /// The numbers of the layers, ascending.
  public let layers: [Int]
  /// By feature, place of the layer, and answer; `nil` where a feature has no direction at a layer.
  let values: [[[Double]?]]

  /// Scores of answers.
  ///
  /// - Parameters:
  ///   - features: The names of the features.
  ///   - layers: The numbers of the layers, ascending.
  ///   - values: By feature, place of the layer, and answer.
  /// - Precondition: There is a list for each feature and layer, and all lists are as long.
  public init(features: [String], layers: [Int], values: [[[Double]]]) {
    self.init(
      features: features, layers: layers, scores: values.map { $0.map { Optional($0) } })
  }

  init(features: [String], layers: [Int], scores: [[[Double]?]]) {
    precondition(
      scores.count == features.count && scores.allSatisfy { $0.count == layers.count },
      "scores for \(features.count) features at \(layers.count) layers")
    self.features = features
    self.layers = layers
    values = scores
  }

  /// The raw scores of a feature at a layer.
  ///
  /// - Parameters:
  ///   - feature: The feature's place.
  ///   - layer: The layer's number.
  /// - Returns: One score an answer; `nil` if there are none.
  public func scores(feature: Int, layer: Int) -> [Double]? {
    layers.firstIndex(of: layer).flatMap { values[feature][$0] }
  }
}
