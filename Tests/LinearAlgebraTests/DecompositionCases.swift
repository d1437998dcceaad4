import LinearAlgebra

/// The matrices that decompositions are tried on: shapes that bite, and data that is degenerate.
enum DecompositionCase: String, CaseIterable, Sendable {
  case one, tall, square, longTall, wide, rankDeficient, duplicatedRows, constantColumn, zeros

  func matrix<Scalar: LAPACKScalar>(of type: Scalar.Type = Scalar.self) -> Matrix<Scalar> {
    var random = Reproducible(seed: 20)
    switch self {
    case .one: return random.matrix(1, 1)
    case .tall: return random.matrix(3, 2)
    case .square: return random.matrix(4, 4)
    case .longTall: return random.matrix(150, 20)
    case .wide: return random.matrix(20, 150)
    case .rankDeficient:
      let left: Matrix<Scalar> = random.matrix(30, 3)
      let right: Matrix<Scalar> = random.matrix(3, 12)
      return product(of: left.view, and: right.view)
    case .duplicatedRows:
      let matrix: Matrix<Scalar> = random.matrix(10, 15)
      return matrix.selectingRows((0..<10).flatMap { [$0, $0] })
    case .constantColumn:
      var matrix: Matrix<Scalar> = random.matrix(25, 6)
      for row in 0..<25 { matrix[row, 2] = 3 }
      return matrix
    case .zeros: return Matrix(rowCount: 5, columnCount: 7)
    }
  }

  /// A symmetric positive semidefinite matrix, AᵀA.
  func gramMatrix<Scalar: LAPACKScalar>(of type: Scalar.Type = Scalar.self) -> Matrix<Scalar> {
    let matrix: Matrix<Scalar> = matrix()
    return symmetricProduct(of: matrix.view, transposed: true)
  }
}

/// c · n · ulp(1) · scale with c = 8: n is the longest side, the scale the largest row sum.
///
/// Backward stable factorisations reconstruct within a small multiple of n · ulp · ‖A‖ (Higham 2002).
func tolerance<Scalar: LAPACKScalar>(of matrix: Matrix<Scalar>) -> Scalar {
  let longest = Scalar(max(1, matrix.rowCount, matrix.columnCount))
  let norm = (0..<matrix.rowCount).map { matrix.row($0).reduce(0) { $0 + abs($1) } }.max() ?? 0
  return 8 * longest * Scalar.ulpOfOne * max(1, norm)
}

/// How far rows are from orthonormal: the largest element of |V Vᵀ − I|.
func orthonormalityError<Scalar: LAPACKScalar>(rows: Matrix<Scalar>) -> Scalar {
  largestDifference(naiveProduct(rows, rows.transposed()), .identity(rows.rowCount))
}
