/// The covariance S = XᵀX/n of centred rows, shrunk towards a multiple of the identity and inverted:
/// S* = (1 − ρ) S + ρ (tr S/d) I.
///
/// ρ is that of Ledoit & Wolf (2004), doi:10.1016/S0047-259X(03)00096-4, as scikit-learn's `ledoit_wolf` computes it
/// of rows that are centred already. For d ≥ n nothing of order *d* is formed: S*⁻¹ is then Woodbury's identity
/// over the Gram matrix of the rows.
public struct ShrunkCovariance: Sendable {
  private enum Inverse: Sendable {
    /// Of S* itself.
    case overCoordinates(CholeskyFactorization<Double>)
    /// Of X Xᵀ + (ridge/share) I, with the rows X.
    case overRows(Matrix<Double>, CholeskyFactorization<Double>)
    /// S* = ridge · I.
    case scaledIdentity
  }

  /// ρ, from 0 to 1.
  public let intensity: Double
  private let ridge: Double
  private let inverse: Inverse

  /// Shrinks the covariance of rows that are in memory; `nil` if what results cannot be inverted.
  ///
  /// - Parameters:
  ///   - rows: X, (n, d), centred and finite.
  ///   - centerCount: How many means were subtracted from them, by which their rank is lower than n.
  /// - Throws: ``LinearAlgebraError`` if a decomposition fails.
  /// - Complexity: O(*n* · *d* · m + m³) with m = min(*n*, *d*).
  public init?(of rows: Matrix<Double>, centerCount: Int) throws(LinearAlgebraError) {
    let isOverRows = rows.rowCount <= rows.columnCount
    let squares = squaredRowNorms(rows.view)
    try self.init(
      gram: symmetricProduct(of: rows.view, transposed: !isOverRows), rowCount: rows.rowCount,
      width: rows.columnCount, centerCount: centerCount,
      fourthPowerSum: squares.reduce(0) { $0 + $1 * $1 }, rows: isOverRows ? rows : nil)
  }

  /// Shrinks a covariance; `nil` if what results cannot be inverted.
  ///
  /// - Parameters:
  ///   - gram: X Xᵀ if n ≤ d, else XᵀX; not zero.
  ///   - rowCount: n.
  ///   - width: d.
  ///   - centerCount: How many means were subtracted from the rows.
  ///   - fourthPowerSum: Σ ‖x‖⁴ of the rows; no shrinkage without it.
  ///   - rows: X, where n ≤ d.
  /// - Throws: ``LinearAlgebraError`` if a decomposition fails.
  /// - Precondition: There are rows where n ≤ d.
  public init?(
    gram: Matrix<Double>, rowCount: Int, width: Int, centerCount: Int, fourthPowerSum: Double?,
    rows: Matrix<Double>?
  ) throws(LinearAlgebraError) {
    precondition(rowCount > width || rows != nil, "Woodbury's identity needs the rows")
    let trace = (0..<gram.rowCount).reduce(0) { $0 + gram[$1, $1] }
    let squaredNorm = dotProduct(gram.span, gram.span)
    let (count, width) = (Double(rowCount), Double(width))
    intensity =
      fourthPowerSum.map {
        Self.intensity(
          fourthPowerSum: $0, trace: trace / count, squaredNorm: squaredNorm / (count * count),
          count: count, width: width)
      } ?? 0
    ridge = intensity * trace / (count * width)
    let share = (1 - intensity) / count
    guard share > 0 else {
      inverse = .scaledIdentity
      return
    }
    guard count - Double(centerCount) >= width || ridge > 0 else { return nil }
    var system = gram
    if rows == nil { for row in 0..<gram.rowCount { system.scaleRow(row, by: share) } }
    for place in 0..<system.rowCount {
      system[place, place] += rows == nil ? ridge : ridge / share
    }
    guard let factor = try Self.factor(system) else { return nil }
    inverse = rows.map { .overRows($0, factor) } ?? .overCoordinates(factor)
  }

  /// vᵀ S*⁻¹ v for every row v.
  ///
  /// - Parameter vectors: (m, d), finite.
  /// - Returns: m numbers.
  /// - Throws: ``LinearAlgebraError`` for rows of another width or that are not finite.
  /// - Complexity: O(*d*²) a row, or O(*n* · *d*) where n ≤ d.
  public func quadraticForms(_ vectors: Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
    let squares = squaredRowNorms(vectors.view)
    switch inverse {
    case .scaledIdentity:
      return squares.map { $0 / ridge }
    case .overCoordinates(let factor):
      let whitened = try factor.halfSolve(vectors.transposed().view)
      return squaredRowNorms(whitened.transposed().view)
    case .overRows(let rows, let factor):
      let products = product(of: rows.view, and: vectors.view, rightTransposed: true)
      let whitened = try factor.halfSolve(products.view)
      let explained = squaredRowNorms(whitened.transposed().view)
      return zip(squares, explained).map { ($0 - $1) / ridge }
    }
  }

  /// S*⁻¹ v.
  ///
  /// - Parameter vector: d numbers, finite.
  /// - Returns: d numbers.
  /// - Throws: As ``quadraticForms(_:)``.
  public func solve(_ vector: [Double]) throws(LinearAlgebraError) -> [Double] {
    switch inverse {
    case .scaledIdentity:
      return vector.map { $0 / ridge }
    case .overCoordinates(let factor):
      return try factor.solve(vector)
    case .overRows(let rows, let factor):
      let weights = try factor.solve(product(of: rows.view, and: vector.span))
      let explained = product(of: rows.view, and: weights.span, transposed: true)
      return zip(vector, explained).map { ($0 - $1) / ridge }
    }
  }

  /// ρ = min(β, δ)/δ, with δ the squared distance of S from its target and β its estimated squared error.
  private static func intensity(
    fourthPowerSum: Double, trace: Double, squaredNorm: Double, count: Double, width: Double
  ) -> Double {
    guard width > 1 else { return 0 }
    let distance = squaredNorm - trace * trace / width
    let error = (fourthPowerSum / count - squaredNorm) / count
    guard distance > 0 else { return 1 }
    return max(0, min(error, distance)) / distance
  }

  /// The Cholesky factor; `nil` where the matrix is not told from a singular one.
  private static func factor(
    _ matrix: Matrix<Double>
  ) throws(LinearAlgebraError) -> CholeskyFactorization<Double>? {
    do {
      let factor = try CholeskyFactorization(matrix.view)
      let pivots = (0..<matrix.rowCount).map { factor.lower[$0, $0] * factor.lower[$0, $0] }
      let largest = (0..<matrix.rowCount).reduce(0) { max($0, matrix[$1, $1]) }
      let threshold = Double(matrix.rowCount) * Double.ulpOfOne * largest
      return (pivots.min() ?? 0) > threshold ? factor : nil
    } catch {
      guard case .notPositiveDefinite = error else { throw error }
      return nil
    }
  }
}
