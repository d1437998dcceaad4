public import Evaluation

/// What is asked of a sweep.
public struct TradeoffSettings: Sendable, Codable, Equatable {
  /// How points of the curve of behaviour count.
  public var weighting = AlignmentWeighting.homoscedastic
  /// Where the curve of helpfulness ends far out.
  public var floor = HelpfulnessFloor.none
  /// w: units of helpfulness that a unit of behaviour is worth, positive.
  public var weight = 1.0
  /// ε: the loss of helpfulness that is acceptable, positive.
  public var tolerance = 0.05
  /// The chance of taking a linear term that is 0 for one that is not.
  public var significance = 0.05
  /// The coverage of intervals.
  public var level = 0.95
  /// The seed of the bootstrap.
  public var seed: UInt64 = 0
  /// How many resamples are drawn, at least 100.
  public var resampleCount = 1000

  /// The defaults.
  public init() {}
}

/// A sweep's fits, the regime in which steering pays, and the front, with intervals over prompts.
public struct TradeoffAnalysis: Sendable, Codable, Equatable {
  /// tanh through the mean behaviour.
  public let alignment: AlignmentFit
  /// The bell through the mean helpfulness.
  public let helpfulness: HelpfulnessFit
  /// The parabola through the mean helpfulness, with the test of its linear term; `nil` for fewer than three
  /// coefficients.
  public let quadratic: QuadraticFit?
  /// The orders near r = 0; `nil` without 0 or two positive coefficients.
  public let order: OrderTest?
  /// Where steering pays.
  public let regime: SteeringRegime
  /// Where w · B + P of the measured curve is largest.
  public let measuredOptimum: CurveOptimum
  /// The front of helpfulness and behaviour.
  public let pareto: ParetoCurve
  /// Every number with its interval over groups of prompts: parameters of the fits, those of the regime, and the
  /// coefficient of the knee.
  public let measurements: [Measurement]

  /// Analyses a sweep of prompts that have both behaviour and helpfulness.
  ///
  /// - Parameters:
  ///   - curve: A sweep with behaviour and helpfulness, and at least two coefficients of different size.
  ///   - settings: What is asked.
  ///   - objective: w · B + P anywhere, if it can be computed.
  /// - Throws: As ``init(behaviour:helpfulness:settings:objective:)``.
  public init(
    _ curve: TradeoffCurve, settings: TradeoffSettings = TradeoffSettings(),
    objective: ((Double) throws(SteeringError) -> Double)? = nil
  ) throws(SteeringError) {
    try self.init(
      behaviour: curve, helpfulness: curve, settings: settings, objective: objective)
  }

  /// Analyses a sweep of prompts whose behaviour is measured, and of others that show the cost.
  ///
  /// If the parabola's linear term differs from 0, it and the parabola's own −q enter the regime; otherwise h₂ is that of
  /// the bell. Resamples keep that choice.
  ///
  /// - Parameters:
  ///   - behaviourCurve: A sweep with behaviour, and at least two coefficients of different size.
  ///   - helpfulnessCurve: A sweep with helpfulness at the same coefficients; a group that both name is one group,
  ///     and is resampled as one.
  ///   - settings: What is asked.
  ///   - objective: w · B + P anywhere, if it can be computed; it refines ``measuredOptimum`` where the regime's
  ///     expansion near 0 does not hold.
  /// - Throws: ``SteeringError``.
  /// - Complexity: O(coefficients · prompts) a resample.
  public init(
    behaviour behaviourCurve: TradeoffCurve, helpfulness helpfulnessCurve: TradeoffCurve,
    settings: TradeoffSettings = TradeoffSettings(),
    objective: ((Double) throws(SteeringError) -> Double)? = nil
  ) throws(SteeringError) {
    guard settings.resampleCount >= 100 else {
      throw .invalidSetting(
        method: "trade-off", name: "resampleCount", value: "\(settings.resampleCount)",
        expected: "at least 100")
    }
    guard let behaviour = behaviourCurve.behaviour,
      let helpfulness = helpfulnessCurve.helpfulness
    else {
      throw .invalidCurve(
        what: "the sweep", place: nil, reason: "a trade-off needs behaviour and helpfulness")
    }
    let coefficients = behaviourCurve.coefficients
    guard helpfulnessCurve.coefficients == coefficients else {
      throw .invalidCurve(
        what: "the sweep", place: nil,
        reason: "behaviour and helpfulness are measured at different coefficients")
    }
    quadratic = try? QuadraticFit(
      coefficients: coefficients, helpfulness: helpfulness, groups: helpfulnessCurve.grouping)
    let usesParabola = quadratic?.linear.differsFromZero(level: settings.significance) ?? false
    let estimator = TradeoffEstimator(
      coefficients: coefficients, behaviour: behaviour, helpfulness: helpfulness,
      settings: settings, usesParabola: usesParabola)
    let estimate = try estimator.estimate(over: nil)
    alignment = estimate.alignment
    self.helpfulness = estimate.helpfulness
    regime = estimate.regime
    pareto = estimate.pareto
    let means = (
      TradeoffCurve.means(of: behaviour, over: nil), TradeoffCurve.means(of: helpfulness, over: nil)
    )
    order = try? OrderTest(
      coefficients: coefficients, behaviour: means.0, helpfulness: means.1)
    measuredOptimum = try CurveOptimum(
      coefficients: coefficients,
      values: zip(means.0, means.1).map { settings.weight * $0 + $1 },
      objective: estimate.regime.needsMeasuredCurve ? objective : nil)
    let grouping = Grouping(behaviourCurve.groups + helpfulnessCurve.groups)
    do throws(EvaluationError) {
      // Prompts that have both are counted once.
      let isOneSet = behaviourCurve == helpfulnessCurve
      measurements = try Self.measurements(
        of: estimate, estimator, grouping,
        promptCount: isOneSet ? behaviourCurve.promptCount : grouping.sampleCount, settings)
    } catch {
      throw .evaluation(error)
    }
  }

  private static func measurements(
    of estimate: TradeoffEstimate, _ estimator: TradeoffEstimator, _ groups: Grouping,
    promptCount: Int, _ settings: TradeoffSettings
  ) throws(EvaluationError) -> [Measurement] {
    let bootstrap = GroupBootstrap(
      groups: groups, seed: settings.seed, resampleCount: settings.resampleCount)
    let values = estimate.values
    let finite = values.compactMap { $0.value.finiteValue }
    let defined = values.indices.filter { values[$0].value.finiteValue != nil }
    let smooth = try bootstrap.outcomes(estimates: finite, level: settings.level) { prompts in
      guard let resampled = try? estimator.estimate(over: prompts) else {
        return [Double?](repeating: nil, count: defined.count)
      }
      let again = resampled.values
      return defined.map { again[$0].value.finiteValue }
    }
    var outcomes = [IntervalOutcome](
      repeating: IntervalOutcome(interval: nil), count: values.count)
    for (place, outcome) in zip(defined, smooth) { outcomes[place] = outcome }
    var measurements = zip(values, outcomes).map { value, outcome in
      Measurement(
        metric: value.metric, value: value.value, interval: outcome.interval,
        sampleCount: promptCount, groupCount: groups.count, flags: outcome.flags)
    }
    // The knee is one of few coefficients, and jumps.
    var knee = IntervalOutcome(interval: nil)
    if let coefficient = estimate.pareto.knee?.coefficient {
      knee = try bootstrap.outcomes(
        estimates: [coefficient], level: settings.level, ends: .percentile
      ) { prompts in [estimator.knee(over: prompts)] }[0]
    }
    measurements.append(
      Measurement(
        metric: "knee",
        value: estimate.pareto.knee.map { .finite($0.coefficient) }
          ?? .undefined("no point of the front is above the chord of its ends"),
        interval: knee.interval, sampleCount: promptCount, groupCount: groups.count,
        flags: knee.flags))
    return measurements
  }
}
