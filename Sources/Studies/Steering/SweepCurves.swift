internal import Evaluation
internal import LinearAlgebra
internal import Steering

/// What was swept.
struct SweptVector: Sendable, Equatable {
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

  /// The same prompts along another vector.
  func replacing(outcomes: SweepOutcomes) -> SweepCurves {
    SweepCurves(
      outcomes: outcomes, groups: groups, behaviour: behaviour, helpfulness: helpfulness)
  }

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
    let known = Set(behaviour)
    // A prompt that has both counts once.
    let places = behaviour + helpfulness.filter { !known.contains($0) }
    return values(of: places) { outcomes.divergence[$0, $1] }.map(Self.mean)
  }

  /// The mean of something that each prompt has, by coefficient.
  func means(of places: [Int], _ value: (_ coefficient: Int, _ prompt: Int) -> Double) -> [Double] {
    values(of: places, value).map(Self.mean)
  }

  /// Mean behaviour and helpfulness where coefficients of one sign reach a mean divergence, between the coefficients
  /// that were swept.
  ///
  /// - Parameters:
  ///   - divergence: The mean divergence, in nats.
  ///   - isNegative: Whether the coefficients below 0 are meant.
  /// - Returns: The coefficient and both; `nil` if it is not reached.
  func atDivergence(
    _ divergence: Double, isNegative: Bool = false
  ) -> (coefficient: Double, behaviour: Double, helpfulness: Double)? {
    let divergences = meanDivergences
    let series = (behaviourValues.map(Self.mean), helpfulnessValues.map(Self.mean))
    let places = coefficients.indices.filter {
      isNegative ? coefficients[$0] <= 0 : coefficients[$0] >= 0
    }
    let outward = isNegative ? places.reversed() : places
    for (near, far) in zip(outward, outward.dropFirst())
    where divergences[near] <= divergence && divergences[far] >= divergence {
      let width = divergences[far] - divergences[near]
      let share = width > 0 ? (divergence - divergences[near]) / width : 0
      func between(_ values: [Double]) -> Double {
        values[near] + share * (values[far] - values[near])
      }
      return (between(coefficients), between(series.0), between(series.1))
    }
    return nil
  }

  /// By how much mean behaviour rises per unit of the coefficient, by the smallest coefficients on both sides of 0.
  private var behaviourSlope: Double? {
    guard let zero = coefficients.firstIndex(of: 0), zero > 0, zero + 1 < coefficients.count else {
      return nil
    }
    let means = behaviourValues.map(Self.mean)
    return (means[zero + 1] - means[zero - 1]) / (coefficients[zero + 1] - coefficients[zero - 1])
  }

  /// Whether behaviour rises towards negative coefficients.
  var isReversed: Bool { behaviourSlope.map { $0 < 0 } ?? false }

  /// (dB/dr)² over the mean of ½ Var, by the smallest coefficients on both sides of 0: squared gain of behaviour a nat.
  ///
  /// KL(p₀‖pᵣ) = ½ r² Var + O(r³), so that the third order cancels in the mean of the two sides.
  var efficiencyPerDivergence: MeasuredValue {
    guard let slope = behaviourSlope, let zero = coefficients.firstIndex(of: 0) else {
      return .undefined("the sweep has no coefficients on both sides of 0")
    }
    let divergences = meanDivergences
    let variance = [zero - 1, zero + 1].reduce(0) { sum, place in
      sum + divergences[place] / (coefficients[place] * coefficients[place])
    }
    guard variance > 0 else { return .undefined("the vector changes no prediction") }
    return .finite(slope * slope / (variance / 2))
  }

  /// Some of the prompts, each as often as it is named.
  func selecting(_ prompts: [Int]) -> SweepCurves {
    let kinds = (Set(behaviour), Set(helpfulness))
    return SweepCurves(
      outcomes: outcomes, groups: groups, behaviour: prompts.filter(kinds.0.contains),
      helpfulness: prompts.filter(kinds.1.contains))
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
