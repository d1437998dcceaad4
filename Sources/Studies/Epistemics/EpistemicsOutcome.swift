public import Activations
public import Evaluation

/// What an ``EpistemicsExperiment`` measured.
public struct EpistemicsOutcome: Outcome {
  /// The dump.
  public let dump: ActivationDump
  /// No other dumps.
  public var testDumps: [ActivationDump] { [] }
  /// Every setting with its resolved value.
  public let settings: [String: SettingValue]
  /// Scores are compared all at once.
  public var isComplete: Bool { true }
  /// Whether no score has a value for every answer.
  public var isEmpty: Bool { evaluation.entries.isEmpty }
  /// Scores that are left out.
  public var warnings: [String] {
    scored.compactMap { answers in
      answers.numbers.reason.map { "\(answers.name) is left out: \($0)" }
    }
  }

  let scored: [ScoredAnswers]
  let evaluation: UncertaintyEvaluation
  /// The names of the metrics in records; the first ranks.
  let metrics: [String]
  let controls: [EpistemicsControl]
  let judgedCount: Int
  let testCount: Int
  let rightCount: Int
  /// Which answers were used; `nil` for all.
  let selection: String?
  private let seed: UInt64

  init(
    dump: ActivationDump, scored: [ScoredAnswers], evaluation: UncertaintyEvaluation,
    metrics: [String], controls: [EpistemicsControl], judgedCount: Int, testCount: Int,
    rightCount: Int, selection: String?, settings: [String: SettingValue], seed: UInt64
  ) {
    self.dump = dump
    self.scored = scored
    self.evaluation = evaluation
    self.metrics = metrics
    self.controls = controls
    self.judgedCount = judgedCount
    self.testCount = testCount
    self.rightCount = rightCount
    self.selection = selection
    self.settings = settings
    self.seed = seed
  }

  /// The metric of a score.
  func entry(_ score: String, _ metric: String) -> UncertaintyEvaluation.Entry? {
    evaluation.entries.first { $0.score == score && $0.measurement.metric == metric }
  }

  /// The name of the score with the best value of the first metric; `nil` if none has a value.
  public var best: String? {
    guard let metric = metrics.first else { return nil }
    let entries = evaluation.entries.filter { $0.measurement.metric == metric }
    let ranked = entries.filter { $0.measurement.value.finiteValue != nil }.max { first, second in
      let values = [first, second].compactMap { $0.measurement.value.finiteValue }
      return first.preference == .higher ? values[0] < values[1] : values[0] > values[1]
    }
    return ranked?.score
  }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: The metrics score by score, the controls, then the differences, in category `less OTHER`.
  public func records(study: String?, analysis: String?) -> [Record] {
    func record(
      _ measurement: Measurement, score: String, control: String? = nil, category: String? = nil
    ) -> Record {
      let name = MethodName(parsing: score)
      var record = Record(measurement, method: name.identifier)
      record.study = study
      record.analysis = analysis
      record.variant = name.variant
      record.dump = dump.path
      record.control = control
      record.category = category
      record.seed = seed
      let flags = scored.first { $0.name == score }?.flags ?? []
      record.flags += flags.filter { !record.flags.contains($0) }
      return record
    }
    let own = evaluation.entries.map { record($0.measurement, score: $0.score) }
    let other = controls.map { record($0.measurement, score: $0.score, control: $0.control) }
    let differences = evaluation.differences.map { difference in
      record(
        difference.measurement, score: difference.score,
        category: "less \(difference.reference)")
    }
    return own + other + differences
  }
}
