public import Activations
internal import Evaluation
internal import Optimization
public import Steering

/// Ranks steering vectors of several layers and methods by what they pay, on some prompts, and says on others what the
/// best of them is worth.
///
/// The best of many looks better than it is on the prompts that it was chosen by; so it is measured again on prompts
/// that had no part in the choice.
public struct SteeringRankingExperiment: Sendable {
  /// A vector to be ranked.
  public struct Candidate: Sendable {
    /// What found it.
    public var method: String
    /// The layer that it was extracted from.
    public var layer: Int
    /// The vector whose multiples are coefficients.
    public var vector: [Double]

    /// A candidate.
    ///
    /// - Parameters:
    ///   - method: What found it.
    ///   - layer: The layer that it was extracted from.
    ///   - vector: The vector whose multiples are coefficients.
    public init(method: String, layer: Int, vector: [Double]) {
      self.method = method
      self.layer = layer
      self.vector = vector
    }
  }

  /// Where the steered distributions come from.
  public enum Source: Sendable {
    /// The sweeps that dumps hold, one vector each, measured by running the model on the same prompts.
    case exported([ActivationDump])
    /// Computed at the last layer of one dump; an approximation for vectors of earlier layers.
    case lastLayer(ActivationDump, [Candidate], coefficients: [Double])
  }

  /// By which number candidates are ranked.
  public enum Criterion: String, Sendable, Codable, CaseIterable {
    /// Squared gain of behaviour over loss of helpfulness, by the fits near 0: a₁²/h₂.
    case efficiency
    /// Squared gain of behaviour a nat of divergence, near 0; it needs no helpfulness to fall.
    case efficiencyPerDivergence = "efficiency-per-divergence"
    /// Behaviour where the mean divergence is that of the settings.
    case behaviourAtDivergence = "behaviour-at-divergence"
  }

  /// Where the steered distributions come from.
  public var source: Source
  /// By which number candidates are ranked, the highest first.
  public var criterion = Criterion.efficiencyPerDivergence
  /// The mean divergence from the unsteered distribution at which behaviour and helpfulness are compared, in nats.
  public var divergence = 0.1
  /// The attribute and the value of the prompts whose behaviour is measured; all if `nil`.
  public var behaviour: (attribute: String, value: String)?
  /// The same of those whose helpfulness is measured.
  public var helpfulness: (attribute: String, value: String)?
  /// The share of groups of prompts that have no part in the choice.
  public var heldOutFraction = 0.5
  /// What is asked of each trade-off.
  public var settings = TradeoffSettings()

  /// Creates an experiment.
  ///
  /// - Parameter source: Where the steered distributions come from.
  public init(source: Source) {
    self.source = source
    settings.resampleCount = 400
  }

  /// Runs the experiment.
  ///
  /// - Returns: The candidates in order, with the numbers of the best on prompts that were held out.
  /// - Throws: `ActivationsError`, `SteeringError` or ``StudyError`` for data or settings that cannot be used.
  public func run() throws -> SteeringRankingOutcome {
    let swept = try candidates()
    guard let first = swept.first else { throw StudyError.usage("there is no vector to rank") }
    let dump = first.dump
    let parts = try parts(of: dump)
    let ranked = try swept.map { candidate in
      try RankedVector(
        candidate.vector, flags: candidate.flags,
        curves: try curves(candidate, prompts: parts.chosen), divergence: divergence,
        settings: settings)
    }.sorted { $0.sortingValue(criterion) > $1.sortingValue(criterion) }
    var heldOut: RankedVector?
    if let best = ranked.first, best.sortingValue(criterion) > -.infinity,
      let candidate = swept.first(where: { $0.vector == best.vector })
    {
      heldOut = try RankedVector(
        candidate.vector, flags: candidate.flags,
        curves: try curves(candidate, prompts: parts.heldOut), divergence: divergence,
        settings: settings, isReversed: best.isReversed)
    }
    return SteeringRankingOutcome(
      dump: dump, testDumps: dumps.filter { $0.path != dump.path }, criterion: criterion,
      divergence: divergence, ranked: ranked, heldOut: heldOut,
      promptCounts: (parts.chosen.count, parts.heldOut.count), settings: resolvedSettings(),
      seed: settings.seed)
  }

  private var dumps: [ActivationDump] {
    switch source {
    case .exported(let dumps): dumps
    case .lastLayer(let dump, _, _): [dump]
    }
  }

  /// A vector with its outcomes over all samples of its dump.
  private struct Candidates {
    let dump: ActivationDump
    let vector: SweptVector
    let outcomes: SweepOutcomes
    let flags: [Flag]
  }

  private func candidates() throws -> [Candidates] {
    switch source {
    case .exported(let dumps):
      var all: [Candidates] = []
      for dump in dumps {
        guard dump.sampleCount == dumps[0].sampleCount, dump.groups == dumps[0].groups else {
          throw StudyError.invalid(
            "\(dump.path) and \(dumps[0].path) are not of the same prompts; vectors are compared on one set"
          )
        }
        let sweep = try ExportedSweep(dump, samples: Array(0..<dump.sampleCount))
        let vector = SweptVector(
          name: dump.path, layer: sweep.layer, norm: Self.norm(sweep.vector), isMeasured: true)
        all.append(Candidates(dump: dump, vector: vector, outcomes: sweep.outcomes, flags: []))
      }
      return all
    case .lastLayer(let dump, let candidates, let coefficients):
      let layer = dump.layerCount - 1
      let samples = Array(0..<dump.sampleCount)
      let sweep = try LastLayerSweep(
        head: try FinalHead(dump),
        states: try dump.activations(layer: layer, rows: samples).activations,
        answers: try PromptAnswers(dump, samples: samples))
      let outcomes = try sweep.outcomes(
        along: candidates.map(\.vector), coefficients: coefficients)
      return zip(candidates, outcomes).map { candidate, outcomes in
        Candidates(
          dump: dump,
          vector: SweptVector(
            name: candidate.method, layer: candidate.layer, norm: Self.norm(candidate.vector),
            isMeasured: false),
          outcomes: outcomes,
          flags: candidate.layer == layer ? [] : [.directPath(from: candidate.layer, to: layer)])
      }
    }
  }

  /// The prompts that choose, and those that are held out: whole groups.
  private func parts(of dump: ActivationDump) throws -> (chosen: [Int], heldOut: [Int]) {
    let selections = try [behaviour, helpfulness].map { selection in
      try selection.map { try SampleSelection(dump, where: $0.attribute, is: $0.value) }
        ?? SampleSelection(all: dump)
    }
    let samples = Set(selections.flatMap(\.samples)).sorted()
    var generator = SeededGenerator(
      seed: settings.seed, stream: Self.splitStream)
    let split = try Split.drawing(
      from: SampleBlocks(
        sampleCount: samples.count, groups: samples.map { dump.groups[$0] }),
      labels: nil, testFraction: heldOutFraction, using: &generator)
    return (split.train.map { samples[$0] }, split.test.map { samples[$0] })
  }

  private static let splitStream: UInt64 = 301

  private func curves(_ candidate: Candidates, prompts: [Int]) throws -> SweepCurves {
    func places(_ selection: (attribute: String, value: String)?, _ has: (Int) -> Bool) throws
      -> [Int]
    {
      let chosen = try selection.map {
        Set(try SampleSelection(candidate.dump, where: $0.attribute, is: $0.value).samples)
      }
      return prompts.filter { (chosen?.contains($0) ?? true) && has($0) }
    }
    let outcomes = candidate.outcomes
    guard let zero = outcomes.unsteered else {
      throw StudyError.invalid("a sweep without a coefficient of 0 cannot be ranked")
    }
    let curves = SweepCurves(
      outcomes: outcomes, groups: candidate.dump.groups,
      behaviour: try places(behaviour) { outcomes.behaviour(coefficient: zero, prompt: $0) != nil },
      helpfulness: try places(helpfulness) {
        outcomes.helpfulness(coefficient: zero, prompt: $0) != nil
      })
    guard !curves.behaviour.isEmpty, !curves.helpfulness.isEmpty else {
      throw StudyError.invalid(
        "a ranking needs prompts with aligned and misaligned tokens, and prompts with a right answer, in both "
          + "halves of \(candidate.dump.path)")
    }
    return curves
  }

  private static func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private func resolvedSettings() -> [String: SettingValue] {
    func text(_ selection: (attribute: String, value: String)?) -> SettingValue {
      selection.map { .string("\($0.attribute) = \($0.value)") } ?? .null
    }
    var resolved: [String: SettingValue] = [
      "criterion": .string(criterion.rawValue), "divergence": .number(divergence),
      "behaviour": text(behaviour), "helpfulness": text(helpfulness),
      "heldOutFraction": .number(heldOutFraction), "seed": .string("\(settings.seed)"),
      "resampleCount": .integer(settings.resampleCount), "level": .number(settings.level),
    ]
    switch source {
    case .exported: resolved["source"] = "exported"
    case .lastLayer(_, _, let coefficients):
      resolved["source"] = "last-layer"
      resolved["coefficients"] = .list(coefficients.map { .number($0) })
    }
    return resolved
  }
}

extension Flag {
  /// A vector of an earlier layer, swept as if added at the last one.
  static func directPath(from layer: Int, to last: Int) -> Flag {
    Flag(
      "direct-path",
      detail:
        "the vector is of layer \(layer) and is swept as if added at layer \(last): what the "
        + "blocks between make of it is left out")
  }
}
