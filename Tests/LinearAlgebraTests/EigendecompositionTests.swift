import LinearAlgebra
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Oracle: reconstruction, orthogonality, closed forms; eigenvectors are compared by subspace.
@Suite struct EigendecompositionTests {
  func checkFull<Scalar: LAPACKScalar>(_ type: Scalar.Type, _ which: DecompositionCase) throws {
    let matrix = which.gramMatrix(of: type)
    let result = try SymmetricEigendecomposition(matrix.view)
    let tolerance = tolerance(of: matrix)
    #expect(largestDifference(result.reconstructed(), matrix) <= tolerance)
    let unit = 8 * Scalar(matrix.rowCount) * Scalar.ulpOfOne
    #expect(orthonormalityError(rows: result.eigenvectors) <= unit)
    #expect(result.eigenvalues == result.eigenvalues.sorted())
    let alone = try SymmetricEigendecomposition.eigenvalues(of: matrix.view)
    for (left, right) in zip(alone, result.eigenvalues) { #expect(abs(left - right) <= tolerance) }
    // A v = λ v for every pair.
    let images = product(of: result.eigenvectors.view, and: matrix.view)
    for row in 0..<matrix.rowCount {
      for (image, element) in zip(images.row(row), result.eigenvectors.row(row)) {
        #expect(abs(image - result.eigenvalues[row] * element) <= tolerance)
      }
    }
  }

  @Test(arguments: DecompositionCase.allCases)
  func fullDecompositionReconstructs(which: DecompositionCase) throws {
    try checkFull(Float.self, which)
    try checkFull(Double.self, which)
  }

  func checkLeading<Scalar: LAPACKScalar>(
    _ type: Scalar.Type, _ which: DecompositionCase, count: Int
  ) throws {
    let matrix = which.gramMatrix(of: type)
    let order = matrix.rowCount
    let count = min(count, order)
    let full = try SymmetricEigendecomposition(matrix.view)
    let leading = try SymmetricEigendecomposition(leading: count, of: matrix.view)
    let tolerance = tolerance(of: matrix)
    #expect(leading.eigenvalues.count == count && leading.eigenvectors.rowCount == count)
    for (place, value) in leading.eigenvalues.enumerated() {
      #expect(abs(value - full.eigenvalues[order - 1 - place]) <= tolerance)
    }
    #expect(
      orthonormalityError(rows: leading.eigenvectors) <= 8 * Scalar(order) * Scalar.ulpOfOne)
    let images = product(of: leading.eigenvectors.view, and: matrix.view)
    for row in 0..<count {
      for (image, element) in zip(images.row(row), leading.eigenvectors.row(row)) {
        #expect(abs(image - leading.eigenvalues[row] * element) <= tolerance)
      }
    }
  }

  @Test(arguments: DecompositionCase.allCases, [1, 3, 1000])
  func leadingPairsAreTheLargestOfAll(which: DecompositionCase, count: Int) throws {
    try checkLeading(Float.self, which, count: count)
    try checkLeading(Double.self, which, count: count)
  }

  @Test func leadingSubspaceIsThatOfThePlantedDirections() throws {
    // 10 u uᵀ + 5 v vᵀ + I with orthonormal u and v: the leading two span {u, v}.
    var random = Reproducible(seed: 21)
    let basis = try QRFactorization((random.matrix(40, 2) as Matrix<Double>).view).orthonormal
    var matrix = Matrix<Double>.identity(40)
    for row in 0..<40 {
      for column in 0..<40 {
        matrix[row, column] +=
          10 * basis[row, 0] * basis[column, 0] + 5 * basis[row, 1] * basis[column, 1]
      }
    }
    let leading = try SymmetricEigendecomposition(leading: 2, of: matrix.view)
    #expect(abs(leading.eigenvalues[0] - 11) <= 1e-12 && abs(leading.eigenvalues[1] - 6) <= 1e-12)
    let planted = product(of: basis.view, and: basis.view, rightTransposed: true)
    let found = product(
      of: leading.eigenvectors.view, and: leading.eigenvectors.view, leftTransposed: true)
    #expect(largestDifference(planted, found) <= 1e-12)
  }

  @Test func theSecondDifferenceHasItsClosedForm() throws {
    // tridiag(−1, 2, −1) of order n has the eigenvalues 2 − 2 cos(k π / (n + 1)).
    let order = 57
    let matrix = Matrix<Double>(rowCount: order, columnCount: order) {
      $0 == $1 ? 2 : abs($0 - $1) == 1 ? -1 : 0
    }
    let values = try SymmetricEigendecomposition(matrix.view).eigenvalues
    for (place, value) in values.enumerated() {
      let expected = 2 - 2 * cos(Double(place + 1) * .pi / Double(order + 1))
      #expect(abs(value - expected) <= 8 * Double(order) * Double.ulpOfOne * 4)
    }
  }

  @Test func onlyTheUpperTriangleIsUsed() throws {
    var matrix = DecompositionCase.square.gramMatrix(of: Double.self)
    let expected = try SymmetricEigendecomposition(matrix.view).eigenvalues
    for row in 1..<4 {
      for column in 0..<row { matrix[row, column] = 77 }
    }
    #expect(try SymmetricEigendecomposition(matrix.view).eigenvalues == expected)
  }

  /// Orders whose workspace `LAPACKE_ssyevd` rounds down: it failed there with info −9.
  ///
  /// The matrix is diagonal, so that its eigenvalues are known to the bit.
  @Test(arguments: [2895, 4096])
  func workspaceIsRightWhereFloatsRoundItDown(order: Int) throws {
    var matrix = Matrix<Float>(rowCount: order, columnCount: order)
    for row in 0..<order { matrix[row, row] = Float(row) }
    var values = [Float](repeating: 0, count: order)
    var elements = matrix.mutableSpan
    var valueSpan = values.mutableSpan
    try Float.symmetricEigendecomposition(
      order: order, vectors: true, matrix: &elements, eigenvalues: &valueSpan)
    #expect(values == (0..<order).map(Float.init))
  }

  @Test func whatCannotBeDecomposedIsRefused() {
    let oblong = Matrix<Float>(rowCount: 2, columnCount: 3)
    #expect(throws: LinearAlgebraError.notSquare(rowCount: 2, columnCount: 3)) {
      try SymmetricEigendecomposition(oblong.view)
    }
    var matrix = Matrix<Double>.identity(3)
    #expect(
      throws: LinearAlgebraError.countOutOfRange(
        name: "eigenvalue count", value: 4, minimum: 1, maximum: 3)
    ) {
      try SymmetricEigendecomposition(leading: 4, of: matrix.view)
    }
    matrix[2, 1] = .nan
    let error = #expect(throws: LinearAlgebraError.self) {
      try SymmetricEigendecomposition(matrix.view)
    }
    #expect(error == .nonFinite(row: 2, column: 1))
    #expect(throws: LinearAlgebraError.nonFinite(row: 2, column: 1)) {
      try SymmetricEigendecomposition(leading: 1, of: matrix.view)
    }
  }

  @Test func nothingHasNoEigenvalues() throws {
    let none = Matrix<Double>(rowCount: 0, columnCount: 0)
    #expect(try SymmetricEigendecomposition(none.view).eigenvalues.isEmpty)
  }
}
