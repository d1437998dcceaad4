internal import Evaluation

/// The fits and the regime of the mean curves of some prompts.
struct TradeoffEstimate {
  let alignment: AlignmentFit
  let helpfulness: HelpfulnessFit
  let regime: SteeringRegime
  let pareto: ParetoCurve

  /// Every number of which an interval is wanted, by metric.
  var values: [(metric: String, value: MeasuredValue)] {
    let noBell = MeasuredValue.undefined("helpfulness does not fall with the square of r")
    return [
      ("alignment-slope", .finite(alignment.slope)),
      ("alignment-offset", .finite(alignment.offset)),
      ("alignment-gain", .finite(regime.gain)),
      ("helpfulness-peak", helpfulness.bell.map { .finite($0.peak) } ?? noBell),
      ("helpfulness-width", helpfulness.bell.map { .finite($0.width) } ?? noBell),
      ("helpfulness-loss", regime.loss == 0 ? noBell : .finite(regime.loss)),
      ("optimum", regime.optimum), ("net-gain", regime.netGain),
      ("break-even", regime.breakEven), ("budget", regime.budget),
      ("gain-at-budget", regime.gainAtBudget), ("efficiency", regime.efficiency),
      ("saturation", regime.saturation), ("regime-end", regime.end),
    ]
  }
}

/// Makes the fits again for any prompts, with the choices that all prompts made.
struct TradeoffEstimator {
  let coefficients: [Double]
  let behaviour: [[Double]]
  let helpfulness: [[Double]]
  let settings: TradeoffSettings
  /// Whether the linear term counts, and h₂ is that of the parabola.
  let usesParabola: Bool

  /// The fits of some prompts, of which some may occur several times; of all if `nil`.
  ///
  /// Prompts are numbered through: those with behaviour come first, then those with helpfulness.
  func estimate(over prompts: [Int]?) throws(SteeringError) -> TradeoffEstimate {
    let chosen = try parts(of: prompts)
    let meanBehaviour = TradeoffCurve.means(of: behaviour, over: chosen?.behaviour)
    let meanHelpfulness = TradeoffCurve.means(of: helpfulness, over: chosen?.helpfulness)
    let promptCount = chosen?.behaviour.count ?? behaviour[0].count
    let alignment = try AlignmentFit(
      coefficients: coefficients, behaviour: meanBehaviour,
      counts: [Int](repeating: promptCount, count: coefficients.count),
      weighting: settings.weighting)
    let bell = try HelpfulnessFit(
      coefficients: coefficients, helpfulness: meanHelpfulness, floor: settings.floor)
    var loss = bell.bell?.loss ?? 0
    var linearTerm: Double?
    if usesParabola {
      let parabola = try QuadraticFit(
        coefficients: coefficients, helpfulness: meanHelpfulness.map { [$0] },
        groups: Grouping(ungrouped: 1))
      loss = -parabola.quadratic.mean
      linearTerm = parabola.linear.mean
    }
    return TradeoffEstimate(
      alignment: alignment, helpfulness: bell,
      regime: try SteeringRegime(
        slope: alignment.slope, offset: alignment.offset, loss: loss, linearTerm: linearTerm,
        weight: settings.weight, tolerance: settings.tolerance),
      pareto: try ParetoCurve(
        coefficients: coefficients, helpfulness: meanHelpfulness, behaviour: meanBehaviour))
  }

  /// The coefficient of the knee.
  func knee(over prompts: [Int]) -> Double? {
    guard let chosen = try? parts(of: prompts) else { return nil }
    let front = try? ParetoCurve(
      coefficients: coefficients,
      helpfulness: TradeoffCurve.means(of: helpfulness, over: chosen.helpfulness),
      behaviour: TradeoffCurve.means(of: behaviour, over: chosen.behaviour))
    return front?.knee?.coefficient
  }

  /// Which of the prompts with behaviour, and which of those with helpfulness, some prompts are.
  private func parts(
    of prompts: [Int]?
  ) throws(SteeringError) -> (behaviour: [Int], helpfulness: [Int])? {
    guard let prompts else { return nil }
    let count = behaviour[0].count
    let parts = (
      behaviour: prompts.filter { $0 < count },
      helpfulness: prompts.filter { $0 >= count }.map { $0 - count }
    )
    guard !parts.behaviour.isEmpty, !parts.helpfulness.isEmpty else {
      throw .invalidCurve(
        what: "the sweep", place: nil, reason: "a resample has prompts of one kind only")
    }
    return parts
  }
}
