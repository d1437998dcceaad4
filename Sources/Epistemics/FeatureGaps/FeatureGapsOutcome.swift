public import Evaluation
internal import LinearAlgebra

/// What one kind of direction is worth on test answers, layers and regression having been learned on
/// validation answers.
public struct FeatureGapsOutcome: Sendable, Codable, Equatable {
  /// One feature alone.
  public struct Feature: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// The layer and the sign that were chosen, and what they were worth on the validation answers.
    public let choice: LayerChoice
    /// The area of the signed score on the test answers, from 0 to 1; higher is better.
    public let areaUnderROC: MeasuredValue
    /// The prediction rejection ratio there, at most 1; higher is better.
    public let predictionRejectionRatio: MeasuredValue
  }

  /// Each feature alone.
  public let features: [Feature]
  /// The area of the regression's confidence on the test answers.
  public let areaUnderROC: MeasuredValue
  /// The prediction rejection ratio of the regression's confidence there.
  public let predictionRejectionRatio: MeasuredValue
  /// The regression.
  public let ensemble: LogisticEnsemble
  /// The logit of each test answer that was attempted, in their order; higher is more certain.
  public let logits: [Double]
}

/// The scores of validation and test answers along one kind of direction at every layer: what remains of states
/// once directions are known, and all that layers, signs and regression are learned from.
public struct FeatureGapsTrial: Sendable {
  private let settings: FeatureGaps
  private let validation: LayeredScores
  private let validationIdentifiers: [Int]?
  private let test: LayeredScores
  private let testLabels: [Int]

  /// Collects scores.
  ///
  /// - Parameters:
  ///   - settings: How layers are chosen and the regression is fitted.
  ///   - validation: Scores of the validation answers.
  ///   - validationIdentifiers: Which samples they are of; only
  ///     ``FeatureGaps/Split/separateRegression`` looks at them.
  ///   - test: Scores of the test answers, for the same features and layers.
  ///   - testLabels: 1, 0 or −1, one a test answer.
  /// - Throws: ``EpistemicsError/mismatch(what:expected:actual:)`` or
  ///   ``EpistemicsError/invalidLabel(label:sample:)``.
  public init(
    _ settings: FeatureGaps, validation: LayeredScores, validationIdentifiers: [Int]? = nil,
    test: LayeredScores, testLabels: [Int]
  ) throws(EpistemicsError) {
    try requireEqual(test.features.count, validation.features.count, "the features of the test")
    try requireEqual(test.layers.count, validation.layers.count, "the layers of the test")
    for (sample, label) in testLabels.enumerated() where label < -1 || label > 1 {
      throw .invalidLabel(label: label, sample: sample)
    }
    self.settings = settings
    self.validation = validation
    self.validationIdentifiers = validationIdentifiers
    self.test = test
    self.testLabels = testLabels
  }

  /// Learns from validation labels, and measures on the test answers.
  ///
  /// - Parameter labels: 1, 0 or −1, one a validation answer: the true ones, or permuted ones.
  /// - Returns: The outcome; metrics are undefined if all test labels agree.
  /// - Throws: ``EpistemicsError``, as ``FeatureGaps/fit(contrasts:validation:seed:)``.
  public func outcome(labels: [Int]) throws(EpistemicsError) -> FeatureGapsOutcome {
    let learned = try settings.learn(
      validation, labels: labels, identifiers: validationIdentifiers)
    let attempted = testLabels.indices.filter { testLabels[$0] >= 0 }
    let known = attempted.map { testLabels[$0] }
    var rows: [[Double]] = []
    var features: [FeatureGapsOutcome.Feature] = []
    for (feature, choice) in learned.choices.enumerated() {
      let all = test.scores(feature: feature, layer: choice.layer) ?? []
      try requireEqual(all.count, testLabels.count, "the test scores, one a label,")
      let scores = attempted.map { all[$0] }
      rows.append(scores)
      let worth = try Self.measure(scores.map { choice.sign * $0 }, labels: known)
      features.append(
        .init(
          name: test.features[feature], choice: choice, areaUnderROC: worth.area,
          predictionRejectionRatio: worth.ratio))
    }
    let logits = attempted.indices.map { answer in
      learned.ensemble.logit(of: rows.map { $0[answer] })
    }
    let worth = try Self.measure(logits, labels: known)
    return FeatureGapsOutcome(
      features: features, areaUnderROC: worth.area, predictionRejectionRatio: worth.ratio,
      ensemble: learned.ensemble, logits: logits)
  }

  /// What a confidence is worth; undefined where all labels agree.
  private static func measure(
    _ confidence: [Double], labels: [Int]
  ) throws(EpistemicsError) -> (area: MeasuredValue, ratio: MeasuredValue) {
    guard labels.contains(0), labels.contains(1) else {
      let reason = MeasuredValue.undefined(
        "all \(labels.count) attempted test answers have the same label")
      return (reason, reason)
    }
    do throws(EvaluationError) {
      return (
        .finite(try AreaUnderROC.value(scores: confidence, labels: labels.map { $0 == 1 })),
        try PredictionRejectionRatio().value(
          uncertainty: confidence.map { -$0 }, quality: labels.map { Double($0) })
      )
    } catch {
      throw .evaluation(error)
    }
  }
}
