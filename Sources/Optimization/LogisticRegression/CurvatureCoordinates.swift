internal import LinearAlgebra

/// Coordinates in which the loss of a logistic regression curves about as much in every direction.
///
/// At a probability of ½ the Hessian of the mean loss with ridge ρ is ¼ Σ + ρ I, where Σ is the
/// covariance of the rows. With v₁ … vₖ its leading eigenvectors, of variances λⱼ, and λ the mean of the
/// others, the weights are w = T u where
///
///     T = a I + Σⱼ (aⱼ − a) vⱼ vⱼᵀ,    aⱼ = (λⱼ/4 + ρ)^−½,    a = (λ/4 + ρ)^−½
///
/// so that the Hessian in u is close to the identity, and the minimum that is found depends on none of
/// this. T is symmetric: it turns gradients in w into gradients in u, too. The intercept curves by ¼.
struct CurvatureCoordinates: Sendable {
  private let basis: CurvatureBasis
  /// a of each problem.
  private let restScales: [Double]
  /// aⱼ − a, (problems, directions).
  private let corrections: Matrix<Double>
  /// The root mean square over rows of the norm of (T x, 2): how large a row's share of a gradient is.
  let rowNorms: [Double]

  /// What the intercept is in units of its coordinate.
  static let interceptScale = 2.0

  /// - Parameters:
  ///   - basis: Directions and variances.
  ///   - ridges: ρ of each problem, positive.
  init(_ basis: CurvatureBasis, ridges: [Double]) {
    self.basis = basis
    func scale(_ variance: Double, _ ridge: Double) -> Double {
      1 / (variance / 4 + ridge).squareRoot()
    }
    let restScales = ridges.map { scale(basis.restVariance, $0) }
    self.restScales = restScales
    corrections = Matrix(rowCount: ridges.count, columnCount: basis.variances.count) {
      scale(basis.variances[$1], ridges[$0]) - restScales[$0]
    }
    let rest = max(0, basis.totalVariance - basis.variances.reduce(0, +))
    rowNorms = ridges.indices.map { problem in
      basis.variances.reduce(
        rest * restScales[problem] * restScales[problem]
          + Self.interceptScale * Self.interceptScale
      ) {
        let own = scale($1, ridges[problem])
        return $0 + $1 * own * own
      }.squareRoot()
    }
  }

  /// T applied to vectors, each with the scales of its problem.
  ///
  /// - Parameters:
  ///   - vectors: (vectors, features).
  ///   - problems: The problem of each vector.
  /// - Returns: (vectors, features).
  /// - Complexity: O(vectors · directions · features).
  func transform(_ vectors: MatrixView<Double>, problems: [Int]) -> Matrix<Double> {
    let directions = basis.directions
    var shares = product(of: vectors, and: directions.view, rightTransposed: true)
    for (row, problem) in problems.enumerated() {
      for direction in 0..<shares.columnCount {
        shares[row, direction] *= corrections[problem, direction]
      }
    }
    var result = product(of: shares.view, and: directions.view)
    result.forEachRowBlock(of: 1) { [restScales] rows, elements in
      addProduct(
        of: restScales[problems[rows.lowerBound]], and: vectors.row(rows.lowerBound), to: &elements)
    }
    return result
  }
}
