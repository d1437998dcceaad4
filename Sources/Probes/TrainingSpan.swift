internal import LinearAlgebra

/// The span of the training rows, which has at most two dimensions for each pair, and the rows' places
/// in it.
///
/// A linear probe sees a weight vector only through its products with the rows, so what lies outside of
/// the span never changes the loss and its gradient never leaves the span. A method whose steps turn
/// with the coordinates, as those of L-BFGS do, therefore takes the same steps within the span as in the
/// whole space. AdamW, which scales each coordinate by itself, does not.
struct TrainingSpan: Sendable {
  /// The positive sides in coordinates of the span, (n, 2n).
  let positive: Matrix<Float>
  /// The negative sides in coordinates of the span, (n, 2n).
  let negative: Matrix<Float>
  /// An orthonormal basis of the span, and of more where the rows depend on each other: (d, 2n).
  private let basis: Matrix<Float>

  /// Factors the transposed rows into an orthonormal basis and coordinates.
  ///
  /// - Parameters:
  ///   - positive: Normalised positive sides, (n, d).
  ///   - negative: Normalised negative sides, (n, d).
  /// - Throws: ``ProbeError/linearAlgebra(_:)`` if the factorisation fails.
  /// - Complexity: O(n² · d).
  init(positive: Matrix<Float>, negative: Matrix<Float>) throws(ProbeError) {
    let rows = Matrix(
      rowCount: positive.rowCount + negative.rowCount, columnCount: positive.columnCount,
      elements: positive.elements + negative.elements)
    let transposed = rows.transposed()
    let factorization: QRFactorization<Float>
    do throws(LinearAlgebraError) {
      factorization = try QRFactorization(transposed.view)
    } catch {
      throw .linearAlgebra(error)
    }
    basis = factorization.orthonormal
    let coordinates = factorization.upper.transposed()
    self.positive = Matrix(coordinates.view(rows: 0..<positive.rowCount))
    self.negative = Matrix(coordinates.view(rows: positive.rowCount..<rows.rowCount))
  }

  /// The coordinates of the part of some weights that lies in the span.
  ///
  /// - Parameter weights: (tries, d).
  /// - Returns: (tries, 2n).
  func coordinates(of weights: Matrix<Float>) -> Matrix<Float> {
    product(of: weights.view, and: basis.view)
  }

  /// The weights that have the given coordinates.
  ///
  /// - Parameter coordinates: (tries, 2n).
  /// - Returns: (tries, d), within the span.
  func weights(at coordinates: Matrix<Float>) -> Matrix<Float> {
    product(of: coordinates.view, and: basis.view, rightTransposed: true)
  }
}
