internal import CLAPACK

extension Double {
  /// Computes all eigenvalues, and the eigenvectors if asked, by `dsyevd`.
  public static func symmetricEigendecomposition(
    order: Int, vectors: Bool, matrix: inout MutableSpan<Double>,
    eigenvalues: inout MutableSpan<Double>
  ) throws(LinearAlgebraError) {
    precondition(matrix.count == order * order, "\(matrix.count) elements for order \(order)")
    precondition(eigenvalues.count == order, "\(eigenvalues.count) eigenvalues, order \(order)")
    guard order > 0 else { return }
    // The documented minimum, computed here in integers: `LAPACKE_dsyevd` takes it from a float,
    // which from order 2895 up may be rounded down to too little.
    let workCount = vectors ? 1 + 6 * order + 2 * order * order : 2 * order + 1
    let integerCount = vectors ? 3 + 5 * order : 1
    let n = try lapackCount(order, "matrix order")
    let workLimit = try lapackCount(workCount, "eigendecomposition workspace")
    let integerLimit = try lapackCount(integerCount, "eigendecomposition workspace")
    OpenBLAS.useOneThread()
    var work = [Double](repeating: 0, count: workCount)
    var integers = [Int32](repeating: 0, count: integerCount)
    // Every array has the size that the routine documents for these arguments.
    let info = unsafe matrix.withUnsafeMutableBufferPointer { a in
      unsafe eigenvalues.withUnsafeMutableBufferPointer { w in
        unsafe LAPACKE_dsyevd_work(
          columnMajor, letter(vectors ? "V" : "N"), letter("L"), n, a.baseAddress, n,
          w.baseAddress, &work, workLimit, &integers, integerLimit)
      }
    }
    try check(info, "dsyevd") { .noConvergence(routine: "dsyevd", unconverged: $0) }
  }

  /// Computes the eigenvalues of given ranks and their eigenvectors, by `dsyevr`.
  public static func symmetricEigendecomposition(
    order: Int, ranks: Range<Int>, matrix: inout MutableSpan<Double>,
    eigenvalues: inout MutableSpan<Double>, eigenvectors: inout MutableSpan<Double>
  ) throws(LinearAlgebraError) {
    precondition(matrix.count == order * order, "\(matrix.count) elements for order \(order)")
    precondition(ranks.lowerBound >= 0 && ranks.upperBound <= order, "ranks \(ranks) of \(order)")
    precondition(eigenvalues.count == order, "\(eigenvalues.count) eigenvalues, order \(order)")
    precondition(
      eigenvectors.count == ranks.count * order,
      "\(eigenvectors.count) eigenvector elements for \(ranks.count) of order \(order)")
    guard !ranks.isEmpty else { return }
    // The documented minimum is 26 n; with blocks of 64 rows, which OpenBLAS uses, 70 n is the best.
    let workCount = 70 * order
    let integerCount = 10 * order
    let n = try lapackCount(order, "matrix order")
    let workLimit = try lapackCount(workCount, "eigendecomposition workspace")
    let integerLimit = try lapackCount(integerCount, "eigendecomposition workspace")
    OpenBLAS.useOneThread()
    var work = [Double](repeating: 0, count: workCount)
    var integers = [Int32](repeating: 0, count: integerCount)
    var support = [Int32](repeating: 0, count: 2 * order)
    var found: Int32 = 0
    // Every array has the size that the routine documents; the ranks, counted from one, lie in 1...n.
    let info = unsafe matrix.withUnsafeMutableBufferPointer { a in
      unsafe eigenvalues.withUnsafeMutableBufferPointer { w in
        unsafe eigenvectors.withUnsafeMutableBufferPointer { z in
          unsafe LAPACKE_dsyevr_work(
            columnMajor, letter("V"), letter("I"), letter("L"), n, a.baseAddress, n, 0, 0,
            Int32(ranks.lowerBound + 1), Int32(ranks.upperBound), 0, &found, w.baseAddress,
            z.baseAddress, n, &support, &work, workLimit, &integers, integerLimit)
        }
      }
    }
    try check(info, "dsyevr") { .noConvergence(routine: "dsyevr", unconverged: $0) }
    guard Int(found) == ranks.count else {
      throw .noConvergence(routine: "dsyevr", unconverged: ranks.count - Int(found))
    }
  }

  /// Computes a thin singular value decomposition, by `dgesdd`.
  public static func singularValueDecomposition(
    rowCount: Int, columnCount: Int, matrix: inout MutableSpan<Double>,
    leftVectors: inout MutableSpan<Double>, singularValues: inout MutableSpan<Double>,
    rightVectors: inout MutableSpan<Double>
  ) throws(LinearAlgebraError) {
    let rank = min(rowCount, columnCount)
    precondition(matrix.count == rowCount * columnCount, "\(matrix.count) elements")
    let wantsVectors = leftVectors.count > 0 || rightVectors.count > 0
    precondition(
      !wantsVectors || leftVectors.count == rowCount * rank, "\(leftVectors.count) left elements")
    precondition(
      !wantsVectors || rightVectors.count == rank * columnCount,
      "\(rightVectors.count) right elements")
    let job = letter(wantsVectors ? "S" : "N")
    precondition(singularValues.count == rank, "\(singularValues.count) singular values")
    guard rank > 0 else { return }
    // Read column by column, A is its transpose: m and n change places, and so do U and V.
    let m = try lapackCount(columnCount, "column count")
    let n = try lapackCount(rowCount, "row count")
    let k = min(m, n)
    let minimum = 4 * rank * rank + 7 * rank + max(rowCount, columnCount)
    _ = try lapackCount(minimum, "singular value decomposition workspace")
    OpenBLAS.useOneThread()
    var integers = [Int32](repeating: 0, count: 8 * rank)
    // Every array has the size that the routine documents; the query touches none but the first
    // element of the workspace.
    let outcome = unsafe matrix.withUnsafeMutableBufferPointer { a in
      unsafe leftVectors.withUnsafeMutableBufferPointer { u in
        unsafe singularValues.withUnsafeMutableBufferPointer { s in
          unsafe rightVectors.withUnsafeMutableBufferPointer { v -> Outcome in
            var answer: Double = 0
            let query = unsafe LAPACKE_dgesdd_work(
              columnMajor, job, m, n, a.baseAddress, m, s.baseAddress, v.baseAddress, m,
              u.baseAddress, k, &answer, -1, &integers)
            guard query == 0 else { return .info(query) }
            let workCount = workspaceSize(answer, atLeast: minimum)
            guard let workLimit = Int32(exactly: workCount) else { return .tooLarge(workCount) }
            var work = [Double](repeating: 0, count: workCount)
            return unsafe .info(
              LAPACKE_dgesdd_work(
                columnMajor, job, m, n, a.baseAddress, m, s.baseAddress, v.baseAddress, m,
                u.baseAddress, k, &work, workLimit, &integers))
          }
        }
      }
    }
    let info = try outcome.value(workspaceOf: "singular value decomposition")
    try check(info, "dgesdd") { .noConvergence(routine: "dgesdd", unconverged: $0) }
  }

  /// Computes a thin QR factorisation, by `dgelqf` and `dorglq` of the transpose.
  public static func qrFactorization(
    rowCount: Int, columnCount: Int, matrix: inout MutableSpan<Double>,
    triangle: inout MutableSpan<Double>
  ) throws(LinearAlgebraError) {
    let rank = min(rowCount, columnCount)
    precondition(matrix.count == rowCount * columnCount, "\(matrix.count) elements")
    precondition(triangle.count == rank * columnCount, "\(triangle.count) triangle elements")
    guard rank > 0 else { return }
    // Read column by column, A is its transpose, n × m; its factors L and Q are Rᵀ and Qᵀ of A.
    let m = try lapackCount(columnCount, "column count")
    let n = try lapackCount(rowCount, "row count")
    let k = min(m, n)
    // 64 is the block size that OpenBLAS uses; more would not help.
    let workCount = 64 * max(rowCount, columnCount)
    let workLimit = try lapackCount(workCount, "QR workspace")
    OpenBLAS.useOneThread()
    var work = [Double](repeating: 0, count: workCount)
    var factors = [Double](repeating: 0, count: rank)
    // The matrix has the size of its two sides, the factors one element for each reflection.
    let factored = unsafe matrix.withUnsafeMutableBufferPointer { a in
      unsafe LAPACKE_dgelqf_work(columnMajor, m, n, a.baseAddress, m, &factors, &work, workLimit)
    }
    try check(factored, "dgelqf") { .illegalArgument(routine: "dgelqf", position: $0) }
    for row in 0..<rank {
      for column in 0..<columnCount {
        triangle[row * columnCount + column] =
          column >= row ? matrix[row * columnCount + column] : 0
      }
    }
    // As above: min(m, n) rows of Qᵀ, each of n elements, at the same leading dimension.
    let generated = unsafe matrix.withUnsafeMutableBufferPointer { a in
      unsafe LAPACKE_dorglq_work(
        columnMajor, k, n, k, a.baseAddress, m, factors, &work, workLimit)
    }
    try check(generated, "dorglq") { .illegalArgument(routine: "dorglq", position: $0) }
  }

  /// Computes the lower Cholesky factor in place, by `dpotrf`.
  public static func choleskyFactorization(
    order: Int, matrix: inout MutableSpan<Double>
  ) throws(LinearAlgebraError) {
    precondition(matrix.count == order * order, "\(matrix.count) elements for order \(order)")
    guard order > 0 else { return }
    let n = try lapackCount(order, "matrix order")
    OpenBLAS.useOneThread()
    // A row-major lower triangle is a column-major upper one.
    let info = unsafe matrix.withUnsafeMutableBufferPointer { a in
      unsafe LAPACKE_dpotrf_work(columnMajor, letter("U"), n, a.baseAddress, n)
    }
    try check(info, "dpotrf") { .notPositiveDefinite(leadingMinor: $0) }
  }

  /// Solves op(T) X = B in place, by `dtrsm`.
  public static func solveTriangular(
    _ triangle: MatrixView<Double>, isLower: Bool, transposed: Bool, hasUnitDiagonal: Bool,
    rightHandSides: inout MutableSpan<Double>, columnCount: Int
  ) {
    let order = triangle.rowCount
    precondition(triangle.columnCount == order, "a triangle of width \(triangle.columnCount)")
    precondition(
      rightHandSides.count == order * columnCount,
      "\(rightHandSides.count) elements for \(columnCount) right-hand sides of order \(order)")
    guard order > 0, columnCount > 0 else { return }
    OpenBLAS.useOneThread()
    // The view holds a square of that order, and the right-hand sides' size was checked.
    unsafe triangle.elements.withUnsafeBufferPointer { a in
      unsafe rightHandSides.withUnsafeMutableBufferPointer { b in
        unsafe cblas_dtrsm(
          CblasRowMajor, CblasLeft, isLower ? CblasLower : CblasUpper,
          transposed ? CblasTrans : CblasNoTrans, hasUnitDiagonal ? CblasUnit : CblasNonUnit,
          blasCount(order, "order"), blasCount(columnCount, "right-hand side count"), 1,
          a.baseAddress, leadingDimension(triangle.rowStride), b.baseAddress,
          leadingDimension(columnCount))
      }
    }
  }

  /// Solves least squares by minimum norm, by `dgelsd`.
  public static func leastSquares(
    rowCount: Int, columnCount: Int, rightHandSideCount: Int,
    columnMajorMatrix: inout MutableSpan<Double>,
    columnMajorSides: inout MutableSpan<Double>, singularValues: inout MutableSpan<Double>,
    relativeThreshold: Double
  ) throws(LinearAlgebraError) -> Int {
    let smaller = min(rowCount, columnCount)
    let larger = max(rowCount, columnCount)
    precondition(columnMajorMatrix.count == rowCount * columnCount, "matrix elements")
    precondition(columnMajorSides.count == larger * rightHandSideCount, "right-hand elements")
    precondition(singularValues.count == smaller, "\(singularValues.count) singular values")
    guard smaller > 0, rightHandSideCount > 0 else { return 0 }
    let m = try lapackCount(rowCount, "row count")
    let n = try lapackCount(columnCount, "column count")
    let sideCount = try lapackCount(rightHandSideCount, "right-hand side count")
    // The documented sizes, with the smallest leaf that LAPACK uses (25) and more levels than a
    // 32-bit order can need.
    let levels = Int.bitWidth - smaller.leadingZeroBitCount
    let integerCount = max(1, 3 * smaller * levels + 11 * smaller)
    let minimum =
      12 * larger + 2 * larger * 25 + 8 * larger * levels + larger * rightHandSideCount + 26 * 26
    _ = try lapackCount(minimum, "least-squares workspace")
    OpenBLAS.useOneThread()
    var integers = [Int32](repeating: 0, count: integerCount)
    var rank: Int32 = 0
    // Every array has the size that the routine documents; the query writes only the two sizes.
    let outcome = unsafe columnMajorMatrix.withUnsafeMutableBufferPointer { a in
      unsafe columnMajorSides.withUnsafeMutableBufferPointer { b in
        unsafe singularValues.withUnsafeMutableBufferPointer { s -> Outcome in
          var answer: Double = 0
          let query = unsafe LAPACKE_dgelsd_work(
            columnMajor, m, n, sideCount, a.baseAddress, m, b.baseAddress, max(m, n),
            s.baseAddress, relativeThreshold, &rank, &answer, -1, &integers)
          guard query == 0 else { return .info(query) }
          let workCount = workspaceSize(answer, atLeast: minimum)
          guard let workLimit = Int32(exactly: workCount) else { return .tooLarge(workCount) }
          if Int(integers[0]) > integerCount {
            integers = [Int32](repeating: 0, count: Int(integers[0]))
          }
          var work = [Double](repeating: 0, count: workCount)
          return unsafe .info(
            LAPACKE_dgelsd_work(
              columnMajor, m, n, sideCount, a.baseAddress, m, b.baseAddress, max(m, n),
              s.baseAddress, relativeThreshold, &rank, &work, workLimit, &integers))
        }
      }
    }
    let info = try outcome.value(workspaceOf: "least squares")
    try check(info, "dgelsd") { .noConvergence(routine: "dgelsd", unconverged: $0) }
    return Int(rank)
  }
}
