import Evaluation
import Optimization
import Testing

/// What holds for every metric of the catalogue, with its defaults and in every variant.
@Suite struct UncertaintyMetricLaws {
  static let names = UncertaintyMetricCatalog.all.flatMap { type in
    [type.identifier] + type.variants.map { "\(type.identifier)/\($0.name)" }
  }
  /// Metrics whose least value of no worth is not a number of its own: only these have a reverse.
  static let symmetric: [String: @Sendable (Double) -> Double] = [
    "area-under-roc-curve": { 1 - $0 }, "concordance-index": { 1 - $0 },
    "kendall-tau-b": { -$0 }, "spearman-correlation": { -$0 },
  ]

  private func metric(_ name: String) throws -> any UncertaintyMetric {
    let name = MethodName(parsing: name)
    func make<Metric: UncertaintyMetric>(_ type: Metric.Type) throws -> any UncertaintyMetric {
      let variant = type.variants.first { $0.name == name.variant }
      return try Settings.decode(type, overrides: variant?.overrides ?? [:])
    }
    return try make(try UncertaintyMetricCatalog.metric(named: name.identifier))
  }

  private func kind(_ metric: any UncertaintyMetric) -> QualityKind { type(of: metric).quality }

  private func dependsOnOrder(_ name: String) -> Bool {
    // Variants that keep ties as they stand, or whose random orders are of the places.
    name.hasPrefix("prediction-rejection-ratio/") || name.hasSuffix("/uq-nlg")
      || name.hasPrefix("area-under-risk-coverage-curve/")
  }

  /// Negated probabilities with ties, and quality that is binary or has five levels between 0 and 1.
  private func answers(
    _ kind: QualityKind, seed: UInt64, tied: Bool = true
  ) -> (uncertainty: [Double], quality: [Double]) {
    var generator = SeededGenerator(seed: seed, stream: 3)
    var (uncertainty, quality) = ([Double](), [Double]())
    for _ in 0..<60 {
      let latent = generator.nextUniform()
      let reading = 2 * latent - 1 + 0.6 * generator.nextNormal()
      let noisy = 0.5 + 0.5 * reading / (1 + abs(reading))
      uncertainty.append(-(tied ? (noisy * 32).rounded() / 32 : noisy))
      quality.append(kind == .binary ? (latent > 0.45 ? 1 : 0) : (latent * 4).rounded() / 4)
    }
    return (uncertainty, quality)
  }

  @Test func namesAreInKebabCaseAndDiffer() throws {
    let names = UncertaintyMetricCatalog.identifiers
    #expect(Set(names).count == names.count)
    let records = UncertaintyMetricCatalog.all.map { $0.metric }
    #expect(Set(records).count == records.count)
    for name in names + records {
      #expect(Flag(rawValue: name)?.detail == nil && !name.contains(":"))
    }
    #expect(
      throws: EvaluationError.unknownMetric(
        name: "kendall-tau", suggestion: "kendall-tau-b", known: names)
    ) { try UncertaintyMetricCatalog.metric(named: "kendall-tau") }
  }

  @Test func variantsAreFoundAgainBySettings() throws {
    func check<Metric: UncertaintyMetric>(_ type: Metric.Type) throws {
      #expect(
        try Settings.decode(type, overrides: try Settings.resolved(type.init())) == type.init())
      for variant in type.variants {
        let metric = try Settings.decode(type, overrides: variant.overrides)
        if metric != type.init() {
          #expect(try Settings.variant(of: metric) == variant.name)
        }
      }
    }
    for type in UncertaintyMetricCatalog.all { try check(type) }
  }

  /// Oracle: the list in which each answer stands as often as it counts.
  @Test(arguments: names)
  func weightsCountAnswersSeveralTimes(name: String) throws {
    func check<Metric: UncertaintyMetric>(_ metric: Metric) throws {
      for seed in 1...6 as ClosedRange<UInt64> {
        let (u, a) = answers(Metric.quality, seed: seed)
        var generator = SeededGenerator(seed: seed, stream: 4)
        let counts = u.indices.map { _ in generator.nextIndex(below: 4) }
        let prepared = try PreparedUncertaintyMetric(metric, quality: try PreparedQuality(a))
        let weighted = try prepared.value(uncertainty: u, weights: SampleWeights(counts))
        let list = u.indices.flatMap { [Int](repeating: $0, count: counts[$0]) }
        let value = try metric.value(
          uncertainty: list.map { u[$0] }, quality: list.map { a[$0] })
        #expect(agrees(weighted, try #require(value.finiteValue), to: 1e-12))
      }
    }
    try check(try metric(name))
  }

  /// The scale of the quality is that of the answers that count.
  @Test(arguments: names)
  func answersThatDoNotCountAreNotThere(name: String) throws {
    func check<Metric: UncertaintyMetric>(_ metric: Metric) throws {
      guard Metric.quality == .real else { return }
      let (u, a) = answers(.real, seed: 15, tied: false)
      let kept = a.indices.filter { a[$0] > 0 && a[$0] < 1 }
      #expect(kept.count < a.count)
      let prepared = try PreparedUncertaintyMetric(metric, quality: try PreparedQuality(a))
      let counts = a.indices.map { kept.contains($0) ? 1 : 0 }
      let weighted = try prepared.value(uncertainty: u, weights: SampleWeights(counts))
      let value = try metric.value(uncertainty: kept.map { u[$0] }, quality: kept.map { a[$0] })
      #expect(agrees(weighted, try #require(value.finiteValue), to: 1e-12))
    }
    try check(try metric(name))
  }

  @Test(arguments: names)
  func countingEveryAnswerOnceChangesNothing(name: String) throws {
    func check<Metric: UncertaintyMetric>(_ metric: Metric) throws {
      let (u, a) = answers(Metric.quality, seed: 7)
      let prepared = try PreparedUncertaintyMetric(metric, quality: try PreparedQuality(a))
      let weighted = try prepared.value(uncertainty: u, weights: SampleWeights(once: u.count))
      #expect(try metric.value(uncertainty: u, quality: a) == weighted)
    }
    try check(try metric(name))
  }

  @Test(arguments: names)
  func theOrderOfTheAnswersChangesNothing(name: String) throws {
    let metric = try metric(name)
    let (u, a) = answers(kind(metric), seed: 8, tied: !dependsOnOrder(name))
    var generator = SeededGenerator(seed: 9)
    let order = generator.permutation(count: u.count)
    let value = try metric.value(uncertainty: u, quality: a)
    let moved = try metric.value(uncertainty: order.map { u[$0] }, quality: order.map { a[$0] })
    // Shuffled random terms are of the places, so they move by their noise.
    let tolerance = name.hasPrefix("prediction-rejection-ratio/") ? 0.05 : 1e-12
    #expect(agrees(moved, try #require(value.finiteValue), to: tolerance))
  }

  @Test(arguments: names)
  func metricsOfAnOrderDoNotChangeUnderRisingTransforms(name: String) throws {
    let metric = try metric(name)
    guard !type(of: metric).needsProbabilities else { return }
    let (u, a) = answers(kind(metric), seed: 10)
    let value = try metric.value(uncertainty: u, quality: a)
    #expect(try metric.value(uncertainty: u.map { 8 * $0 + 3 }, quality: a) == value)
    #expect(try metric.value(uncertainty: u.map { $0 * $0 * $0 }, quality: a) == value)
  }

  @Test(arguments: names)
  func equalScoresHaveTheSameNumber(name: String) throws {
    let metric = try metric(name)
    let (u, a) = answers(kind(metric), seed: 11)
    let evaluation = try UncertaintyComparison(seed: 1, resampleCount: 100).evaluate(
      [UncertaintyScore("one", u), UncertaintyScore("other", u)], quality: a,
      groups: Grouping(ungrouped: u.count), metrics: [metric])
    #expect(evaluation.entries[0].measurement == evaluation.entries[1].measurement)
    let difference = evaluation.differences[0].measurement
    #expect(difference.value == .finite(0))
    #expect(difference.interval == nil && difference.flags.contains(.zeroVariance))
  }

  /// No score does better than the quality itself, and the reverse order does worse than chance.
  @Test(arguments: names)
  func thePerfectScoreIsTheBestAndItsReverseTheWorst(name: String) throws {
    let metric = try metric(name)
    guard !type(of: metric).needsProbabilities else { return }
    let (u, a) = answers(kind(metric), seed: 12)
    let better = { type(of: metric).preference.isBetter($0, than: $1) }
    let value = try #require(try metric.value(uncertainty: u, quality: a).finiteValue)
    let best = try #require(
      try metric.value(uncertainty: a.map { -$0 }, quality: a).finiteValue)
    let worst = try #require(try metric.value(uncertainty: a, quality: a).finiteValue)
    #expect(better(best, value) && better(value, worst))
    if let reversed = Self.symmetric[name] {
      let back = try #require(try metric.value(uncertainty: u.map { -$0 }, quality: a).finiteValue)
      #expect(abs(back - reversed(value)) < 1e-14)
    }
    let perfect: [String: Double] = [
      "prr": 1, "auroc": 1, "auprc": 1, "auprc-error": 1, "e-aurc": 0, "c-index": 1, "rpp": 0,
      "kendall-tau-b": 1, "spearman": 1, "best-balanced-accuracy": 1, "tpr-at-low-fpr": 1,
      "isotonic-brier": 0,
    ]
    if let expected = perfect[metric.recordName] { #expect(abs(best - expected) < 1e-14) }
  }

  /// A score that tells nothing: the chance that a metric states is what it has.
  @Test(arguments: names)
  func aConstantScoreHasTheStatedChance(name: String) throws {
    let metric = try metric(name)
    let (_, a) = answers(kind(metric), seed: 13)
    guard let chance = metric.chance(of: try PreparedQuality(a)), !dependsOnOrder(name) else {
      return
    }
    let constant = [Double](repeating: -0.5, count: a.count)
    let value = try metric.value(uncertainty: constant, quality: a)
    if metric is KendallTauB || metric is SpearmanCorrelation {
      #expect(value == .undefined("all 60 answers have the same uncertainty"))
    } else if name == "area-under-precision-recall-curve/truth-torch-lm" {
      // One straight line from (0, 1) to (1, share): halfway between them, though the score tells nothing.
      #expect(agrees(value, 0.5 * (1 + chance)))
    } else {
      #expect(abs(try #require(value.finiteValue) - chance) < 1e-14)
    }
  }

  /// One class, or one quality, is no question: no number, or that of the released package by name.
  @Test(arguments: names, [0.0, 1])
  func answersThatAllAgreeHaveNoRanking(name: String, quality: Double) throws {
    let metric = try metric(name)
    let (u, _) = answers(.real, seed: 14)
    let same = [Double](repeating: quality, count: u.count)
    let value = try metric.value(uncertainty: u, quality: same)
    let hasValue =
      ["auarc", "rejection-accuracy", "isotonic-brier"].contains(metric.recordName)
      || type(of: metric).needsProbabilities || dependsOnOrder(name)
      || name == "area-under-roc-curve/truth-torch-lm"
    switch value {
    case .finite(let number):
      #expect(hasValue)
      // Without an order a mean is a mean.
      if metric.recordName == "auarc" { #expect(number == quality) }
    case .undefined(let reason): #expect(!hasValue && reason.contains("60 answers"))
    case .infinite: Issue.record("no metric is infinite")
    }
  }

  @Test(arguments: names)
  func badInputIsRefused(name: String) throws {
    let metric = try metric(name)
    let isRefusingNaN = ![
      "prediction-rejection-ratio/lm-polygraph", "prediction-rejection-ratio/truth-torch-lm",
      "area-under-roc-curve/truth-torch-lm",
    ].contains(name)
    #expect(throws: EvaluationError.noSamples(metric: "a metric of uncertainty")) {
      try metric.value(uncertainty: [], quality: [])
    }
    #expect(throws: EvaluationError.self) {
      try metric.value(uncertainty: [-0.1, -0.2], quality: [1, 0, 1])
    }
    if isRefusingNaN {
      #expect(throws: EvaluationError.nonFinite(what: "the uncertainty", position: 1)) {
        try metric.value(uncertainty: [-0.1, .nan, -0.3], quality: [1, 0, 1])
      }
    }
    #expect(throws: EvaluationError.nonFinite(what: "the quality", position: 2)) {
      try metric.value(uncertainty: [-0.1, -0.2, -0.3], quality: [1, 0, .infinity])
    }
    guard kind(metric) != .real else { return }
    #expect(throws: EvaluationError.self) {
      try metric.value(uncertainty: [-0.1, -0.2, -0.3], quality: [1, 0, 2])
    }
  }

  @Test(arguments: names)
  func oneAnswerIsEnoughOrIsSaidNotToBe(name: String) throws {
    let metric = try metric(name)
    let value = try metric.value(uncertainty: [-0.5], quality: [1])
    if case .finite(let number) = value { #expect(number.isFinite) }
  }
}
