public import Activations
public import Evaluation
internal import Steering

/// What a ``SteeringSweepExperiment`` measured.
public struct SteeringSweepOutcome: Outcome {
  /// The dump.
  public let dump: ActivationDump
  /// No other dumps.
  public var testDumps: [ActivationDump] { [] }
  /// Every setting with its resolved value.
  public let settings: [String: SettingValue]
  /// A sweep is measured whole.
  public var isComplete: Bool { true }
  /// It has values.
  public var isEmpty: Bool { false }
  /// What the sweep as a whole is flagged with.
  public var warnings: [String] { flags.map { "\($0)" } }

  let vector: SweptVector
  let curves: SweepCurves
  let controls: [SweepCurves]
  let analysis: TradeoffAnalysis
  let flags: [Flag]
  /// One point a coefficient, ascending.
  let points: [SweepPoint]
  /// Where the measured curves pass the levels of the budget and of saturation.
  let crossings: [Measurement]
  /// How far a measured sweep would be off if it were computed as if the vector were added at the last layer, or
  /// extrapolated from two of its coefficients; empty where that cannot be told.
  let approximationErrors: [Measurement]
  /// 1 − R² of how far last states move against the coefficient.
  static let nonlinearity = "response-nonlinearity"
  /// The vector against random directions of the same divergence; empty without any.
  let comparisons: [Measurement]
  /// How a little of the vector acts, and how steadily it acts on single prompts.
  let local: [Measurement]
  private let seed: UInt64

  init(
    dump: ActivationDump, vector: SweptVector, curves: SweepCurves, controls: [SweepCurves],
    approximations: [(name: String, curves: SweepCurves?)], nonlinearity: Double?,
    expansions: [LocalExpansion]?, analysis: TradeoffAnalysis, tradeoff: TradeoffSettings,
    settings: [String: SettingValue], flags: [Flag]
  ) throws {
    self.dump = dump
    self.vector = vector
    self.curves = curves
    self.controls = controls
    self.analysis = analysis
    self.settings = settings
    self.flags = flags
    seed = tradeoff.seed
    points = try SweepPoint.all(of: curves, controls: controls, settings: tradeoff)
    comparisons = try Self.comparisons(of: curves, controls: controls)
    crossings = Self.crossings(of: curves, tolerance: tradeoff.tolerance)
    approximationErrors =
      approximations.flatMap { name, other in
        other.map { Self.errors(of: name, $0, against: curves) } ?? []
      }
      + (nonlinearity.map {
        [
          Measurement(
            metric: Self.nonlinearity, value: .finite($0),
            sampleCount: curves.outcomes.promptCount,
            groupCount: Grouping(curves.groups).count)
        ]
      } ?? [])
    local = try SweepLocalMeasurements.all(of: curves, expansions: expansions)
  }

  /// How far the means of an approximation are from what was measured, at worst over the coefficients.
  private static func errors(
    of name: String, _ other: SweepCurves, against curves: SweepCurves
  ) -> [Measurement] {
    func measurement(_ what: String, _ values: (SweepCurves) -> [[Double]], _ prompts: [Int])
      -> Measurement
    {
      let means = [other, curves].map { values($0).map(SweepCurves.mean) }
      let worst = zip(means[0], means[1]).map { ($0 - $1).magnitude }.max() ?? 0
      return Measurement(
        metric: "\(name)-\(what)-error", value: .finite(worst), sampleCount: prompts.count,
        groupCount: Grouping(prompts.map { curves.groups[$0] }).count)
    }
    return [
      measurement("behaviour", { $0.behaviourValues }, curves.behaviour),
      measurement("helpfulness", { $0.helpfulnessValues }, curves.helpfulness),
    ]
  }

  /// Where the measured curves themselves pass the levels that the fits are asked for.
  private static func crossings(of curves: SweepCurves, tolerance: Double) -> [Measurement] {
    guard let zero = curves.coefficients.firstIndex(of: 0) else { return [] }
    func measurement(_ metric: String, _ value: Double?, prompts: [Int]) -> Measurement {
      Measurement(
        metric: metric, value: value.map { .finite($0) } ?? .undefined("not within the sweep"),
        sampleCount: prompts.count,
        groupCount: Grouping(prompts.map { curves.groups[$0] }).count)
    }
    let behaviour = curves.behaviourValues.map(SweepCurves.mean)
    let helpfulness = curves.helpfulnessValues.map(SweepCurves.mean)
    return [
      measurement(
        "measured-budget",
        curves.crossing(of: helpfulness, at: helpfulness[zero] - tolerance, isFalling: true),
        prompts: curves.helpfulness),
      measurement(
        "measured-saturation",
        curves.crossing(
          of: behaviour, at: SteeringRegime.saturatedBehaviour, isFalling: false),
        prompts: curves.behaviour),
    ]
  }

  /// Behaviour and helpfulness where the vector and each random direction change the distribution as much as the
  /// vector at the coefficient nearest to 1 does.
  private static func comparisons(
    of curves: SweepCurves, controls: [SweepCurves]
  ) throws -> [Measurement] {
    let positive = curves.coefficients.indices.filter { curves.coefficients[$0] > 0 }
    guard
      let place = positive.min(by: {
        (curves.coefficients[$0] - 1).magnitude < (curves.coefficients[$1] - 1).magnitude
      })
    else { return [] }
    let divergence = curves.meanDivergences[place]
    guard let own = curves.atDivergence(divergence) else { return [] }
    let reached = controls.compactMap { $0.atDivergence(divergence) }
    guard !reached.isEmpty else { return [] }
    let missed = controls.count - reached.count
    func measurement(
      _ metric: String, _ value: Double, _ random: [Double], prompts: [Int]
    ) throws -> Measurement {
      let compared = try RandomDirectionComparison(value, among: random)
      var flags = compared.flags
      if missed > 0 {
        flags.append(
          Flag(
            "divergence-not-reached",
            detail:
              "\(missed) random directions do not change the distribution as much within the sweep")
        )
      }
      return Measurement(
        metric: metric, value: .finite(value), chance: compared.randomMean,
        pValue: compared.pValue, sampleCount: prompts.count,
        groupCount: Grouping(prompts.map { curves.groups[$0] }).count, flags: flags)
    }
    return [
      try measurement(
        "behaviour-at-equal-divergence", own.behaviour, reached.map(\.behaviour),
        prompts: curves.behaviour),
      try measurement(
        "helpfulness-at-equal-divergence", own.helpfulness, reached.map(\.helpfulness),
        prompts: curves.helpfulness),
    ]
  }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: The points of the sweep by coefficient, then the fits, the regime and the comparison.
  public func records(study: String?, analysis: String?) -> [Record] {
    func record(_ measurement: Measurement, coefficient: Double?, control: String?) -> Record {
      var record = Record(measurement, method: vector.name, layer: vector.layer)
      record.study = study
      record.analysis = analysis
      record.dump = dump.path
      record.coefficient = coefficient
      record.control = control
      record.seed = seed
      record.flags += flags.filter { !record.flags.contains($0) }
      return record
    }
    let swept = points.flatMap { point in
      point.measurements.map {
        record($0, coefficient: point.coefficient, control: nil)
      }
        + point.controls.map {
          record($0, coefficient: point.coefficient, control: RandomSteering.identifier)
        }
    }
    return swept
      + (self.analysis.measurements + crossings + approximationErrors + comparisons + local).map {
        record($0, coefficient: nil, control: nil)
      }
  }
}
