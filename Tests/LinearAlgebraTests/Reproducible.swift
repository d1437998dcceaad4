import LinearAlgebra

/// A small generator (splitmix64), so that every run sees the same numbers.
struct Reproducible: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Elements uniform in −1..<1.
  mutating func matrix<Scalar: LAPACKScalar>(
    _ rowCount: Int, _ columnCount: Int, of type: Scalar.Type = Scalar.self
  ) -> Matrix<Scalar> {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: elements(rowCount * columnCount))
  }

  mutating func elements<Scalar: LAPACKScalar>(_ count: Int) -> [Scalar] {
    (0..<count).map { _ in Scalar(Double.random(in: -1..<1, using: &self)) }
  }
}

/// The largest absolute difference of two matrices of one shape.
func largestDifference<Scalar: LAPACKScalar>(
  _ left: Matrix<Scalar>, _ right: Matrix<Scalar>
) -> Scalar {
  precondition(left.rowCount == right.rowCount && left.columnCount == right.columnCount)
  return zip(left.elements, right.elements).map { abs($0 - $1) }.max() ?? 0
}

/// The textbook product of three loops: the oracle of every product.
func naiveProduct<Scalar: LAPACKScalar>(
  _ left: Matrix<Scalar>, _ right: Matrix<Scalar>
) -> Matrix<Scalar> {
  Matrix(rowCount: left.rowCount, columnCount: right.columnCount) { row, column in
    var sum = 0.0
    for inner in 0..<left.columnCount {
      sum += Double(left[row, inner]) * Double(right[inner, column])
    }
    return Scalar(sum)
  }
}
