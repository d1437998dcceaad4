internal import LinearAlgebra

/// The covariance of both sides' states, over the number of states, by its square root: centred rows.
struct StateCovariance: Sendable {
  /// What is subtracted from each state.
  enum Center: Sendable {
    /// The mean of its own side: covariance within sides.
    case side
    /// The mean of all states: total covariance.
    case all
  }

  /// Centred states over √n, so that the covariance is RᵀR.
  private let rows: Matrix<Double>
  /// The mean of all states.
  let mean: [Double]
  /// How many directions the states can span once centred.
  let largestRank: Int
  /// The mean variance of a feature.
  let meanVariance: Double

  init(_ states: SteeringStates, around center: Center) {
    let means = states.means
    let shares = [states.positive, states.negative].map {
      Double($0.rowCount) / Double(states.count)
    }
    let mean = zip(means.positive, means.negative).map { shares[0] * $0 + shares[1] * $1 }
    self.mean = mean
    let centers = center == .side ? [means.positive, means.negative] : [mean, mean]
    var elements = [Double]()
    elements.reserveCapacity(states.count * states.width)
    let scale = 1 / Double(states.count).squareRoot()
    for (side, center) in zip([states.positive, states.negative], centers) {
      for row in 0..<side.rowCount {
        for (value, middle) in zip(side.row(row), center) {
          elements.append((Double(value) - middle) * scale)
        }
      }
    }
    let rows = Matrix(rowCount: states.count, columnCount: states.width, elements: elements)
    self.rows = rows
    largestRank = states.count - (center == .side ? 2 : 1)
    meanVariance = squaredRowNorms(rows.view).reduce(0, +) / Double(states.width)
  }

  /// (RᵀR + ridge I)⁻¹ b; `nil` if that is singular.
  func solved(_ vector: [Double], ridge: Double) throws(LinearAlgebraError) -> [Double]? {
    guard ridge > 0 || largestRank >= rows.columnCount else { return nil }
    var system = symmetricProduct(of: rows.view, transposed: true)
    for place in 0..<system.rowCount { system[place, place] += ridge }
    do {
      return try CholeskyFactorization(system.view).solve(vector)
    } catch .notPositiveDefinite {
      return nil
    }
  }

  /// The Moore–Penrose inverse times a vector, by the smaller Gram matrix: directions whose variance is below
  /// *d* roundings of the largest count as none.
  func pseudoSolved(_ vector: [Double]) throws(LinearAlgebraError) -> [Double] {
    let isWide = rows.columnCount > rows.rowCount
    let gram = symmetricProduct(of: rows.view, transposed: !isWide)
    let decomposition = try SymmetricEigendecomposition(gram.view)
    let largest = decomposition.eigenvalues.last ?? 0
    let least = largest * Double(gram.rowCount) * .ulpOfOne
    // With K = R Rᵀ = U Λ Uᵀ, (RᵀR)⁺ b = Rᵀ U Λ⁻² Uᵀ R b; with C = RᵀR it is U Λ⁻¹ Uᵀ b.
    let start = isWide ? product(of: rows.view, and: vector.span) : vector
    var weights = product(of: decomposition.eigenvectors.view, and: start.span)
    for (place, value) in decomposition.eigenvalues.enumerated() {
      weights[place] = value > least ? weights[place] / (isWide ? value * value : value) : 0
    }
    let inner = product(
      of: decomposition.eigenvectors.view, and: weights.span, transposed: true)
    return isWide ? product(of: rows.view, and: inner.span, transposed: true) : inner
  }
}
