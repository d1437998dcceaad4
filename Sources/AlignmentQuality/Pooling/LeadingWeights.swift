internal import LinearAlgebra

/// The weights of any sign at which a ratio of two forms is largest.
public struct LeadingWeights: Sendable, Equatable {
  /// α, of Σ |α_l| = 1 and Σ α_l ≥ 0.
  public let weights: [Double]
  /// What was added to the diagonal of W, as a share of each layer's own scatter.
  public let relativeRidge: Double
}

extension QuadraticRatio {
  /// The largest ridge, beyond which the weights say more about it than about the points.
  private static var largestRidge: Double { 0.01 }
  /// The smallest pivot of the scaled scatter; rounding of its elements is a millionth of it.
  private static var smallestPivot: Double { 1e-10 }

  /// The weights at which the ratio is largest over all signs: the leading generalised eigenvector of (B, W).
  ///
  /// W is scaled to a unit diagonal and a ridge is added to that, so that no layer's scale counts; then
  /// W = L Lᵀ, and α = L⁻ᵀ u with the leading eigenvector u of L⁻¹ B L⁻ᵀ. If W has no factor L with pivots
  /// above 1e-10, as with fewer points than layers, the ridge grows tenfold until it has.
  ///
  /// - Parameter relativeRidge: The first ridge, a share of each layer's scatter. Higher changes the weights
  ///   less from sample to sample, but moves them away from the optimum.
  /// - Returns: The weights and the ridge that they needed.
  /// - Throws: ``AlignmentQualityError/linearAlgebra(_:)`` if no ridge up to 0.01 will do, and
  ///   ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a negative one.
  /// - Complexity: O(L³).
  public func leadingWeights(
    relativeRidge: Double = 1e-10
  ) throws(AlignmentQualityError) -> LeadingWeights {
    guard relativeRidge >= 0, relativeRidge.isFinite else {
      throw .invalidSetting(
        method: "eigenvector pooling", name: "ridge", value: "\(relativeRidge)",
        expected: "a share of the scatter, 0 or more")
    }
    let (ratio, units) = equilibrated
    do {
      let (lower, ridge) = try ratio.factor(startingAt: relativeRidge)
      // L⁻¹ B, and then L⁻¹ (L⁻¹ B)ᵀ, which is symmetric.
      let half = try lower.halfSolve(ratio.numerator.view)
      let whitened = try lower.halfSolve(half.transposed().view)
      let leading = try SymmetricEigendecomposition(leading: 1, of: whitened.view)
      let vector = Matrix(
        rowCount: layerCount, columnCount: 1, elements: leading.eigenvectors.row(0))
      let solution = try solveTriangular(
        lower.lower.view, .lower, transposed: true, rightHandSides: vector.view)
      let weights = zip(solution.elements, units).map { $0 * $1 }
      return LeadingWeights(weights: Self.signed(weights), relativeRidge: ridge)
    } catch {
      throw .linearAlgebra(error)
    }
  }

  private func factor(
    startingAt first: Double
  ) throws(LinearAlgebraError) -> (CholeskyFactorization<Double>, Double) {
    var ridge = first
    while true {
      var sum = denominator
      for layer in 0..<layerCount { sum[layer, layer] += ridge }
      let next = max(10 * ridge, Self.smallestPivot)
      do {
        let factor = try CholeskyFactorization(sum.view)
        let pivots = (0..<layerCount).map { factor.lower[$0, $0] * factor.lower[$0, $0] }
        if pivots.allSatisfy({ $0 >= Self.smallestPivot }) { return (factor, ridge) }
      } catch {
        guard case .notPositiveDefinite = error, next <= Self.largestRidge else { throw error }
      }
      ridge = next
    }
  }

  /// Weights of Σ |α| = 1 whose sum is not negative; if it is 0, the largest is positive.
  private static func signed(_ weights: [Double]) -> [Double] {
    let length = weights.reduce(0) { $0 + $1.magnitude }
    let sum = weights.reduce(0, +)
    let largest = weights.max { $0.magnitude < $1.magnitude } ?? 0
    let sign: Double = (sum == 0 ? largest : sum) < 0 ? -1 : 1
    return weights.map { sign * $0 / length }
  }
}
