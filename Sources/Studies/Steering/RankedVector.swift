internal import Evaluation
internal import Steering

/// What one vector pays on some prompts.
struct RankedVector: Sendable {
  let vector: SweptVector
  let flags: [Flag]
  /// Efficiencies, and behaviour and helpfulness at the same divergence, each with its interval.
  let measurements: [Measurement]
  /// Whether behaviour rises towards negative coefficients, and is compared there.
  let isReversed: Bool

  static let efficiency = "efficiency"
  static let behaviourAtDivergence = "behaviour-at-divergence"
  static let helpfulnessAtDivergence = "helpfulness-at-divergence"
  static let coefficientAtDivergence = "coefficient-at-divergence"

  init(
    _ vector: SweptVector, flags: [Flag], curves: SweepCurves, divergence: Double,
    settings: TradeoffSettings, isReversed: Bool? = nil
  ) throws {
    let isReversed = isReversed ?? curves.isReversed
    self.isReversed = isReversed
    self.vector = vector
    self.flags = flags
    let analysis = try TradeoffAnalysis(
      behaviour: try curves.behaviourCurve, helpfulness: try curves.helpfulnessCurve,
      settings: settings)
    let efficiency = analysis.measurements.filter { $0.metric == Self.efficiency }
    let prompts = Array(Set(curves.behaviour + curves.helpfulness)).sorted()
    let grouping = Grouping(prompts.map { curves.groups[$0] })
    func estimates(_ curves: SweepCurves) -> [(metric: String, value: MeasuredValue)] {
      let unreached = "the divergence of \(divergence) is not reached within the sweep"
      let found = curves.atDivergence(divergence, isNegative: isReversed)
      func value(_ number: Double?) -> MeasuredValue {
        number.map { .finite($0) } ?? .undefined(unreached)
      }
      return [
        (SweepLocalMeasurements.efficiency, curves.efficiencyPerDivergence),
        (Self.behaviourAtDivergence, value(found?.behaviour)),
        (Self.helpfulnessAtDivergence, value(found?.helpfulness)),
        (Self.coefficientAtDivergence, value(found?.coefficient)),
      ]
    }
    let values = estimates(curves)
    let bootstrap = GroupBootstrap(
      groups: grouping, seed: settings.seed, resampleCount: settings.resampleCount)
    let outcomes = try bootstrap.outcomes(
      estimates: values.map { $0.value.finiteValue ?? 0 }, level: settings.level
    ) { places in
      let resampled = curves.selecting(places.map { prompts[$0] })
      guard !resampled.behaviour.isEmpty, !resampled.helpfulness.isEmpty else {
        return [Double?](repeating: nil, count: values.count)
      }
      return estimates(resampled).map { $0.value.finiteValue }
    }
    measurements =
      efficiency
      + zip(values, outcomes).map { value, outcome in
        let isDefined = value.value.finiteValue != nil
        return Measurement(
          metric: value.metric, value: value.value,
          interval: isDefined ? outcome.interval : nil, sampleCount: prompts.count,
          groupCount: grouping.count, flags: isDefined ? outcome.flags : [])
      }
  }

  func measurement(_ metric: String) -> Measurement? {
    measurements.first { $0.metric == metric }
  }

  /// What vectors are ordered by; −∞ without a value, +∞ where nothing is lost.
  func sortingValue(_ criterion: SteeringRankingExperiment.Criterion) -> Double {
    switch measurement(criterion.rawValue)?.value {
    case .finite(let value)?: value
    case .infinite?: .infinity
    case .undefined?, nil: -.infinity
    }
  }
}
