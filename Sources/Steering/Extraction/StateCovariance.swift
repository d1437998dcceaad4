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
    return try factorization(of: system)?.solve(vector)
  }

  /// The Moore–Penrose inverse times a vector that the centred states span, by the smaller Gram matrix.
  ///
  /// Directions whose variance is below *n* roundings of the largest count as none.
  ///
  /// - Complexity: O(*n* *d* min(*n*, *d*)), and min(*n*, *d*)³ with a small factor, or with a large one where states
  ///   are dependent.
  func pseudoSolved(_ vector: [Double]) throws(LinearAlgebraError) -> [Double] {
    let isWide = rows.columnCount > rows.rowCount
    let gram = symmetricProduct(of: rows.view, transposed: !isWide)
    // With K = R Rᵀ, (RᵀR)⁺ b = Rᵀ K⁺ K⁺ R b.
    let start = isWide ? product(of: rows.view, and: vector.span) : vector
    guard let regular = try regularSolution(gram, start, isWide: isWide) else {
      return overRows(try spectralSolution(gram, start, isWide: isWide), isWide: isWide)
    }
    return overRows(regular, isWide: isWide)
  }

  /// Rᵀ α of weights of rows; weights of features stay.
  private func overRows(_ weights: [Double], isWide: Bool) -> [Double] {
    guard isWide else { return weights }
    return product(of: rows.view, and: weights.span, transposed: true)
  }

  /// By Cholesky's factor; `nil` if the matrix is singular beyond what centring makes it.
  ///
  /// Centred rows add up to nothing, so that K has no inverse along (1, …, 1). To what is at right angles to that, as
  /// R b is, K and K with something added along it are the same.
  private func regularSolution(
    _ gram: Matrix<Double>, _ start: [Double], isWide: Bool
  ) throws(LinearAlgebraError) -> [Double]? {
    var system = gram
    let order = gram.rowCount
    let trace = (0..<order).reduce(0) { $0 + gram[$1, $1] }
    if isWide {
      let addition = trace / Double(order * order)
      for row in 0..<order { for column in 0..<order { system[row, column] += addition } }
    }
    guard let factor = try factorization(of: system) else { return nil }
    let pivots = (0..<order).map { factor.lower[$0, $0] * factor.lower[$0, $0] }
    guard let least = pivots.min(), let most = pivots.max(),
      least > most * Double(order) * .ulpOfOne * 1e3
    else { return nil }
    let once = try factor.solve(start)
    return isWide ? try factor.solve(once) : once
  }

  /// `nil` if the matrix is not positive definite.
  private func factorization(
    of system: Matrix<Double>
  ) throws(LinearAlgebraError) -> CholeskyFactorization<Double>? {
    do {
      return try CholeskyFactorization(system.view)
    } catch .notPositiveDefinite {
      return nil
    }
  }

  /// By all eigenvalues: U Λ⁻² Uᵀ R b of K, or U Λ⁻¹ Uᵀ b of RᵀR.
  private func spectralSolution(
    _ gram: Matrix<Double>, _ start: [Double], isWide: Bool
  ) throws(LinearAlgebraError) -> [Double] {
    let decomposition = try SymmetricEigendecomposition(gram.view)
    let largest = decomposition.eigenvalues.last ?? 0
    let least = largest * Double(gram.rowCount) * .ulpOfOne
    var weights = product(of: decomposition.eigenvectors.view, and: start.span)
    for (place, value) in decomposition.eigenvalues.enumerated() {
      weights[place] = value > least ? weights[place] / (isWide ? value * value : value) : 0
    }
    return product(of: decomposition.eigenvectors.view, and: weights.span, transposed: true)
  }
}
