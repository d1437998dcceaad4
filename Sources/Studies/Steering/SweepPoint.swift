internal import Evaluation
internal import LinearAlgebra
internal import Steering

/// What a sweep measured at one coefficient.
struct SweepPoint: Sendable {
  let coefficient: Double
  /// Behaviour, helpfulness, their bounds and the divergence.
  let measurements: [Measurement]
  /// The means over random directions.
  let controls: [Measurement]

  func value(_ metric: String) -> Double? {
    measurements.first { $0.metric == metric }?.value.finiteValue
  }

  /// Evenly spaced points, 0 and a chosen coefficient among them.
  static func thinned(
    _ points: [SweepPoint], to mostCount: Int, keeping chosen: Double? = nil
  ) -> [SweepPoint] {
    guard points.count > mostCount else { return points }
    let step = (points.count + mostCount - 3) / (mostCount - 2)
    let zero = points.firstIndex { $0.coefficient == 0 } ?? 0
    return points.enumerated().filter { place, point in
      (place - zero) % step == 0 || point.coefficient == chosen
    }.map(\.element)
  }

  static let behaviour = "behaviour"
  static let helpfulness = "helpfulness"
  static let divergence = "divergence"
  static let behaviourLower = "behaviour-lower-bound"
  static let behaviourUpper = "behaviour-upper-bound"
  static let helpfulnessUpper = "helpfulness-upper-bound"

  static func all(
    of curves: SweepCurves, controls: [SweepCurves], settings: TradeoffSettings
  ) throws(EvaluationError) -> [SweepPoint] {
    let behaviours = try measured(
      behaviour, curves.behaviourValues, groups: curves.behaviour.map { curves.groups[$0] },
      settings)
    let helpfulnesses = try measured(
      helpfulness, curves.helpfulnessValues, groups: curves.helpfulness.map { curves.groups[$0] },
      settings)
    func plain(_ metric: String, _ values: [Double], _ prompts: [Int]) -> [Measurement] {
      values.map {
        Measurement(
          metric: metric, value: .finite($0), sampleCount: prompts.count,
          groupCount: Grouping(prompts.map { curves.groups[$0] }).count)
      }
    }
    let outcomes = curves.outcomes
    let others = [
      plain(
        behaviourLower, curves.means(of: curves.behaviour) { outcomes.behaviourLower[$0, $1] },
        curves.behaviour),
      plain(
        behaviourUpper, curves.means(of: curves.behaviour) { outcomes.behaviourUpper[$0, $1] },
        curves.behaviour),
      plain(
        helpfulnessUpper,
        curves.means(of: curves.helpfulness) { outcomes.helpfulnessUpper[$0, $1] },
        curves.helpfulness),
      plain(
        divergence, curves.meanDivergences, Array(Set(curves.behaviour + curves.helpfulness))),
    ]
    func average(_ metric: String, _ values: (SweepCurves) -> [[Double]], _ prompts: [Int])
      -> [Measurement]
    {
      guard !controls.isEmpty else { return [] }
      let means = controls.map { values($0).map(SweepCurves.mean) }
      return plain(
        metric,
        curves.coefficients.indices.map { place in SweepCurves.mean(means.map { $0[place] }) },
        prompts)
    }
    let randoms = [
      average(behaviour, { $0.behaviourValues }, curves.behaviour),
      average(helpfulness, { $0.helpfulnessValues }, curves.helpfulness),
      average(divergence, { $0.meanDivergences.map { [$0] } }, curves.helpfulness),
    ]
    return curves.coefficients.enumerated().map { place, coefficient in
      SweepPoint(
        coefficient: coefficient,
        measurements: [behaviours[place], helpfulnesses[place]] + others.map { $0[place] },
        controls: randoms.filter { !$0.isEmpty }.map { $0[place] })
    }
  }

  private static func measured(
    _ metric: String, _ values: [[Double]], groups: [Int], _ settings: TradeoffSettings
  ) throws(EvaluationError) -> [Measurement] {
    let grouping = Grouping(groups)
    let bootstrap = GroupBootstrap(
      groups: grouping, seed: settings.seed, resampleCount: settings.resampleCount)
    var measurements: [Measurement] = []
    for row in values {
      let outcome = try bootstrap.outcomeOfMean(row, level: settings.level)
      measurements.append(
        Measurement(
          metric: metric, value: .finite(SweepCurves.mean(row)), interval: outcome.interval,
          sampleCount: row.count, groupCount: grouping.count, flags: outcome.flags))
    }
    return measurements
  }
}
