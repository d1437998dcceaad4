internal import Activations
public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// Fitted feature gaps: an axis for each feature at the layer that was chosen for it, and the regression.
///
/// Codable; `ParameterFile` keeps it as JSON with the directions beside it, and every number comes back bit for bit.
public struct FittedFeatureGaps: Sendable, Codable, Equatable {
  /// What `ParameterFile` calls this kind of content.
  public static let kind = FeatureGaps.identifier

  /// One feature.
  public struct Feature: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// The layer and the sign that were chosen, with what they are worth on the answers that chose them.
    public let choice: LayerChoice
    /// μ·v, which is subtracted from every dot product.
    public let offset: Double
    /// What each layer that was read had to offer.
    public let offers: [LayerChoice]
    /// How many contrasts its directions were learned from.
    public let contrastCount: Int
  }

  /// The settings of the fit.
  public let settings: FeatureGaps
  /// The seed of random directions.
  public let seed: UInt64
  /// The features, in the order of the contrasts.
  public let features: [Feature]
  /// (features, width): v at the chosen layer, of length 1.
  private let directions: ParameterArray<Double>
  /// The regression of the raw scores.
  public let ensemble: LogisticEnsemble
  /// How many layers the states have.
  public let layerCount: Int
  /// How many validation answers there were.
  public let validationCount: Int
  /// How many of them were attempted; the others taught nothing.
  public let attemptedCount: Int
  /// Which samples, or groups, gave directions, if that is known.
  public let trainingIdentifiers: [Int]?
  /// Which samples, or groups, chose layers and fitted the regression, if that is known.
  public let validationIdentifiers: [Int]?

  init(
    settings: FeatureGaps, seed: UInt64, features: [Feature], directions: ParameterArray<Double>,
    ensemble: LogisticEnsemble, layerCount: Int, validationCount: Int, attemptedCount: Int,
    trainingIdentifiers: [Int]?, validationIdentifiers: [Int]?
  ) {
    self.settings = settings
    self.seed = seed
    self.features = features
    self.directions = directions
    self.ensemble = ensemble
    self.layerCount = layerCount
    self.validationCount = validationCount
    self.attemptedCount = attemptedCount
    self.trainingIdentifiers = trainingIdentifiers
    self.validationIdentifiers = validationIdentifiers
  }

  /// How many features a state has.
  public var width: Int { directions.shape[1] }

  /// The axis of each feature at its layer.
  public var axes: [FeatureAxis] {
    let units = directions.matrix
    return features.indices.map {
      FeatureAxis(unit: units.row($0), offset: features[$0].offset)
    }
  }

  /// Scores answers.
  ///
  /// - Parameters:
  ///   - states: The answers' averaged states under the standard prompt, at the layers and of the width of the
  ///     fit.
  ///   - identifiers: Which samples, or groups, they are of, in the numbering of the fit; `nil` if they are of
  ///     other samples.
  /// - Returns: A score a feature, and a confidence, for each answer.
  /// - Throws: ``EpistemicsError/mismatch(what:expected:actual:)``;
  ///   ``EpistemicsError/overlap(first:second:count:example:)`` for answers that the fit has seen, unless its split
  ///   is that of the paper; ``EpistemicsError/activations(_:)``.
  /// - Complexity: O(answers · width) a feature; one layer is in memory at a time.
  public func scores(
    of states: LayeredStates, identifiers: [Int]? = nil
  ) throws(EpistemicsError) -> FeatureGapScores {
    let overlap = try overlapFlags(identifiers, count: states.count)
    let scores = try rawScores(of: states)
    return FeatureGapScores(
      features: features.map(\.name), signs: features.map(\.choice.sign), scores: scores,
      ensemble: ensemble, flags: overlap)
  }

  /// Scores every token of some answers, and the answers by the mean over their tokens.
  ///
  /// The mean of token scores is the score of the mean state, so that answers have the same scores as by
  /// ``scores(of:identifiers:)`` of states averaged in float64.
  ///
  /// - Parameters:
  ///   - tokens: The states at the tokens that predict the answers, one answer after the other.
  ///   - tokenCounts: How many tokens each answer has, 1 or more.
  ///   - identifiers: As of ``scores(of:identifiers:)``.
  /// - Returns: A score a token and feature, and the scores of the answers.
  /// - Throws: ``EpistemicsError/invalidTokenCounts(problem:)``, and as ``scores(of:identifiers:)``.
  public func tokenScores(
    of tokens: LayeredStates, tokenCounts: [Int], identifiers: [Int]? = nil
  ) throws(EpistemicsError) -> TokenFeatureScores {
    try TokenFeatureScores.check(tokenCounts, total: tokens.count)
    let overlap = try overlapFlags(identifiers, count: tokenCounts.count)
    return TokenFeatureScores(
      try rawScores(of: tokens), tokenCounts: tokenCounts, features: features.map(\.name),
      signs: features.map(\.choice.sign), ensemble: ensemble, flags: overlap)
  }

  /// (rows, features), some rows at a time.
  private func rawScores(of states: LayeredStates) throws(EpistemicsError) -> Matrix<Double> {
    try requireEqual(states.layerCount, layerCount, "the layers of the states, as in the fit,")
    try requireEqual(states.width, width, "the width of the states, as in the fit,")
    var result = Matrix<Double>(rowCount: states.count, columnCount: features.count)
    let axes = axes
    let height = max(64, (1 << 22) / max(1, width))
    for layer in Set(features.map(\.choice.layer)).sorted() {
      let own = features.indices.filter { features[$0].choice.layer == layer }
      for first in stride(from: 0, to: states.count, by: height) {
        let rows = first..<min(first + height, states.count)
        let scores = FeatureAxis.scores(
          of: try states.states(layer: layer, rows: rows), along: own.map { axes[$0] })
        for (place, feature) in own.enumerated() {
          for row in rows { result[row, feature] = scores[place, row - first] }
        }
      }
    }
    return result
  }

  private func overlapFlags(_ identifiers: [Int]?, count: Int) throws(EpistemicsError) -> [Flag] {
    guard let identifiers else { return [] }
    try requireEqual(identifiers.count, count, "the identifiers, one an answer,")
    let seen = [
      ("the contrasts of the fit", trainingIdentifiers),
      ("the validation answers of the fit", validationIdentifiers),
    ]
    var shared: Set<Int> = []
    for (name, fitted) in seen {
      if settings.split != .paper {
        try JudgedAnswers.requireApart(identifiers, "the answers to score", fitted, name)
      }
      shared.formUnion(JudgedAnswers.shared(identifiers, fitted))
    }
    return shared.isEmpty
      ? [] : [Flag("includes-training-samples", detail: "\(shared.count) of the fit's samples")]
  }
}

extension FittedFeatureGaps {
  /// What was wrong or remarkable about the fit.
  public var flags: [Flag] {
    var flags: [Flag] = []
    if settings.split == .paper {
      let shared = JudgedAnswers.shared(trainingIdentifiers, validationIdentifiers).count
      flags.append(
        Flag(
          "paper-split",
          detail: "samples may serve twice; \(shared) of the contrasts are validation samples too"))
    } else if trainingIdentifiers == nil || validationIdentifiers == nil {
      flags.append(Flag("split-not-checked"))
    }
    let fallen = features.filter { $0.choice.layer < settings.ignoredLayerCount }.map(\.name)
    if !fallen.isEmpty {
      flags.append(Flag("ignored-layer-chosen", detail: fallen.joined(separator: ", ")))
    }
    if !ensemble.isConverged {
      flags.append(Flag("not-converged", detail: ensemble.stop.rawValue))
    }
    return flags
  }
}
