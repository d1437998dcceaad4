internal import LinearAlgebra

/// The directions in which rows vary most, and how much they vary there and elsewhere.
///
/// It only serves to choose coordinates, so it need not be exact: it is taken from at most 1024 rows,
/// evenly spaced among all, by the eigenvectors of the smaller of their two Gram matrices in single
/// precision. What has to hold exactly, that the directions are orthonormal, is made so in double
/// precision.
struct CurvatureBasis: Sendable {
  /// Orthonormal directions, (directions, features).
  let directions: Matrix<Double>
  /// The variance along each direction.
  let variances: [Double]
  /// The mean variance in the directions that are left.
  let restVariance: Double
  /// The variance of all features together.
  let totalVariance: Double

  private static let mostSampledRows = 1024
  private static let mostDirections = 128

  /// - Parameter rows: (rows, features), centred, of a mean variance of 1.
  /// - Throws: What the eigendecomposition throws.
  init(of rows: Matrix<Float>) throws(LinearAlgebraError) {
    let sample = Self.sample(rows)
    let width = rows.columnCount
    let count = min(Self.mostDirections, sample.rowCount, width)
    totalVariance = sample.rowNorms().reduce(0) { $0 + $1 * $1 } / Double(sample.rowCount)
    guard totalVariance > 0 else {
      directions = Matrix(rowCount: 0, columnCount: width)
      variances = []
      restVariance = 0
      return
    }
    directions = try Self.leadingDirections(of: sample, count: count)
    let projections = product(
      of: Matrix<Float>(directions).view, and: sample.view, rightTransposed: true)
    variances = projections.rowNorms().map { $0 * $0 / Double(sample.rowCount) }
    // Centred rows span one dimension less than their number.
    let restCount = max(1, min(sample.rowCount - 1, width) - count)
    restVariance = max(0, totalVariance - variances.reduce(0, +)) / Double(restCount)
  }

  private static func sample(_ rows: Matrix<Float>) -> Matrix<Float> {
    let count = rows.rowCount
    guard count > mostSampledRows else { return rows }
    return rows.selectingRows((0..<mostSampledRows).map { $0 * count / mostSampledRows })
  }

  private static func leadingDirections(
    of sample: Matrix<Float>, count: Int
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    let isWide = sample.columnCount > sample.rowCount
    let gram = symmetricProduct(of: sample.view, transposed: !isWide)
    let leading = try SymmetricEigendecomposition(leading: count, of: gram.view).eigenvectors
    let directions = isWide ? product(of: leading.view, and: sample.view) : leading
    let columns = Matrix<Double>(directions).transposed()
    return try QRFactorization(columns.view).orthonormal.transposed()
  }
}
