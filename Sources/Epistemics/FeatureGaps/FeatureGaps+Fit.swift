internal import Activations
internal import Evaluation
internal import LinearAlgebra

extension FeatureGaps {
  /// Learns directions from contrasts, and layers, signs and the regression from labelled answers.
  ///
  /// Files are read a layer at a time: each thread holds the contrasts of one feature, and the answers, at one layer.
  ///
  /// - Parameters:
  ///   - contrasts: Two or more pairs of each feature, without labels.
  ///   - validation: Answers with labels, both 1 and 0 among them.
  ///   - seed: The seed of random directions; the same seed and data give the same bytes.
  /// - Returns: What ``FittedFeatureGaps/scores(of:identifiers:)`` scores answers with.
  /// - Throws: ``EpistemicsError``: for samples that serve twice unless ``split`` allows it, for contrasts without a
  ///   direction at an eligible layer, for no eligible layer, and for what cannot be read.
  /// - Complexity: A leading component of the contrasts for each feature and layer, and a product of answers
  ///   with directions.
  public func fit(
    contrasts: FeatureContrasts, validation: JudgedAnswers, seed: UInt64 = 0
  ) throws(EpistemicsError) -> FittedFeatureGaps {
    try check()
    try checkApart(contrasts, validation)
    let kind = FeatureAxisKind(direction: direction, seed: seed)
    let scan = try FeatureScan(
      [kind], settings: self, contrasts: contrasts, answers: [validation.states])
    guard let scores = scan.scores[0][0] else { preconditionFailure("a scan without scores") }
    let learned = try learn(scores, labels: validation.labels, identifiers: validation.identifiers)
    var axes: [FeatureAxis] = []
    for (feature, choice) in learned.choices.enumerated() {
      guard let axis = scan.axes[choice.layer]?[feature] else {
        preconditionFailure("scores without an axis")
      }
      axes.append(axis)
    }
    return FittedFeatureGaps(
      settings: self, seed: seed,
      features: contrasts.features.indices.map { feature in
        FittedFeatureGaps.Feature(
          name: contrasts.features[feature], choice: learned.choices[feature],
          offset: axes[feature].offset, offers: learned.offers[feature],
          contrastCount: scan.contrastCounts[feature])
      }, directions: ParameterArray(Matrix(rows: axes.map(\.unit))), ensemble: learned.ensemble,
      layerCount: contrasts.layerCount, validationCount: validation.labels.count,
      attemptedCount: validation.attempted.count, trainingIdentifiers: contrasts.identifiers,
      validationIdentifiers: validation.identifiers)
  }

  func checkApart(
    _ contrasts: FeatureContrasts, _ validation: JudgedAnswers
  ) throws(EpistemicsError) {
    guard split != .paper else { return }
    try JudgedAnswers.requireApart(
      contrasts.identifiers, "the contrasts", validation.identifiers, "the validation answers")
  }
}

extension FeatureGaps {
  /// What labelled answers decide, given their scores at every layer.
  struct Learned: Sendable {
    /// By feature and place of the layer.
    var offers: [[LayerChoice]]
    /// By feature.
    var choices: [LayerChoice]
    var ensemble: LogisticEnsemble
  }

  /// Chooses layers and signs, and fits the regression.
  func learn(
    _ scores: LayeredScores, labels: [Int], identifiers: [Int]?
  ) throws(EpistemicsError) -> Learned {
    let parts = parts(labels: labels, identifiers: identifiers)
    let offers = try offers(scores, labels: parts.selection)
    let choices = Self.best(offers)
    let attempted = labels.indices.filter { parts.regression[$0] >= 0 }
    var rows: [[Double]] = []
    for (feature, choice) in choices.enumerated() {
      guard let own = scores.scores(feature: feature, layer: choice.layer) else {
        throw .noDirection(
          feature: scores.features[feature], layer: choice.layer,
          reason:
            "no layer that may be chosen is better than chance, and the layer that is fallen back "
            + "on has no contrast; set ignoredLayers to excluded")
      }
      rows.append(attempted.map { own[$0] })
    }
    let ensemble = try LogisticEnsemble(
      scores: Matrix(rows: rows).transposed(), labels: attempted.map { labels[$0] },
      inversePenalty: inversePenalty, standardize: standardize,
      maximumIterationCount: maximumIterationCount)
    return Learned(offers: offers, choices: choices, ensemble: ensemble)
  }

  /// Labels for choosing layers and for the regression, −1 where an answer does not serve.
  ///
  /// With ``Split/separateRegression`` every other sample of each class goes to the regression, a sample being
  /// all answers of one identifier.
  func parts(labels: [Int], identifiers: [Int]?) -> (selection: [Int], regression: [Int]) {
    guard split == .separateRegression else { return (labels, labels) }
    var regressionTurn = [Bool](repeating: false, count: 2)
    var serves: [Int: Bool] = [:]
    var (selection, regression) = (labels, labels)
    for (answer, label) in labels.enumerated() where label >= 0 {
      let identifier = identifiers?[answer] ?? answer
      let isRegression = serves[identifier] ?? regressionTurn[label]
      if serves[identifier] == nil {
        serves[identifier] = isRegression
        regressionTurn[label].toggle()
      }
      if isRegression { selection[answer] = -1 } else { regression[answer] = -1 }
    }
    return (selection, regression)
  }
}
