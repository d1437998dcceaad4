internal import Evaluation

/// How divergences of prompts become one number.
public enum DivergenceStatistic: Sendable, Codable, Equatable {
  /// Their mean.
  case mean
  /// The value that a share of prompts does not exceed, such as 0.95.
  case percentile(Double)

  /// The number of at least one value.
  func value(of values: [Double]) -> Double {
    switch self {
    case .mean: values.reduce(0, +) / Double(values.count)
    case .percentile(let share): Quantile.value(at: share, ofSorted: values.sorted())
    }
  }
}

/// The coefficient at which steering changes predictions by a given divergence.
///
/// Coefficients of vectors of different length, layer or method cannot be compared; the divergence that they
/// cause can. 1 nat at the 95th percentile is a usual choice.
public struct EqualDivergence: Sendable, Codable, Equatable {
  /// κ, in nats.
  public var divergence: Double
  /// Which divergence: it only names what the caller computes.
  public var direction: DivergenceDirection
  /// Over prompts.
  public var statistic: DivergenceStatistic
  /// How far from κ the divergence may be, as a share of κ; a lower one costs more evaluations.
  public var tolerance = 1e-6

  /// What was found.
  public struct Outcome: Sendable, Codable, Equatable {
    /// The coefficient; `nil` if no coefficient up to the limit has the divergence, as where a final norm saturates.
    public let coefficient: Double?
    /// The divergence at the coefficient; without one, the largest that was reached.
    public let divergence: Double
    /// How many coefficients were tried.
    public let evaluationCount: Int
  }

  /// A budget of divergence.
  ///
  /// - Parameters:
  ///   - divergence: κ, in nats, above 0.
  ///   - direction: Which divergence.
  ///   - statistic: Over prompts.
  /// - Throws: ``SteeringError/invalidSetting(method:name:value:expected:)``.
  public init(
    _ divergence: Double, direction: DivergenceDirection = .baseToSteered,
    statistic: DivergenceStatistic = .mean
  ) throws(SteeringError) {
    self.divergence = divergence
    self.direction = direction
    self.statistic = statistic
    try check()
  }

  /// Settings can also be assigned, so a search checks them again.
  private func check() throws(SteeringError) {
    guard divergence > 0, divergence.isFinite else {
      throw refusal("divergence", divergence, expected: "a finite number above 0, in nats")
    }
    guard tolerance > 0, tolerance < 1 else {
      throw refusal("tolerance", tolerance, expected: "between 0 and 1")
    }
    if case .percentile(let share) = statistic, !(0...1).contains(share) {
      throw refusal("percentile", share, expected: "from 0 to 1")
    }
  }

  private func refusal(_ name: String, _ value: Double, expected: String) -> SteeringError {
    .invalidSetting(
      method: "equal divergence", name: name, value: "\(value)", expected: expected)
  }

  /// The coefficient of prompts whose logits are linear in it.
  ///
  /// - Parameters:
  ///   - prompts: At least one.
  ///   - limit: The farthest coefficient to try; negative to steer the other way.
  /// - Returns: The coefficient, or the largest divergence.
  /// - Throws: As ``coefficient(limit:slopeVariance:divergences:)``.
  /// - Complexity: O(prompts · *V*) an evaluation.
  public func coefficient(
    of prompts: [LinearLogits], limit: Double
  ) throws(SteeringError) -> Outcome {
    let variances = prompts.map { $0.slopeMoments.variance }
    return try coefficient(
      limit: limit, slopeVariance: variances.reduce(0, +) / Double(max(variances.count, 1))
    ) { coefficient in
      prompts.map { $0.divergence(at: coefficient, direction: direction) }
    }
  }

  /// The coefficient at which divergences, however they are computed, have the value sought.
  ///
  /// From √(2κ/Var) outwards by doubling until κ is passed, then by halving. If the divergence is not
  /// monotone, one of the coefficients with the value is found.
  ///
  /// - Parameters:
  ///   - limit: The farthest coefficient to try, not 0; negative to steer the other way.
  ///   - slopeVariance: The mean of Var_p g, which says where to start; without it the search starts at the limit.
  ///   - divergences: One a prompt, in nats, at a coefficient; +∞ counts as above any budget.
  /// - Returns: The coefficient, or the largest divergence.
  /// - Throws: What `divergences` throws; ``SteeringError/invalidSetting(method:name:value:expected:)``;
  ///   ``SteeringError/invalidCurve(what:place:reason:)`` for no prompts or a divergence that is negative or NaN.
  public func coefficient(
    limit: Double, slopeVariance: Double? = nil,
    divergences: (Double) throws(SteeringError) -> [Double]
  ) throws(SteeringError) -> Outcome {
    try check()
    guard limit != 0, limit.isFinite else {
      throw refusal("limit", limit, expected: "a finite number that is not 0")
    }
    var count = 0
    var largest = 0.0
    /// The divergence at a distance from 0 towards the limit.
    func reached(_ distance: Double) throws(SteeringError) -> Double {
      let place = limit < 0 ? -distance : distance
      let values = try divergences(place)
      guard !values.isEmpty, values.allSatisfy({ $0 >= 0 }) else {
        throw .invalidCurve(
          what: "the divergences at coefficient \(place)", place: nil,
          reason: "there must be one a prompt, and none negative or NaN")
      }
      count += 1
      let value = statistic.value(of: values)
      largest = max(largest, value)
      return value
    }
    let farthest = limit.magnitude
    let guess = slopeVariance.map { (2 * divergence / $0).squareRoot() } ?? farthest
    var lower = 0.0
    var upper = guess > 0 ? min(guess, farthest) : farthest
    var value = try reached(upper)
    while value < divergence {
      guard upper < farthest else {
        return Outcome(coefficient: nil, divergence: largest, evaluationCount: count)
      }
      lower = upper
      upper = min(2 * upper, farthest)
      value = try reached(upper)
    }
    var place = upper
    while !((value - divergence).magnitude <= tolerance * divergence) {
      let middle = lower + (upper - lower) / 2
      // Neighbouring numbers have no middle: a jump of the divergence over κ ends here.
      guard middle > lower, middle < upper else { break }
      place = middle
      value = try reached(place)
      if value < divergence { lower = place } else { upper = place }
    }
    guard value.isFinite else {
      return Outcome(coefficient: nil, divergence: largest, evaluationCount: count)
    }
    return Outcome(
      coefficient: limit < 0 ? -place : place, divergence: value, evaluationCount: count)
  }
}
