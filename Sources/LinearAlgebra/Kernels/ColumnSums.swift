internal import CArrayKernels

// One extension per scalar, alike: sums over rows in float64, by the C kernels.

extension Float {
  /// Adds every named row's elements to the sums.
  public static func addColumnSums(
    of matrix: MatrixView<Float>, rows: Span<Int64>, to sums: inout MutableSpan<Double>
  ) {
    checkColumnSums(matrix, rows, sums.count)
    let (stride, width) = (matrix.rowStride, matrix.columnCount)
    // Every named row was checked to lie in the view, and there is a sum for each column.
    unsafe matrix.elements.withUnsafeBufferPointer { x in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          guard let x = x.baseAddress, let rowStart = rows.baseAddress,
            let sums = sums.baseAddress
          else { return }
          unsafe array_kernels_column_sums_float(x, stride, rowStart, rows.count, width, sums)
        }
      }
    }
  }

  /// Adds the squared deviations of every named row's elements from given means.
  public static func addColumnSquares(
    of matrix: MatrixView<Float>, rows: Span<Int64>, around means: Span<Double>,
    to sums: inout MutableSpan<Double>
  ) {
    checkColumnSums(matrix, rows, sums.count)
    precondition(means.count == sums.count, "\(means.count) means for \(sums.count) columns")
    let (stride, width) = (matrix.rowStride, matrix.columnCount)
    // As above; there is a mean for each column too.
    unsafe matrix.elements.withUnsafeBufferPointer { x in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe means.withUnsafeBufferPointer { means in
          unsafe sums.withUnsafeMutableBufferPointer { sums in
            guard let x = x.baseAddress, let rowStart = rows.baseAddress,
              let means = means.baseAddress, let sums = sums.baseAddress
            else { return }
            unsafe array_kernels_column_squares_float(
              x, stride, rowStart, rows.count, width, means, sums)
          }
        }
      }
    }
  }
}

extension Double {
  /// Adds every named row's elements to the sums.
  public static func addColumnSums(
    of matrix: MatrixView<Double>, rows: Span<Int64>, to sums: inout MutableSpan<Double>
  ) {
    checkColumnSums(matrix, rows, sums.count)
    let (stride, width) = (matrix.rowStride, matrix.columnCount)
    // Every named row was checked to lie in the view, and there is a sum for each column.
    unsafe matrix.elements.withUnsafeBufferPointer { x in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          guard let x = x.baseAddress, let rowStart = rows.baseAddress,
            let sums = sums.baseAddress
          else { return }
          unsafe array_kernels_column_sums_double(x, stride, rowStart, rows.count, width, sums)
        }
      }
    }
  }

  /// Adds the squared deviations of every named row's elements from given means.
  public static func addColumnSquares(
    of matrix: MatrixView<Double>, rows: Span<Int64>, around means: Span<Double>,
    to sums: inout MutableSpan<Double>
  ) {
    checkColumnSums(matrix, rows, sums.count)
    precondition(means.count == sums.count, "\(means.count) means for \(sums.count) columns")
    let (stride, width) = (matrix.rowStride, matrix.columnCount)
    // As above; there is a mean for each column too.
    unsafe matrix.elements.withUnsafeBufferPointer { x in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe means.withUnsafeBufferPointer { means in
          unsafe sums.withUnsafeMutableBufferPointer { sums in
            guard let x = x.baseAddress, let rowStart = rows.baseAddress,
              let means = means.baseAddress, let sums = sums.baseAddress
            else { return }
            unsafe array_kernels_column_squares_double(
              x, stride, rowStart, rows.count, width, means, sums)
          }
        }
      }
    }
  }
}

private func checkColumnSums<Scalar>(
  _ matrix: borrowing MatrixView<Scalar>, _ rows: Span<Int64>, _ sumCount: Int
) {
  precondition(
    sumCount == matrix.columnCount, "\(sumCount) sums for \(matrix.columnCount) columns")
  let bound = Int64(matrix.rowCount)
  for place in rows.indices {
    precondition(rows[place] >= 0 && rows[place] < bound, "row \(rows[place]) of \(bound)")
  }
}
