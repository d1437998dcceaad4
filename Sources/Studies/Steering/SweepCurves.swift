internal import Evaluation
internal import LinearAlgebra
internal import Steering

/// What was swept.
struct SweptVector: Sendable {
  /// What found it.
  let name: String
  /// The layer that it is added at, or was extracted from; `nil` if that is not known.
  let layer: Int?
  /// Its length.
  let norm: Double
  /// Whether the model was run, rather than its head alone computed.
  let isMeasured: Bool
}

/// The prompts of a sweep whose behaviour, and whose helpfulness, is measured.
struct SweepCurves: Sendable {
  let outcomes: SweepOutcomes
  /// The group of each prompt.
  let groups: [Int]
  /// The places of the prompts with behaviour.
  let behaviour: [Int]
  /// The places of the prompts with helpfulness.
  let helpfulness: [Int]

  var coefficients: [Double] { outcomes.coefficients }

  /// Behaviour of each prompt that has it, at each coefficient.
  var behaviourValues: [[Double]] {
    values(of: behaviour) { outcomes.behaviour(coefficient: $0, prompt: $1) ?? 0 }
  }

  /// Helpfulness of each prompt that has it, at each coefficient.
  var helpfulnessValues: [[Double]] {
    values(of: helpfulness) { outcomes.helpfulness(coefficient: $0, prompt: $1) ?? 0 }
  }

  var behaviourCurve: TradeoffCurve {
    get throws(SteeringError) {
      try TradeoffCurve(
        coefficients: coefficients, behaviour: behaviourValues,
        groups: behaviour.map { groups[$0] })
    }
  }

  var helpfulnessCurve: TradeoffCurve {
    get throws(SteeringError) {
      try TradeoffCurve(
        coefficients: coefficients, helpfulness: helpfulnessValues,
        groups: helpfulness.map { groups[$0] })
    }
  }

  /// The mean over all prompts of KL(p₀‖pᵣ), by coefficient.
  var meanDivergences: [Double] {
    let places = Array(Set(behaviour + helpfulness)).sorted()
    return values(of: places) { outcomes.divergence[$0, $1] }.map(Self.mean)
  }

  /// The mean of something that each prompt has, by coefficient.
  func means(of places: [Int], _ value: (_ coefficient: Int, _ prompt: Int) -> Double) -> [Double] {
    values(of: places, value).map(Self.mean)
  }

  /// Mean behaviour and helpfulness where positive coefficients reach a mean divergence, between the coefficients
  /// that were swept.
  ///
  /// - Returns: `nil` if it is not reached.
  func atDivergence(_ divergence: Double) -> (behaviour: Double, helpfulness: Double)? {
    let divergences = meanDivergences
    let series = (behaviourValues.map(Self.mean), helpfulnessValues.map(Self.mean))
    let places = coefficients.indices.filter { coefficients[$0] >= 0 }
    for (low, high) in zip(places, places.dropFirst())
    where divergences[low] <= divergence && divergences[high] >= divergence {
      let width = divergences[high] - divergences[low]
      let share = width > 0 ? (divergence - divergences[low]) / width : 0
      func between(_ values: [Double]) -> Double {
        values[low] + share * (values[high] - values[low])
      }
      return (between(series.0), between(series.1))
    }
    return nil
  }

  /// The smallest positive coefficient at which a mean curve has passed a level, between those that were swept.
  ///
  /// - Parameters:
  ///   - values: The curve, one value a coefficient.
  ///   - level: What it passes.
  ///   - isFalling: Whether it passes it downwards.
  /// - Returns: `nil` if it does not within the sweep.
  func crossing(of values: [Double], at level: Double, isFalling: Bool) -> Double? {
    let places = coefficients.indices.filter { coefficients[$0] >= 0 }
    func isPast(_ place: Int) -> Bool {
      isFalling ? values[place] <= level : values[place] >= level
    }
    for (low, high) in zip(places, places.dropFirst()) where isPast(high) {
      guard !isPast(low) else { return coefficients[low] }
      let share = (level - values[low]) / (values[high] - values[low])
      return coefficients[low] + share * (coefficients[high] - coefficients[low])
    }
    return nil
  }

  private func values(
    of places: [Int], _ value: (_ coefficient: Int, _ prompt: Int) -> Double
  ) -> [[Double]] {
    coefficients.indices.map { coefficient in places.map { value(coefficient, $0) } }
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
