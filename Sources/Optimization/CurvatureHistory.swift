internal import LinearAlgebra

/// The last steps of a minimisation and what each did to the gradient, which stand for a Hessian.
///
/// Nocedal & Wright (2006), *Numerical Optimization*, 2nd edition, section 7.2.
struct CurvatureHistory: Sendable {
  private struct Pair: Sendable {
    let step: [Double]
    let change: [Double]
    /// The product of the two, positive.
    let curvature: Double
  }

  private let capacity: Int
  /// Oldest first.
  private var pairs: [Pair] = []
  /// sᵀy / yᵀy of the newest pair, the size of the inverse Hessian along it.
  ///
  /// Equation 7.20.
  private var inverseScale = 1.0

  /// Creates an empty history of at most that many pairs.
  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { pairs.isEmpty }

  mutating func removeAll() { pairs.removeAll() }

  /// Adds the newest pair in place of the oldest.
  ///
  /// A pair without positive curvature would spoil the approximation and is left out; a step that meets
  /// the Wolfe conditions has it.
  mutating func append(step: [Double], change: [Double]) {
    let curvature = dotProduct(step.span, change.span)
    let changeNorm = euclideanNorm(change.span)
    guard curvature.isFinite, changeNorm.isFinite,
      curvature > .ulpOfOne * euclideanNorm(step.span) * changeNorm
    else { return }
    if pairs.count == capacity { pairs.removeFirst() }
    pairs.append(Pair(step: step, change: change, curvature: curvature))
    // Divided twice, because the square of a tiny change underflows.
    inverseScale = curvature / changeNorm / changeNorm
  }

  /// The quasi-Newton direction −H·g by the two-loop recursion (algorithm 7.4).
  ///
  /// - Complexity: O(pairs · parameters).
  func direction(for gradient: [Double]) -> [Double] {
    var direction = gradient.map { -$0 }
    var span = direction.mutableSpan
    var weights = [Double](repeating: 0, count: pairs.count)
    for index in pairs.indices.reversed() {
      let pair = pairs[index]
      weights[index] = dotProduct(pair.step.span, span.span) / pair.curvature
      addProduct(of: -weights[index], and: pair.change.span, to: &span)
    }
    for place in span.indices { span[place] *= inverseScale }
    for (pair, weight) in zip(pairs, weights) {
      let correction = weight - dotProduct(pair.change.span, span.span) / pair.curvature
      addProduct(of: correction, and: pair.step.span, to: &span)
    }
    return direction
  }
}
