internal import Activations
internal import Evaluation

extension FittedFeatureGaps {
  private enum CodingKeys: String, CodingKey {
    case settings
    case seed
    case features
    case directions
    case ensemble
    case layerCount
    case validationCount
    case attemptedCount
    case trainingIdentifiers
    case validationIdentifiers
  }

  /// Reads a fit, and checks that its parts fit together.
  ///
  /// - Parameter decoder: Where to read.
  /// - Throws: `DecodingError` if features, directions and weights do not belong to one fit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let directions = try container.decode(ParameterArray<Double>.self, forKey: .directions)
    self.init(
      settings: try Self.settings(in: container),
      seed: try container.decode(UInt64.self, forKey: .seed),
      features: try container.decode([Feature].self, forKey: .features), directions: directions,
      ensemble: try container.decode(LogisticEnsemble.self, forKey: .ensemble),
      layerCount: try container.decode(Int.self, forKey: .layerCount),
      validationCount: try container.decode(Int.self, forKey: .validationCount),
      attemptedCount: try container.decode(Int.self, forKey: .attemptedCount),
      trainingIdentifiers: try container.decodeIfPresent([Int].self, forKey: .trainingIdentifiers),
      validationIdentifiers: try container.decodeIfPresent(
        [Int].self, forKey: .validationIdentifiers))
    func require(_ condition: Bool, _ key: CodingKeys, _ expected: String) throws {
      guard condition else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "expected \(expected)")
      }
    }
    let count = features.count
    try require(count > 0, .features, "one feature or more")
    try require(
      directions.shape.count == 2 && directions.shape[0] == count && directions.shape[1] > 0,
      .directions, "a direction for each of the \(count) features")
    try require(ensemble.weights.count == count, .ensemble, "\(count) weights")
    try require(
      features.allSatisfy {
        (0..<max(0, layerCount)).contains($0.choice.layer) && abs($0.choice.sign) == 1
      }, .features, "layers below \(layerCount) and signs of 1 or -1")
  }

  /// The settings that were saved; those that are newer than the file have their defaults.
  private static func settings(
    in container: KeyedDecodingContainer<CodingKeys>
  ) throws -> FeatureGaps {
    let saved = try container.decode(SettingValue.self, forKey: .settings)
    do {
      return try Settings.decode(FeatureGaps.self, overrides: saved)
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .settings, in: container, debugDescription: "\(error)")
    }
  }
}
