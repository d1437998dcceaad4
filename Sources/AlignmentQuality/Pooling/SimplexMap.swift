internal import RealModule

/// Turns scores into weights: numbers from 0 to 1 that add up to 1.
///
/// All maps keep the order of the scores, give equal scores equal weights, and do not change if a number is
/// added to all scores. The α-entmax maps join the other two: α → 1 gives softmax and α = 2 sparsemax.
///
/// Martins & Astudillo (2016), arXiv:1602.02068, for sparsemax; Peters, Niculae & Martins (2019),
/// arXiv:1905.05702, for α-entmax and the derivative.
public enum SimplexMap: Sendable, Equatable {
  /// exp(z) over its sum; no weight is 0 unless it underflows.
  case softmax
  /// The nearest point of the simplex to z; weights of low scores are exactly 0.
  case sparsemax
  /// [(α − 1) z − τ]₊^{1/(α − 1)} with the threshold τ at which the weights add up to 1.
  case entmax(alpha: Double)

  /// The weights of scores.
  ///
  /// - Parameters:
  ///   - scores: At least one, finite.
  ///   - temperature: What the scores are divided by; higher is nearer to equal weights.
  /// - Returns: One weight a score; their sum is 1 within 1e-12.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for no scores, a score
  ///   that is not finite, a temperature that is not a positive number, or an α outside 1...2.
  /// - Complexity: O(L log L) for L scores, with some 60 sums of powers for α-entmax.
  public func weights(
    of scores: [Double], temperature: Double = 1
  ) throws(AlignmentQualityError) -> [Double] {
    try check(scores, temperature)
    let largest = scores.reduce(-.infinity) { max($0, $1) }
    let shifted = scores.map { ($0 - largest) / temperature }
    switch self {
    case .sparsemax: return Self.projection(shifted)
    case .softmax: return Self.normalized(shifted.map { Double.exp($0) })
    case .entmax(let alpha):
      return Self.normalized(
        alpha == 1 ? shifted.map { Double.exp($0) } : Self.entmax(shifted, alpha: alpha))
    }
  }

  /// Carries the derivative of a number by the weights back to the scores.
  ///
  /// The derivative of the weights is (Diag(s) − s sᵀ / Σ s) / T, symmetric, with s = p^{2 − α} on the
  /// support of the weights p and 0 off it; α = 1 for softmax and 2 for sparsemax.
  ///
  /// - Parameters:
  ///   - gradient: The derivative by each weight.
  ///   - weights: What ``weights(of:temperature:)`` gave.
  ///   - temperature: The temperature that it had.
  /// - Returns: The derivative by each score.
  /// - Complexity: O(L).
  public func pullback(
    _ gradient: [Double], at weights: [Double], temperature: Double = 1
  ) -> [Double] {
    precondition(gradient.count == weights.count, "a derivative for each weight")
    let slopes = weights.map { $0 > 0 ? Double.pow($0, 2 - alpha) : 0 }
    let total = slopes.reduce(0, +)
    let mean = zip(slopes, gradient).reduce(0) { $0 + $1.0 * $1.1 } / total
    return zip(slopes, gradient).map { slope, derivative in
      slope == 0 ? 0 : slope * (derivative - mean) / temperature
    }
  }

  private var alpha: Double {
    switch self {
    case .softmax: 1
    case .sparsemax: 2
    case .entmax(let alpha): alpha
    }
  }

  private var name: String {
    switch self {
    case .softmax: "softmax"
    case .sparsemax: "sparsemax"
    case .entmax: "entmax"
    }
  }

  private func check(_ scores: [Double], _ temperature: Double) throws(AlignmentQualityError) {
    if scores.isEmpty {
      throw .invalidSetting(
        method: name, name: "scores", value: "empty", expected: "at least one score")
    }
    if let place = scores.firstIndex(where: { !$0.isFinite }) {
      throw .invalidSetting(
        method: name, name: "scores", value: "\(scores[place]) at position \(place) (from 0)",
        expected: "finite numbers")
    }
    guard temperature > 0, temperature.isFinite else {
      throw .invalidSetting(
        method: name, name: "temperature", value: "\(temperature)", expected: "a number above 0")
    }
    guard (1...2).contains(alpha) else {
      throw .invalidSetting(
        method: name, name: "alpha", value: "\(alpha)",
        expected: "a number from 1 (softmax) to 2 (sparsemax)")
    }
  }

  /// The nearest point of the simplex; Held, Wolfe & Crowder (1974).
  private static func projection(_ shifted: [Double]) -> [Double] {
    let falling = shifted.sorted(by: >)
    var sum = 0.0
    var threshold = 0.0
    for (place, score) in falling.enumerated() {
      let count = Double(place + 1)
      guard 1 + count * score > sum + score else { break }
      sum += score
      threshold = (sum - 1) / count
    }
    return shifted.map { max($0 - threshold, 0) }
  }

  /// Weights p = [1 + (α − 1)(z − λ)]₊^{1/(α − 1)} for scores of which the largest is 0, nearly of sum 1.
  ///
  /// λ is the logarithm of the sum of exponentials as α → 1, so that the form keeps its digits there. At
  /// λ = 0 the largest weight is 1 and the sum at least that; at the upper end all weights are at most 1/L.
  private static func entmax(_ shifted: [Double], alpha: Double) -> [Double] {
    let power = alpha - 1
    func weight(_ score: Double, _ level: Double) -> Double {
      let excess = power * (score - level)
      return excess > -1 ? Double.exp(Double.log(onePlus: excess) / power) : 0
    }
    var lower = 0.0
    var upper = -Double.expMinusOne(-power * Double.log(Double(shifted.count))) / power
    while true {
      let middle = lower + (upper - lower) / 2
      guard lower < middle, middle < upper else { break }
      if shifted.reduce(0, { $0 + weight($1, middle) }) >= 1 {
        lower = middle
      } else {
        upper = middle
      }
    }
    return shifted.map { weight($0, lower) }
  }

  private static func normalized(_ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }
}
