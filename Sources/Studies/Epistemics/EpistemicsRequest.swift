internal import Activations
internal import Epistemics
public import Evaluation

/// What an analysis of a study asks of scores of answers: the key `epistemics` of a recipe.
public struct EpistemicsRequest: Sendable, Equatable {
  /// Scores and the settings that differ from their defaults; those that the dump has arrays for if empty.
  public let methods: [String: SettingValue]
  /// Metrics by name, the first of which ranks; the default ones if empty.
  public let metrics: [String]
  /// The score that all others are held against; every pair if `nil`.
  public let reference: String?

  /// Reads the key.
  init(_ object: RecipeObject) throws(StudyError) {
    methods = try object.object("methods")
    metrics = try object.strings("metrics")
    reference = object.has("reference") ? try object.string("reference") : nil
  }

  /// The keys that a recipe may give.
  static let keys = ["methods", "metrics", "reference"]
}

extension EpistemicsExperiment {
  /// The experiment that a recipe asks for.
  init(_ request: EpistemicsRequest, dump: ActivationDump) throws {
    let names =
      request.methods.isEmpty
      ? AnswerScorerFactory.defaultNames(for: dump) : request.methods.keys.sorted()
    let metrics =
      request.metrics.isEmpty ? AnswerScorerFactory.defaultMetricNames : request.metrics
    self.init(
      dump: dump,
      scorers: try names.map { name in
        try AnswerScorerFactory.scorer(named: name, overrides: request.methods[name] ?? [:])
      }, metrics: try metrics.map { try AnswerScorerFactory.metric(named: $0) })
    reference = request.reference
  }
}
