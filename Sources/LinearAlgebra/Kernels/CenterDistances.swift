internal import CArrayKernels

// One extension per scalar, alike: squares of differences from centres in float64, by the C kernels.

extension Float {
  /// Adds the differences of every row from a centre to sums, and returns the sum of their squares.
  public static func addDifferences(
    of matrix: MatrixView<Float>, from center: Span<Double>, to sums: inout MutableSpan<Double>
  ) -> Double {
    addDifferences(of: matrix, from: center, to: &sums, form: .automatic)
  }

  /// The squared distance of every row to every centre.
  public static func squaredDistances(
    of matrix: MatrixView<Float>, to centers: MatrixView<Double>,
    into distances: inout MutableSpan<Double>
  ) {
    squaredDistances(of: matrix, to: centers, into: &distances, form: .automatic)
  }

  /// The differences by a chosen form.
  package static func addDifferences(
    of matrix: MatrixView<Float>, from center: Span<Double>, to sums: inout MutableSpan<Double>,
    form: KernelForm
  ) -> Double {
    checkDifferences(matrix, center.count, sums.count)
    let (stride, rowCount, width) = (matrix.rowStride, matrix.rowCount, matrix.columnCount)
    // A view holds the rows that it promises, and there is a centre and a sum for each column.
    return unsafe matrix.elements.withUnsafeBufferPointer { x in
      unsafe center.withUnsafeBufferPointer { center in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          guard let x = x.baseAddress, let center = center.baseAddress,
            let sums = sums.baseAddress
          else { return 0 }
          return unsafe array_kernels_centered_moments_float(
            x, stride, rowCount, width, center, sums, form.isPortable)
        }
      }
    }
  }

  /// The distances by a chosen form.
  package static func squaredDistances(
    of matrix: MatrixView<Float>, to centers: MatrixView<Double>,
    into distances: inout MutableSpan<Double>, form: KernelForm
  ) {
    checkDistances(matrix, centers, distances.count)
    let (stride, rowCount, width) = (matrix.rowStride, matrix.rowCount, matrix.columnCount)
    let (centerStride, centerCount) = (centers.rowStride, centers.rowCount)
    // As above; there is a distance for each row and centre.
    unsafe matrix.elements.withUnsafeBufferPointer { x in
      unsafe centers.elements.withUnsafeBufferPointer { centers in
        unsafe distances.withUnsafeMutableBufferPointer { distances in
          guard let x = x.baseAddress, let centers = centers.baseAddress,
            let distances = distances.baseAddress
          else { return }
          unsafe array_kernels_squared_distances_float(
            x, stride, rowCount, width, centers, centerStride, centerCount, distances,
            form.isPortable)
        }
      }
    }
  }
}

extension Double {
  /// Adds the differences of every row from a centre to sums, and returns the sum of their squares.
  public static func addDifferences(
    of matrix: MatrixView<Double>, from center: Span<Double>, to sums: inout MutableSpan<Double>
  ) -> Double {
    addDifferences(of: matrix, from: center, to: &sums, form: .automatic)
  }

  /// The squared distance of every row to every centre.
  public static func squaredDistances(
    of matrix: MatrixView<Double>, to centers: MatrixView<Double>,
    into distances: inout MutableSpan<Double>
  ) {
    squaredDistances(of: matrix, to: centers, into: &distances, form: .automatic)
  }

  /// The differences by a chosen form.
  package static func addDifferences(
    of matrix: MatrixView<Double>, from center: Span<Double>, to sums: inout MutableSpan<Double>,
    form: KernelForm
  ) -> Double {
    checkDifferences(matrix, center.count, sums.count)
    let (stride, rowCount, width) = (matrix.rowStride, matrix.rowCount, matrix.columnCount)
    // A view holds the rows that it promises, and there is a centre and a sum for each column.
    return unsafe matrix.elements.withUnsafeBufferPointer { x in
      unsafe center.withUnsafeBufferPointer { center in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          guard let x = x.baseAddress, let center = center.baseAddress,
            let sums = sums.baseAddress
          else { return 0 }
          return unsafe array_kernels_centered_moments_double(
            x, stride, rowCount, width, center, sums, form.isPortable)
        }
      }
    }
  }

  /// The distances by a chosen form.
  package static func squaredDistances(
    of matrix: MatrixView<Double>, to centers: MatrixView<Double>,
    into distances: inout MutableSpan<Double>, form: KernelForm
  ) {
    checkDistances(matrix, centers, distances.count)
    let (stride, rowCount, width) = (matrix.rowStride, matrix.rowCount, matrix.columnCount)
    let (centerStride, centerCount) = (centers.rowStride, centers.rowCount)
    // As above; there is a distance for each row and centre.
    unsafe matrix.elements.withUnsafeBufferPointer { x in
      unsafe centers.elements.withUnsafeBufferPointer { centers in
        unsafe distances.withUnsafeMutableBufferPointer { distances in
          guard let x = x.baseAddress, let centers = centers.baseAddress,
            let distances = distances.baseAddress
          else { return }
          unsafe array_kernels_squared_distances_double(
            x, stride, rowCount, width, centers, centerStride, centerCount, distances,
            form.isPortable)
        }
      }
    }
  }
}

private func checkDifferences<Scalar>(
  _ matrix: borrowing MatrixView<Scalar>, _ centerCount: Int, _ sumCount: Int
) {
  let width = matrix.columnCount
  precondition(centerCount == width, "a centre of \(centerCount) for \(width) columns")
  precondition(sumCount == width, "\(sumCount) sums for \(width) columns")
}

private func checkDistances<Scalar>(
  _ matrix: borrowing MatrixView<Scalar>, _ centers: borrowing MatrixView<Double>,
  _ distanceCount: Int
) {
  precondition(
    centers.columnCount == matrix.columnCount,
    "centres of \(centers.columnCount) for \(matrix.columnCount) columns")
  precondition(
    distanceCount == matrix.rowCount * centers.rowCount,
    "\(distanceCount) distances of \(matrix.rowCount) rows to \(centers.rowCount) centres")
}
