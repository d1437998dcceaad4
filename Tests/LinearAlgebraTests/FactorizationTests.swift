import LinearAlgebra
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Oracle: reconstruction and orthogonality, closed forms, the normal equations.
@Suite struct FactorizationTests {
  func checkSVD<Scalar: LAPACKScalar>(_ type: Scalar.Type, _ which: DecompositionCase) throws {
    let matrix = which.matrix(of: type)
    let result = try SingularValueDecomposition(matrix.view)
    #expect(largestDifference(result.reconstructed(), matrix) <= tolerance(of: matrix))
    let unit = 8 * Scalar(max(matrix.rowCount, matrix.columnCount)) * Scalar.ulpOfOne
    #expect(orthonormalityError(rows: result.leftVectors.transposed()) <= unit)
    #expect(orthonormalityError(rows: result.rightVectors) <= unit)
    #expect(result.singularValues == result.singularValues.sorted(by: >))
    #expect(result.singularValues.allSatisfy { $0 >= 0 })
  }

  @Test(arguments: DecompositionCase.allCases)
  func singularValuesReconstruct(which: DecompositionCase) throws {
    try checkSVD(Float.self, which)
    try checkSVD(Double.self, which)
  }

  @Test func ranksAreTheNumberOfDirections() throws {
    func rank(_ which: DecompositionCase) throws -> Int {
      try SingularValueDecomposition(which.matrix(of: Double.self).view).rank()
    }
    #expect(try rank(.rankDeficient) == 3)
    #expect(try rank(.duplicatedRows) == 10)
    #expect(try rank(.zeros) == 0)
    #expect(try rank(.longTall) == 20)
  }

  @Test func singularValuesHaveTheirClosedForm() throws {
    // [[a, 0], [0, −b], [0, 0]] turned by a rotation has the singular values a and b.
    let matrix = Matrix<Double>(rows: [[0.6 * 3, 0.8 * 5], [0.8 * 3, -0.6 * 5], [0, 0]])
    let values = try SingularValueDecomposition(matrix.view).singularValues
    #expect(abs(values[0] - 5) <= 1e-14 && abs(values[1] - 3) <= 1e-14)
    // A matrix of ones has the one singular value √(m n).
    let ones = Matrix<Float>(rowCount: 9, columnCount: 4, repeating: 1)
    let one = try SingularValueDecomposition(ones.view).singularValues
    #expect(abs(one[0] - 6) <= 1e-5 && one[1...].allSatisfy { $0 <= 1e-5 })
  }

  func checkQR<Scalar: LAPACKScalar>(_ type: Scalar.Type, _ which: DecompositionCase) throws {
    let matrix = which.matrix(of: type)
    let result = try QRFactorization(matrix.view)
    let rank = min(matrix.rowCount, matrix.columnCount)
    #expect(result.orthonormal.columnCount == rank && result.upper.rowCount == rank)
    #expect(
      largestDifference(naiveProduct(result.orthonormal, result.upper), matrix)
        <= tolerance(of: matrix))
    let unit = 8 * Scalar(max(matrix.rowCount, matrix.columnCount)) * Scalar.ulpOfOne
    #expect(orthonormalityError(rows: result.orthonormal.transposed()) <= unit)
    for row in 0..<rank {
      for column in 0..<row { #expect(result.upper[row, column] == 0) }
    }
  }

  @Test(arguments: DecompositionCase.allCases)
  func orthonormalTimesUpperReconstructs(which: DecompositionCase) throws {
    try checkQR(Float.self, which)
    try checkQR(Double.self, which)
  }

  func checkCholesky<Scalar: LAPACKScalar>(_ type: Scalar.Type, order: Int) throws {
    var random = Reproducible(seed: 22)
    let rows: Matrix<Scalar> = random.matrix(2 * order + 1, order)
    var matrix = symmetricProduct(of: rows.view, transposed: true)
    for row in 0..<order { matrix[row, row] += 1 }
    // What lies above the diagonal must not matter.
    var disturbed = matrix
    for row in 0..<order {
      for column in (row + 1)..<max(order, row + 1) { disturbed[row, column] = -9 }
    }
    let factor = try CholeskyFactorization(disturbed.view)
    let tolerance = tolerance(of: matrix)
    let lower = factor.lower
    #expect(largestDifference(naiveProduct(lower, lower.transposed()), matrix) <= tolerance)
    let sides: Matrix<Scalar> = random.matrix(order, 3)
    let solution = try factor.solve(sides.view)
    // The smallest eigenvalue is at least 1, so the residual bounds the error.
    #expect(largestDifference(naiveProduct(matrix, solution), sides) <= tolerance)
    let one = try factor.solve(sides.column(1))
    for (left, right) in zip(one, solution.column(1)) { #expect(abs(left - right) <= tolerance) }
    // ‖L⁻¹ b‖² = bᵀ A⁻¹ b.
    let half = try factor.halfSolve(sides.view)
    let quadratic = naiveProduct(sides.transposed(), solution)
    #expect(largestDifference(naiveProduct(half.transposed(), half), quadratic) <= tolerance)
    let eigenvalues = try SymmetricEigendecomposition(matrix.view).eigenvalues
    let expected = eigenvalues.reduce(Scalar(0)) { $0 + Scalar(log(Double($1))) }
    #expect(abs(factor.logDeterminant - expected) <= tolerance)
  }

  @Test(arguments: [1, 2, 4, 20, 150])
  func choleskyFactorsReconstructAndSolve(order: Int) throws {
    try checkCholesky(Float.self, order: order)
    try checkCholesky(Double.self, order: order)
  }

  @Test func logDeterminantsHaveTheirClosedForm() throws {
    // I + c u uᵀ has the determinant 1 + c ‖u‖²; scaled by 1e-3 in 200 dimensions it underflows.
    let order = 200
    let matrix = Matrix<Double>(rowCount: order, columnCount: order) {
      1e-3 * (($0 == $1 ? 1 : 0) + 2.0)
    }
    let expected = log(401) + Double(order) * log(1e-3)
    let actual = try CholeskyFactorization(matrix.view).logDeterminant
    #expect(abs(actual - expected) <= 8 * 200 * Double.ulpOfOne * abs(expected))
  }

  @Test func theMinorThatFailsIsNamed() {
    var matrix = Matrix<Float>.identity(5)
    matrix[3, 3] = -1
    let error = #expect(throws: LinearAlgebraError.self) {
      try CholeskyFactorization(matrix.view)
    }
    #expect(error == .notPositiveDefinite(leadingMinor: 4))
    #expect(error?.description.contains("order 4") == true)
    matrix[1, 0] = .infinity
    #expect(throws: LinearAlgebraError.nonFinite(row: 1, column: 0)) {
      try CholeskyFactorization(matrix.view)
    }
  }

  @Test func rightHandSidesMustFit() throws {
    let factor = try CholeskyFactorization(Matrix<Double>.identity(3).view)
    #expect(throws: LinearAlgebraError.self) { try factor.solve([1, 2]) }
    #expect(throws: LinearAlgebraError.nonFinite(row: 1, column: 0)) {
      try factor.solve([1, .nan, 2])
    }
  }

  @Test(arguments: [Triangle.lower, .upper], [false, true])
  func trianglesAreSolved(triangle: Triangle, transposed: Bool) throws {
    var random = Reproducible(seed: 23)
    var matrix: Matrix<Double> = random.matrix(17, 17)
    for row in 0..<17 { matrix[row, row] += 20 }
    let sides: Matrix<Double> = random.matrix(17, 4)
    let solution = try solveTriangular(
      matrix.view, triangle, transposed: transposed, rightHandSides: sides.view)
    let kept = Matrix<Double>(rowCount: 17, columnCount: 17) {
      ($1 <= $0) == (triangle == .lower) || $0 == $1 ? matrix[$0, $1] : 0
    }
    let operand = transposed ? kept.transposed() : kept
    #expect(largestDifference(naiveProduct(operand, solution), sides) <= tolerance(of: matrix))
    matrix[5, 5] = 0
    #expect(throws: LinearAlgebraError.singular(diagonal: 5)) {
      try solveTriangular(matrix.view, triangle, rightHandSides: sides.view)
    }
  }

  func checkLeastSquares<Scalar: LAPACKScalar>(
    _ type: Scalar.Type, _ which: DecompositionCase
  ) throws {
    let matrix = which.matrix(of: type)
    var random = Reproducible(seed: 24)
    let sides: Matrix<Scalar> = random.matrix(matrix.rowCount, 2)
    let result = try LeastSquares(matrix.view, rightHandSides: sides.view)
    // The pseudo-inverse from the singular values is the solution of least norm.
    let decomposition = try SingularValueDecomposition(matrix.view)
    let rank = decomposition.rank()
    #expect(result.rank == rank)
    var coefficients = naiveProduct(decomposition.leftVectors.transposed(), sides)
    for row in 0..<coefficients.rowCount {
      coefficients.scaleRow(row, by: row < rank ? 1 / decomposition.singularValues[row] : 0)
    }
    let expected = naiveProduct(decomposition.rightVectors.transposed(), coefficients)
    let smallest = rank > 0 ? decomposition.singularValues[rank - 1] : 1
    let condition = max(1, 1 / (smallest * smallest))
    #expect(
      largestDifference(result.solution, expected) <= tolerance(of: matrix) * condition)
    for (left, right) in zip(result.singularValues, decomposition.singularValues) {
      #expect(abs(left - right) <= tolerance(of: matrix))
    }
  }

  @Test(arguments: DecompositionCase.allCases)
  func leastSquaresHasTheLeastNorm(which: DecompositionCase) throws {
    try checkLeastSquares(Float.self, which)
    try checkLeastSquares(Double.self, which)
  }

  @Test func aLineIsFittedExactly() throws {
    let matrix = Matrix<Double>(rows: (0..<9).map { [1, Double($0)] })
    let sides = Matrix<Double>(rows: (0..<9).map { [3 - 2 * Double($0)] })
    let result = try LeastSquares(matrix.view, rightHandSides: sides.view)
    #expect(abs(result.solution[0, 0] - 3) <= 1e-13 && abs(result.solution[1, 0] + 2) <= 1e-13)
    var broken = sides
    broken[4, 0] = .infinity
    #expect(throws: LinearAlgebraError.nonFinite(row: 4, column: 0)) {
      try LeastSquares(matrix.view, rightHandSides: broken.view)
    }
  }

  @Test func dotProductsAndDistancesEqualTheirSums() {
    var random = Reproducible(seed: 25)
    for count in [0, 1, 255, 256, 1000] {
      let left: [Float] = random.elements(count)
      let right: [Float] = random.elements(count)
      let dot = zip(left, right).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let distance = zip(left, right).reduce(0.0) {
        $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
      }
      let tolerance = 256 * Double(Float.ulpOfOne) * Double(max(1, count)) / 16
      #expect(abs(dotProduct(left.span, right.span) - dot) <= tolerance)
      #expect(abs(squaredDistance(left.span, right.span) - distance) <= tolerance)
    }
  }

  @Test func rowsAndColumnsAreShiftedAndScaled() {
    var matrix = Matrix<Float>(rows: [[1, 2, 3], [4, 5, 6]])
    matrix.subtractFromRows([1, 1, 2])
    matrix.scaleColumns(by: [1, 2, 3])
    matrix.scaleRow(1, by: 10)
    #expect(matrix == Matrix(rows: [[0, 2, 3], [30, 80, 120]]))
  }
}
