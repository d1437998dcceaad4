public import Activations
internal import Evaluation
internal import LinearAlgebra
public import Steering

/// Sweeps the norm of a steering vector: behaviour against helpfulness, their bounds, and where steering pays.
public struct SteeringSweepExperiment: Sendable {
  /// Where the steered distributions come from.
  public enum Source: Sendable {
    /// The sweep that the dump holds, measured by running the model; its random directions are the control.
    case exported
    /// Computed from the last states and the head. Exact for a vector of the last layer; for one of an earlier layer,
    /// whose effect on the layers between is left out, an approximation that is flagged.
    case lastLayer(LastLayer)
    /// Extrapolated along the line that each prompt's last state takes between the dump, unsteered, and another one of the
    /// same prompts that was exported under steering at a coefficient. An approximation that is flagged.
    case linearResponse(steered: ActivationDump, at: Double, coefficients: [Double])
  }

  /// A vector that is swept at the last layer.
  public struct LastLayer: Sendable {
    /// The vector.
    public var vector: [Double]
    /// The layer that it was extracted from.
    public var layer: Int
    /// What found it.
    public var method: String
    /// The strengths.
    public var coefficients: [Double]
    /// How many random directions of the same length are swept beside it.
    public var randomDirectionCount = 20
    /// Whether each state keeps its length.
    public var preservesNorm = false
    /// What is done at each strength.
    public var operation = SteeringOperation.Family.add
    /// What a coefficient of 1 means; `vector` has that length already.
    public var unit = CoefficientUnit.raw

    /// A vector to sweep.
    ///
    /// - Parameters:
    ///   - vector: The vector.
    ///   - layer: The layer that it was extracted from.
    ///   - method: What found it.
    ///   - coefficients: The strengths.
    public init(vector: [Double], layer: Int, method: String, coefficients: [Double]) {
      self.vector = vector
      self.layer = layer
      self.method = method
      self.coefficients = coefficients
    }
  }

  /// The dump.
  public var dump: ActivationDump
  /// Where the steered distributions come from.
  public var source: Source
  /// The samples whose behaviour is measured.
  public var behaviour: SampleSelection
  /// The samples whose helpfulness is measured.
  public var helpfulness: SampleSelection
  /// What is asked of the trade-off.
  public var settings = TradeoffSettings()

  /// Creates an experiment over all samples of a dump.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - source: Where the steered distributions come from.
  public init(dump: ActivationDump, source: Source = .exported) {
    self.dump = dump
    self.source = source
    behaviour = SampleSelection(all: dump)
    helpfulness = SampleSelection(all: dump)
  }

  /// Runs the experiment.
  ///
  /// - Returns: What was measured.
  /// - Throws: `ActivationsError`, `SteeringError` or ``StudyError`` for data or settings that cannot be used.
  public func run() throws -> SteeringSweepOutcome {
    let samples = Set(behaviour.samples + helpfulness.samples).sorted()
    let swept = try swept(samples)
    let outcomes = swept.outcomes
    let directPath = try directPath(
      samples, like: outcomes, isMeasured: swept.vector.isMeasured)
    let response = try swept.response.map {
      try $0.outcomes(
        head: try FinalHead(dump), answers: try PromptAnswers(dump, samples: samples),
        coefficients: outcomes.coefficients)
    }
    let groups = samples.map { dump.groups[$0] }
    let curves = SweepCurves(
      outcomes: outcomes, groups: groups,
      behaviour: Self.places(of: behaviour, in: samples) {
        outcomes.behaviour(coefficient: 0, prompt: $0) != nil
      },
      helpfulness: Self.places(of: helpfulness, in: samples) {
        outcomes.helpfulness(coefficient: 0, prompt: $0) != nil
      })
    guard !curves.behaviour.isEmpty, !curves.helpfulness.isEmpty else {
      throw StudyError.invalid(
        "a sweep needs prompts with aligned and misaligned tokens, and prompts with a right answer; of "
          + "\(dump.path), \(curves.behaviour.count) of the chosen prompts have the former and "
          + "\(curves.helpfulness.count) the latter. Export them with --aligned, --misaligned and --answer-token"
      )
    }
    let analysis = try TradeoffAnalysis(
      behaviour: try curves.behaviourCurve, helpfulness: try curves.helpfulnessCurve,
      settings: settings)
    return try SteeringSweepOutcome(
      dump: dump, vector: swept.vector, curves: curves,
      controls: swept.controls.map(curves.replacing(outcomes:)),
      approximations: [
        ("direct-path", directPath.map(curves.replacing(outcomes:))),
        ("linear-response", response.map(curves.replacing(outcomes:))),
      ], nonlinearity: swept.response?.nonlinearity, expansions: swept.expansions,
      analysis: analysis, tradeoff: settings, settings: resolvedSettings(), flags: swept.flags)
  }

  /// Distributions along a vector, and what belongs to them.
  private struct Swept {
    let vector: SweptVector
    let outcomes: SweepOutcomes
    /// Along random directions.
    let controls: [SweepOutcomes]
    /// What a little of the vector does to each prompt; `nil` where that cannot be computed.
    var expansions: [LocalExpansion]?
    /// How the last states of a measured sweep respond; `nil` where that cannot be told.
    var response: LinearResponse?
    var flags: [Flag] = []
  }

  /// A measured sweep's own vector as if it were added at the last layer, to say how far off that is; `nil` where the
  /// dump lacks what that takes.
  private func directPath(
    _ samples: [Int], like measured: SweepOutcomes, isMeasured: Bool
  ) throws -> SweepOutcomes? {
    guard isMeasured, dump.manifest.finalLayer == .preNorm, dump.arrays[.activations] != nil,
      dump.arrays[.unembedding] != nil, let vector = try dump.arrays[.sweepVector]?.values()
    else { return nil }
    let states = try lastStates(of: dump, samples)
    return try LastLayerSweep(
      head: try FinalHead(dump), states: states,
      answers: try PromptAnswers(dump, samples: samples)
    ).outcomes(along: [vector], coefficients: measured.coefficients)[0]
  }

  /// Which places among the samples are chosen and have what is measured.
  private static func places(
    of selection: SampleSelection, in samples: [Int], has: (Int) -> Bool
  ) -> [Int] {
    let chosen = Set(selection.samples)
    return samples.indices.filter { chosen.contains(samples[$0]) && has($0) }
  }

  private func swept(_ samples: [Int]) throws -> Swept {
    switch source {
    case .exported:
      let sweep = try ExportedSweep(dump, samples: samples)
      let vector = SweptVector(
        name: "exported", layer: sweep.layer, norm: norm(sweep.vector), isMeasured: true)
      return Swept(
        vector: vector, outcomes: sweep.outcomes, controls: sweep.controls,
        response: dump.arrays[.unembedding] == nil ? nil : sweep.response)
    case .linearResponse(let steered, let coefficient, let coefficients):
      return try extrapolated(
        samples, steered: steered, at: coefficient, coefficients: coefficients)
    case .lastLayer(let last):
      let layer = dump.layerCount - 1
      let states = try lastStates(of: dump, samples)
      let sweep = try LastLayerSweep(
        head: try FinalHead(dump), states: states,
        answers: try PromptAnswers(dump, samples: samples))
      let random = randomDirections(last, layer: layer)
      let found = try sweep.outcomes(
        along: [last.vector] + random, coefficients: last.coefficients,
        preservesNorm: last.preservesNorm, operation: last.operation.operation)
      var flags: [Flag] = []
      if last.operation == .add || last.operation == .addOutward,
        let flag = HalfPrecisionRange.flag(
          for: states, along: last.vector, coefficients: last.coefficients)
      {
        flags.append(flag)
      }
      if last.layer != layer {
        flags.append(.directPath(from: last.layer, to: layer))
      }
      let vector = SweptVector(
        name: last.method, layer: last.layer, norm: norm(last.vector), isMeasured: false)
      let isAddition = last.operation == .add && !last.preservesNorm
      return Swept(
        vector: vector, outcomes: found[0], controls: Array(found.dropFirst()),
        expansions: isAddition ? try sweep.expansions(along: last.vector) : nil, flags: flags)
    }
  }

  private func lastStates(of dump: ActivationDump, _ samples: [Int]) throws -> Matrix<Float> {
    guard dump.manifest.finalLayer == .preNorm else {
      throw StudyError.invalid(
        "\(dump.path) does not say that its last layer was read before the final norm "
          + "(finalLayer: \"pre-norm\"); steering adds to the state before that norm, so export it there"
      )
    }
    return try dump.activations(layer: dump.layerCount - 1, rows: samples).activations
  }

  private func extrapolated(
    _ samples: [Int], steered: ActivationDump, at coefficient: Double, coefficients: [Double]
  ) throws -> Swept {
    guard steered.sampleCount == dump.sampleCount, steered.groups == dump.groups else {
      throw StudyError.invalid(
        "\(steered.path) and \(dump.path) are not of the same prompts; export the same texts twice, once with the "
          + "vector added")
    }
    let response = try LinearResponse(
      unsteered: try lastStates(of: dump, samples), steered: try lastStates(of: steered, samples),
      at: coefficient)
    let lengths = squaredRowNorms(of: response.slopes.view).map { $0.squareRoot() }
    let vector = SweptVector(
      name: "linear-response", layer: nil, norm: SweepCurves.mean(lengths), isMeasured: false)
    return Swept(
      vector: vector,
      outcomes: try response.outcomes(
        head: try FinalHead(dump), answers: try PromptAnswers(dump, samples: samples),
        coefficients: coefficients), controls: [],
      flags: [
        Flag(
          "linear-response",
          detail:
            "each prompt's last state is taken to move along the line between \(dump.path) and "
            + "\(steered.path), which was exported at a coefficient of \(coefficient)")
      ])
  }

  private func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Random directions of the vector's own length.
  private func randomDirections(_ last: LastLayer, layer: Int) -> [[Double]] {
    let length = norm(last.vector)
    return (0..<last.randomDirectionCount).map { draw in
      RandomSteering.unit(
        width: last.vector.count, draw: UInt64(draw), seed: settings.seed, layer: layer
      ).map { $0 * length }
    }
  }

  private func resolvedSettings() -> [String: SettingValue] {
    var resolved: [String: SettingValue] = [
      "behaviour": behaviour.summary.map { .string($0) } ?? .null,
      "helpfulness": helpfulness.summary.map { .string($0) } ?? .null,
      "weight": .number(settings.weight), "tolerance": .number(settings.tolerance),
      "level": .number(settings.level), "seed": .string("\(settings.seed)"),
      "resampleCount": .integer(settings.resampleCount),
    ]
    switch source {
    case .exported: resolved["source"] = "exported"
    case .linearResponse(let steered, let coefficient, _):
      resolved["source"] = "linear-response"
      resolved["steered"] = .string(steered.path)
      resolved["steeredCoefficient"] = .number(coefficient)
    case .lastLayer(let last):
      resolved["source"] = "last-layer"
      resolved["method"] = .string(last.method)
      resolved["layer"] = .integer(last.layer)
      resolved["operation"] = .string(last.operation.rawValue)
      resolved["unit"] = .string(last.unit.rawValue)
      resolved["preservesNorm"] = .bool(last.preservesNorm)
      resolved["randomDirectionCount"] = .integer(last.randomDirectionCount)
    }
    return resolved
  }
}
