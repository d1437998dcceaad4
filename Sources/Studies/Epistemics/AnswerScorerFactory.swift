public import Activations
internal import Epistemics
public import Evaluation

/// Makes scores of answers from their names and settings, as recipes and the command line give them.
public enum AnswerScorerFactory {
  /// A score of the catalogue, or a variant of one, with some settings changed.
  ///
  /// - Parameters:
  ///   - name: The score's identifier, and after a slash a variant's name.
  ///   - overrides: Settings as a recipe gives them; they win over the variant's.
  ///   - assignments: Settings as text; they win over `overrides`.
  /// - Returns: The score.
  /// - Throws: `EpistemicsError/unknownScore(name:known:)`, ``StudyError/usage(_:)`` for a variant that the
  ///   score does not have, or the settings' `EvaluationError`.
  public static func scorer(
    named name: String, overrides: SettingValue = [:], assignments: [String: String] = [:]
  ) throws -> AnswerScorer {
    let name = MethodName(parsing: name)
    if name.identifier == FeatureGaps.identifier {
      return .featureGaps(
        try MethodFactory.make(
          FeatureGaps.self, named: name, published: nil, overrides: overrides,
          assignments: assignments))
    }
    func make<Score: AnswerScore>(_ type: Score.Type) throws -> any AnswerScore {
      try MethodFactory.make(
        type, named: name, published: nil, overrides: overrides, assignments: assignments)
    }
    let known = AnswerScoreCatalog.identifiers + [FeatureGaps.identifier]
    guard let type = AnswerScoreCatalog.all.first(where: { $0.identifier == name.identifier })
    else { throw EpistemicsError.unknownScore(name: name.identifier, known: known) }
    return .tokens(try make(type))
  }

  /// A metric of the catalogue, or a variant of one, with some settings changed.
  ///
  /// - Parameters:
  ///   - name: The metric's identifier, and after a slash a variant's name.
  ///   - assignments: Settings as text; they win over the variant's.
  /// - Returns: The metric.
  /// - Throws: `EvaluationError` for a metric that there is not, or its settings.
  public static func metric(
    named name: String, assignments: [String: String] = [:]
  ) throws -> any UncertaintyMetric {
    let name = MethodName(parsing: name)
    // A variant has its source's own reading.
    let reading = name.variant == nil ? readings[name.identifier] ?? [:] : [:]
    func make<Metric: UncertaintyMetric>(_ type: Metric.Type) throws -> any UncertaintyMetric {
      try MethodFactory.make(
        type, named: name, published: nil, overrides: reading, assignments: assignments)
    }
    return try make(try UncertaintyMetricCatalog.metric(named: name.identifier))
  }

  /// How calibration reads the uncertainties of scores that are probabilities: of being wrong.
  private static let readings: [String: SettingValue] = [
    BrierScore.identifier: ["confidence": "complement"],
    EqualMassCalibrationError.identifier: ["confidence": "complement"],
    ExpectedCalibrationError.identifier: ["bins.confidence": "complement"],
    MaximumCalibrationError.identifier: ["bins.confidence": "complement"],
  ]

  /// The scores that a dump has the arrays for: feature gaps with its controls, and one score for each thing that tokens
  /// tell.
  ///
  /// - Parameter dump: The dump.
  /// - Returns: Names of scores; none if the dump has neither contrasts nor tokens.
  public static func defaultNames(for dump: ActivationDump) -> [String] {
    let hasGaps =
      !dump.contrastFeatures.isEmpty && dump.arrays[.activations] != nil && dump.labels != nil
    let gaps = FeatureGaps.identifier
    // The largest logits alone may leave an entropy between bounds, so it is not among the defaults without the others.
    let tokens: [any AnswerScore.Type] =
      [Perplexity.self, SequenceNegativeLogLikelihood.self, MinimumTokenProbability.self]
      + (dump.arrays[.logits] == nil ? [] : [TokenEntropy.self, ProbabilityMargin.self])
    let readable = tokens.filter { type in
      type.ingredient.sources.contains { roles in roles.allSatisfy { dump.arrays[$0] != nil } }
    }
    return (hasGaps ? [gaps, "\(gaps)/difference-of-means", "\(gaps)/random-direction"] : [])
      + readable.map { $0.identifier }
  }

  /// The metrics that are measured if none are named.
  public static let defaultMetricNames = [
    PredictionRejectionRatio.identifier, UncertaintyAreaUnderROC.identifier,
    AreaUnderAccuracyRejection.identifier, ExcessAreaUnderRiskCoverage.identifier,
    ExpectedCalibrationError.identifier, BrierScore.identifier,
  ]
}

extension AnswerScorer {
  /// Its name in results.
  ///
  /// - Throws: `EvaluationError` if a variant names a setting that the score does not have.
  public var name: MethodName {
    get throws(EvaluationError) {
      switch self {
      case .tokens(let score): try MethodFactory.name(of: score)
      case .featureGaps(let method): try MethodFactory.name(of: method)
      case .fitted(let saved): try MethodFactory.name(of: saved.fitted.settings)
      }
    }
  }
}
