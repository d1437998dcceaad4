internal import LinearAlgebra

/// The covariance of points around the means of their classes, S = W/n, shrunk towards a multiple of the
/// identity: S* = (1 − ρ) S + ρ (tr S/d) I.
///
/// Ledoit & Wolf (2004), doi:10.1016/S0047-259X(03)00096-4, with class means for the mean, as scikit-learn's
/// `ledoit_wolf` computes it of points that are centred already. For d ≥ n nothing of order *d* is formed:
/// S*⁻¹ is then Woodbury's identity over the Gram matrix of the points.
struct ShrunkWithinCovariance {
  private enum Inverse {
    /// Of S* itself.
    case overCoordinates(CholeskyFactorization<Double>)
    /// Of X Xᵀ + (ridge/share) I, with the points X.
    case overPoints(Matrix<Double>, CholeskyFactorization<Double>)
    /// S* = ridge · I.
    case scaledIdentity
  }

  /// ρ, from 0 to 1.
  let intensity: Double
  private let ridge: Double
  private let inverse: Inverse

  /// Shrinks the covariance; `nil` if what results cannot be inverted.
  ///
  /// The classes must scatter.
  init?(_ cloud: PointCloud, _ shrinkage: MahalanobisDistance.Shrinkage)
    throws(AlignmentQualityError)
  {
    let gram = try cloud.smallerGram(.classMeans)
    let moments = GramMoments(gram)
    intensity = shrinkage == .none ? 0 : try Self.intensity(cloud, moments)
    let (count, width) = (Double(cloud.count), Double(cloud.width))
    ridge = intensity * moments.trace / (count * width)
    let share = (1 - intensity) / count
    guard share > 0 else {
      inverse = .scaledIdentity
      return
    }
    let hasFullRank = cloud.count - cloud.scatter.classCount >= cloud.width
    guard hasFullRank || ridge > 0 else { return nil }
    let isOverPoints = cloud.count <= cloud.width
    var system = gram
    if !isOverPoints { for row in 0..<gram.rowCount { system.scaleRow(row, by: share) } }
    for place in 0..<system.rowCount {
      system[place, place] += isOverPoints ? ridge / share : ridge
    }
    guard let factor = try Self.factor(system) else { return nil }
    inverse =
      isOverPoints
      ? .overPoints(try cloud.read(0..<cloud.count, .classMeans), factor)
      : .overCoordinates(factor)
  }

  /// vᵀ S*⁻¹ v for every row v.
  func quadraticForms(_ vectors: Matrix<Double>) throws(AlignmentQualityError) -> [Double] {
    let squares = squaredRowNorms(vectors.view)
    switch inverse {
    case .scaledIdentity:
      return squares.map { $0 / ridge }
    case .overCoordinates(let factor):
      let whitened = try decomposing { () throws(LinearAlgebraError) in
        try factor.halfSolve(vectors.transposed().view)
      }
      return squaredRowNorms(whitened.transposed().view)
    case .overPoints(let rows, let factor):
      let products = product(of: rows.view, and: vectors.view, rightTransposed: true)
      let whitened = try decomposing { () throws(LinearAlgebraError) in
        try factor.halfSolve(products.view)
      }
      let explained = squaredRowNorms(whitened.transposed().view)
      return zip(squares, explained).map { ($0 - $1) / ridge }
    }
  }

  /// ρ = min(β, δ)/δ, with δ the squared distance of S from its target and β its estimated squared error.
  private static func intensity(
    _ cloud: PointCloud, _ moments: GramMoments
  ) throws(AlignmentQualityError) -> Double {
    guard cloud.width > 1 else { return 0 }
    let (count, width) = (Double(cloud.count), Double(cloud.width))
    var fourthPowers = 0.0
    for block in cloud.blocks(of: 0..<cloud.count) {
      let rows = try cloud.read(block, .classMeans)
      fourthPowers += squaredRowNorms(rows.view).reduce(0) { $0 + $1 * $1 }
    }
    let squaredNorm = moments.squaredNorm / (count * count)
    let trace = moments.trace / count
    let distance = squaredNorm - trace * trace / width
    let error = (fourthPowers / count - squaredNorm) / count
    guard distance > 0 else { return 1 }
    return max(0, min(error, distance)) / distance
  }

  /// The Cholesky factor; `nil` where the matrix is not told from a singular one.
  private static func factor(
    _ matrix: Matrix<Double>
  ) throws(AlignmentQualityError) -> CholeskyFactorization<Double>? {
    do {
      let factor = try CholeskyFactorization(matrix.view)
      let pivots = (0..<matrix.rowCount).map { factor.lower[$0, $0] * factor.lower[$0, $0] }
      let largest = (0..<matrix.rowCount).reduce(0) { max($0, matrix[$1, $1]) }
      let threshold = Double(matrix.rowCount) * Double.ulpOfOne * largest
      return (pivots.min() ?? 0) > threshold ? factor : nil
    } catch {
      guard case .notPositiveDefinite = error else { throw .linearAlgebra(error) }
      return nil
    }
  }
}
