internal import Activations
internal import Evaluation

extension FittedContrastConsistentSearch {
  private enum CodingKeys: String, CodingKey {
    case settings
    case normalization
    case selectedTry
    case divergedTryCount
    case trainingLosses
    case selectionLosses
    case trainingCount
    case minimizations
    case calibration
    case sign
    case network
  }

  /// Reads a fitted probe, and checks that its parts fit together.
  ///
  /// - Parameter decoder: where to read.
  /// - Throws: `DecodingError` if the tries, their losses, the weights and the normalisation do not
  ///   belong to one fit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      settings: try Self.settings(in: container),
      normalization: try container.decode(FittedNormalization.self, forKey: .normalization),
      network: try container.decode(ProbeNetwork.self, forKey: .network),
      selectedTry: try container.decode(Int.self, forKey: .selectedTry),
      trainingLosses: try container.decode([Double].self, forKey: .trainingLosses),
      selectionLosses: try container.decode([Double].self, forKey: .selectionLosses),
      divergedTryCount: try container.decode(Int.self, forKey: .divergedTryCount),
      trainingCount: try container.decode(Int.self, forKey: .trainingCount),
      minimizations: try container.decodeIfPresent([Minimization].self, forKey: .minimizations)
        ?? [],
      calibration: try container.decodeIfPresent(PlattScaling.self, forKey: .calibration),
      sign: try container.decode(Double.self, forKey: .sign))
    let tries = 0..<network.tryCount
    func require(_ condition: Bool, _ key: CodingKeys, _ expected: String) throws {
      guard condition else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "expected \(expected)")
      }
    }
    try require(tries.contains(selectedTry), .selectedTry, "one of the tries \(tries)")
    try require(trainingLosses.count == tries.count, .trainingLosses, "\(tries.count) losses")
    try require(selectionLosses.count == tries.count, .selectionLosses, "\(tries.count) losses")
    try require(
      minimizations.isEmpty || minimizations.count == tries.count, .minimizations,
      "\(tries.count) minimisations or none")
    try require(divergedTryCount >= 0, .divergedTryCount, "0 or more")
    try require(trainingCount >= 1, .trainingCount, "1 or more")
    try require(abs(sign) == 1, .sign, "1 or -1")
    try require(
      normalization.width == network.width && normalization.negative != nil, .normalization,
      "the statistics of contrast pairs of width \(network.width)")
  }

  /// The settings that were saved; those that are newer than the file have their defaults.
  private static func settings(
    in container: KeyedDecodingContainer<CodingKeys>
  ) throws -> ContrastConsistentSearch {
    let saved = try container.decode(SettingValue.self, forKey: .settings)
    do {
      return try Settings.decode(ContrastConsistentSearch.self, overrides: saved)
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .settings, in: container, debugDescription: "\(error)")
    }
  }
}
