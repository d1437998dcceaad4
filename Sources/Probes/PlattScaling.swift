internal import Optimization

/// A logistic map of a score to a probability: σ(slope · score + intercept).
///
/// A negative slope turns the score round, so fitting it on labels also settles a sign that an
/// unsupervised probe leaves open; a result that used it is label-assisted.
///
/// Targets are smoothed as Platt (1999) has them, (n₁ + 1)/(n₁ + 2) and 1/(n₀ + 2), so that separable
/// scores still have a finite best slope.
public struct PlattScaling: Sendable, Codable, Equatable {
  /// The factor of the score.
  public let slope: Double
  /// What is added after it.
  public let intercept: Double

  /// The probability of label 1.
  ///
  /// - Parameter score: A raw score.
  /// - Returns: A probability in [0, 1].
  public func probability(of score: Double) -> Double {
    LogisticLoss.probability(ofLogit: slope * score + intercept)
  }

  /// Fits slope and intercept by Newton's method with a backtracking line search.
  ///
  /// - Parameters:
  ///   - scores: `n` finite scores.
  ///   - labels: `n` labels, 0 or 1, both present.
  /// - Returns: The maximum-likelihood map for smoothed targets.
  /// - Throws: ``ProbeError/oneClass(method:label:)`` if all labels agree, and
  ///   ``ProbeError/noDirection(method:reason:)`` if all scores are equal.
  /// - Complexity: O(n) a step, a few dozen steps.
  public static func fit(scores: [Double], labels: [Int]) throws(ProbeError) -> PlattScaling {
    let positiveCount = labels.count { $0 == 1 }
    guard positiveCount > 0, positiveCount < labels.count else {
      throw .oneClass(method: "platt", label: labels.first ?? 0)
    }
    let mean = scores.reduce(0, +) / Double(scores.count)
    let variance =
      scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scores.count)
    guard variance > 0 else {
      throw .noDirection(method: "platt", reason: "all training scores equal \(mean)")
    }
    // Standardised scores make one tolerance fit every scale.
    let deviation = variance.squareRoot()
    let standardized = scores.map { ($0 - mean) / deviation }
    let positiveTarget = Double(positiveCount + 1) / Double(positiveCount + 2)
    let negativeTarget = 1 / Double(labels.count - positiveCount + 2)
    let targets = labels.map { $0 == 1 ? positiveTarget : negativeTarget }
    let best = minimize(scores: standardized, targets: targets)
    return PlattScaling(
      slope: best.slope / deviation, intercept: best.intercept - best.slope * mean / deviation)
  }

  private static func minimize(scores: [Double], targets: [Double]) -> PlattScaling {
    var current = PlattScaling(slope: 0, intercept: 0)
    var loss = current.crossEntropy(scores: scores, targets: targets)
    for _ in 0..<100 {
      var gradient = (slope: 0.0, intercept: 0.0)
      var hessian = (slope: 1e-12, cross: 0.0, intercept: 1e-12)
      for (score, target) in zip(scores, targets) {
        let probability = current.probability(of: score)
        let residual = probability - target
        let weight = probability * (1 - probability)
        gradient.slope += residual * score
        gradient.intercept += residual
        hessian.slope += weight * score * score
        hessian.cross += weight * score
        hessian.intercept += weight
      }
      let determinant = hessian.slope * hessian.intercept - hessian.cross * hessian.cross
      let step = (
        slope: (hessian.intercept * gradient.slope - hessian.cross * gradient.intercept)
          / determinant,
        intercept: (hessian.slope * gradient.intercept - hessian.cross * gradient.slope)
          / determinant
      )
      var length = 1.0
      var improved = false
      while length > 1e-10 {
        let candidate = PlattScaling(
          slope: current.slope - length * step.slope,
          intercept: current.intercept - length * step.intercept)
        let candidateLoss = candidate.crossEntropy(scores: scores, targets: targets)
        if candidateLoss < loss {
          improved = true
          current = candidate
          loss = candidateLoss
          break
        }
        length /= 2
      }
      if !improved { break }
    }
    return current
  }

  private func crossEntropy(scores: [Double], targets: [Double]) -> Double {
    zip(scores, targets).reduce(0) { sum, pair in
      let logit = slope * pair.0 + intercept
      return sum + LogisticLoss.value(logit: logit, label: 0) - pair.1 * logit
    }
  }
}
