public import Activations
internal import Epistemics
public import Evaluation

/// Compares scores of answers on answers that had no part in learning them: metrics with intervals, differences on the
/// same answers, and the controls that feature gaps must beat.
public struct EpistemicsExperiment: Sendable {
  /// The dump.
  public var dump: ActivationDump
  /// The scores.
  public var scorers: [AnswerScorer]
  /// The metrics, the first of which ranks.
  public var metrics: [any UncertaintyMetric]
  /// The name of the score that all others are held against; every pair if `nil`.
  public var reference: String?
  /// The features of feature gaps; all that the dump has contrasts of if `nil`.
  public var features: [String]?
  /// Which answers are used.
  public var selection: SampleSelection
  /// The share of answers that tests, where the dump does not say.
  public var testFraction = 0.4
  /// How many seeds of random directions feature gaps are held against; none with 0.
  public var randomCount = 20
  /// How many permutations of labels; none with 0.
  public var permutationCount = 200
  /// How many resamples are drawn for intervals, at least 100.
  public var resampleCount = 1000
  /// The seed of the split, of random directions and of resampling.
  public var seed: UInt64 = 0
  /// The level of intervals.
  public var level = 0.95

  /// Creates an experiment over all answers of a dump.
  ///
  /// - Parameters:
  ///   - dump: A dump with labels of answers.
  ///   - scorers: The scores.
  ///   - metrics: The metrics.
  public init(
    dump: ActivationDump, scorers: [AnswerScorer], metrics: [any UncertaintyMetric]
  ) {
    self.dump = dump
    self.scorers = scorers
    self.metrics = metrics
    selection = SampleSelection(all: dump)
  }

  /// Runs the experiment.
  ///
  /// - Parameter progress: Called after each score.
  /// - Returns: What was measured.
  /// - Throws: `ActivationsError`, `EpistemicsError`, `EvaluationError` or ``StudyError`` for data or settings that
  ///   cannot be used.
  public func run(
    progress: @escaping @Sendable (ExperimentProgress) -> Void = { _ in }
  ) throws -> EpistemicsOutcome {
    let names = try scorerNames()
    guard !metrics.isEmpty else { throw StudyError.usage("no metric was chosen") }
    let source = FeatureGapsSource(dump: dump, features: features)
    let parts = try AnswerParts(
      dump, selection: selection, testFraction: testFraction, isContrasted: source.isContrasted,
      seed: seed)
    let labels = try source.labels(parts.test)
    let test = parts.test.indices.filter { labels[$0] >= 0 }.map { parts.test[$0] }
    guard !test.isEmpty else {
      throw StudyError.invalid("no answer that is left for testing was attempted")
    }
    let counter = ProgressCounter(total: scorers.count, report: progress)
    var scored = try tokenScores(names, test: test)
    var gaps: [(place: Int, scores: [ScoredAnswers])] = []
    var controls: [EpistemicsControl] = []
    for (place, scorer) in scorers.enumerated() {
      switch scorer {
      case .tokens: break
      case .featureGaps(let method):
        let method = FeatureGapsSource.fitted(method, to: dump)
        let contrasts = try source.contrasts(parts)
        let judged = try source.answers(parts.judged)
        let answers = try source.answers(test)
        let fitted = try method.fit(contrasts: contrasts, validation: judged, seed: seed)
        let scores = try fitted.scores(of: answers.states, identifiers: answers.identifiers)
        gaps.append(
          (
            place,
            ScoredAnswers.ofGaps(
              scores, named: names[place], flags: fitted.flags,
              eachFeature: method.direction == .principalComponent)
          ))
        if method.direction == .principalComponent, randomCount + permutationCount > 0 {
          controls += EpistemicsControl.all(
            of: names[place],
            try method.controls(
              contrasts: contrasts, validation: judged, test: answers, randomCount: randomCount,
              permutationCount: permutationCount, seed: seed))
        }
      case .fitted(let saved):
        let answers = try source.answers(test)
        let isSame = saved.origin.fingerprint?.isShared(with: dump, digests: FileDigests()) ?? false
        let scores = try saved.fitted.scores(
          of: answers.states, identifiers: isSame ? answers.identifiers : nil)
        gaps.append(
          (
            place,
            ScoredAnswers.ofGaps(
              scores, named: names[place], flags: saved.fitted.flags, eachFeature: true)
          ))
      }
      counter.advance()
    }
    scored += gaps.map { ($0.place, $0.scores) }
    let ordered = scored.sorted { $0.place < $1.place }.flatMap(\.scores)
    return try outcome(ordered, test: test, parts: parts, controls: controls)
  }

  private func scorerNames() throws -> [String] {
    guard !scorers.isEmpty else {
      throw StudyError.usage(
        "no score was chosen, and \(dump.path) has neither contrasts for feature gaps nor the log-probabilities "
          + "and tokenCounts of answers")
    }
    var seen: Set<String> = []
    return try scorers.map { scorer in
      let name = try scorer.name.description
      guard seen.insert(name).inserted else {
        throw StudyError.usage("the score \(name) was asked for twice; name each score once")
      }
      return name
    }
  }

  private func tokenScores(
    _ names: [String], test: [Int]
  ) throws -> [(place: Int, scores: [ScoredAnswers])] {
    var wanted: [(place: Int, score: any AnswerScore)] = []
    for (place, scorer) in scorers.enumerated() {
      if case .tokens(let score) = scorer { wanted.append((place, score)) }
    }
    let found = try ScoredAnswers.ofTokens(
      wanted.map { (names[$0.place], $0.score) }, in: dump, samples: test)
    return zip(wanted, found).map { ($0.place, [$1]) }
  }

  private func outcome(
    _ scored: [ScoredAnswers], test: [Int], parts: AnswerParts, controls: [EpistemicsControl]
  ) throws -> EpistemicsOutcome {
    let usable = scored.compactMap { answers in
      answers.numbers.values.map { UncertaintyScore(answers.name, $0) }
    }
    let quality = try FeatureGapsSource(dump: dump, features: features).labels(test)
      .map { Double($0) }
    guard quality.contains(where: { $0 != quality[0] }) else {
      throw EpistemicsError.oneLabel(
        what: "the answers that are left for testing", label: Int(quality[0]),
        count: quality.count)
    }
    if let reference, !scored.contains(where: { $0.name == reference }) {
      throw StudyError.usage(
        "there is no score \(reference) to hold the others against; there are "
          + scored.map(\.name).joined(separator: ", "))
    }
    let comparison = UncertaintyComparison(
      seed: seed, level: level, resampleCount: resampleCount, reference: reference)
    let blocks = try dump.blocks().blockOfSample
    let evaluation = try comparison.evaluate(
      usable, quality: quality, groups: Grouping(test.map { blocks[$0] }), metrics: metrics)
    return EpistemicsOutcome(
      dump: dump, scored: scored, evaluation: evaluation,
      metrics: metrics.map(\.recordName), controls: controls,
      judgedCount: parts.judged.count, testCount: test.count,
      rightCount: quality.count { $0 == 1 }, selection: selection.summary,
      settings: try resolvedSettings(parts), seed: seed)
  }

  private func resolvedSettings(_ parts: AnswerParts) throws -> [String: SettingValue] {
    var methods: [String: SettingValue] = [:]
    for scorer in scorers {
      let name = try scorer.name.description
      switch scorer {
      case .tokens(let score):
        func resolved<Score: AnswerScore>(_ score: Score) throws -> SettingValue {
          try Settings.resolved(score)
        }
        methods[name] = try resolved(score)
      case .featureGaps(let method):
        methods[name] = try Settings.resolved(FeatureGapsSource.fitted(method, to: dump))
      case .fitted(let saved): methods[name] = try Settings.resolved(saved.fitted.settings)
      }
    }
    return [
      "methods": .object(methods), "metrics": .list(metrics.map { .string($0.recordName) }),
      "reference": reference.map { .string($0) } ?? .null, "split": .string(parts.summary),
      "where": selection.summary.map { .string($0) } ?? .null, "seed": .string("\(seed)"),
      "randomCount": .integer(randomCount), "permutationCount": .integer(permutationCount),
      "resampleCount": .integer(resampleCount), "level": .number(level),
    ]
  }
}
