internal import CLAPACK
public import RealModule

extension Float: LAPACKScalar {
  /// Adds a scaled product to a destination, by `sgemm`.
  public static func accumulateProduct(
    of left: MatrixView<Float>, transposed leftTransposed: Bool, and right: MatrixView<Float>,
    transposed rightTransposed: Bool, scale: Float, into destination: inout MutableSpan<Float>,
    rowStride: Int, destinationScale: Float
  ) {
    let shape = ProductShape(left, leftTransposed, right, rightTransposed)
    shape.checkDestination(elementCount: destination.count, rowStride: rowStride)
    guard shape.rowCount > 0, shape.columnCount > 0 else { return }
    OpenBLAS.useOneThread()
    // The views' and the destination's extents were checked against the shape; gemm reads and writes
    // within those.
    unsafe left.elements.withUnsafeBufferPointer { a in
      unsafe right.elements.withUnsafeBufferPointer { b in
        unsafe destination.withUnsafeMutableBufferPointer { c in
          unsafe cblas_sgemm(
            CblasRowMajor, leftTransposed ? CblasTrans : CblasNoTrans,
            rightTransposed ? CblasTrans : CblasNoTrans, blasCount(shape.rowCount, "row count"),
            blasCount(shape.columnCount, "column count"),
            blasCount(shape.innerCount, "inner dimension"), scale, a.baseAddress,
            leadingDimension(left.rowStride), b.baseAddress, leadingDimension(right.rowStride),
            destinationScale, c.baseAddress, leadingDimension(rowStride))
        }
      }
    }
  }

  /// Computes the upper triangle of A·Aᵀ or AᵀA, by `ssyrk`.
  public static func upperSymmetricProduct(
    of matrix: MatrixView<Float>, transposed: Bool, into destination: inout MutableSpan<Float>,
    rowStride: Int
  ) {
    let shape = ProductShape(matrix, transposed, matrix, !transposed)
    shape.checkDestination(elementCount: destination.count, rowStride: rowStride)
    guard shape.rowCount > 0 else { return }
    OpenBLAS.useOneThread()
    // As for the product: extents were checked, and syrk writes one triangle within them.
    unsafe matrix.elements.withUnsafeBufferPointer { a in
      unsafe destination.withUnsafeMutableBufferPointer { c in
        unsafe cblas_ssyrk(
          CblasRowMajor, CblasUpper, transposed ? CblasTrans : CblasNoTrans,
          blasCount(shape.rowCount, "order"), blasCount(shape.innerCount, "inner dimension"), 1,
          a.baseAddress, leadingDimension(matrix.rowStride), 0, c.baseAddress,
          leadingDimension(rowStride))
      }
    }
  }

  /// Computes op(A) x, by `sgemv`.
  public static func multiply(
    _ matrix: MatrixView<Float>, transposed: Bool, by vector: Span<Float>,
    into destination: inout MutableSpan<Float>
  ) {
    let inputCount = transposed ? matrix.rowCount : matrix.columnCount
    let outputCount = transposed ? matrix.columnCount : matrix.rowCount
    precondition(vector.count == inputCount, "\(vector.count) elements, \(inputCount) expected")
    precondition(
      destination.count == outputCount, "\(destination.count) elements, \(outputCount) expected")
    guard outputCount > 0 else { return }
    guard inputCount > 0 else {
      for place in 0..<outputCount { destination[place] = 0 }
      return
    }
    OpenBLAS.useOneThread()
    // The three extents were checked just above; both strides are one.
    unsafe matrix.elements.withUnsafeBufferPointer { a in
      unsafe vector.withUnsafeBufferPointer { x in
        unsafe destination.withUnsafeMutableBufferPointer { y in
          unsafe cblas_sgemv(
            CblasRowMajor, transposed ? CblasTrans : CblasNoTrans,
            blasCount(matrix.rowCount, "row count"), blasCount(matrix.columnCount, "column count"),
            1, a.baseAddress, leadingDimension(matrix.rowStride), x.baseAddress, 1, 0,
            y.baseAddress, 1)
        }
      }
    }
  }
}
