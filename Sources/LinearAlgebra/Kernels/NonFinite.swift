internal import CArrayKernels

extension Float {
  /// The place of the first NaN or infinity, or `nil`.
  public static func firstNonFinite(in values: Span<Float>) -> Int? {
    // The kernel reads the span's elements.
    let place = unsafe values.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return -1 }
      return unsafe array_kernels_first_non_finite_float(start, buffer.count)
    }
    return place < 0 ? nil : place
  }
}

extension Double {
  /// The place of the first NaN or infinity, or `nil`.
  public static func firstNonFinite(in values: Span<Double>) -> Int? {
    // The kernel reads the span's elements.
    let place = unsafe values.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return -1 }
      return unsafe array_kernels_first_non_finite_double(start, buffer.count)
    }
    return place < 0 ? nil : place
  }
}

/// The place of the first NaN or infinity.
///
/// - Parameter values: Any number of elements.
/// - Returns: A zero-based place, or `nil` if all are finite.
/// - Complexity: O(*n*), at memory speed.
public func firstNonFinite<Scalar: LAPACKScalar>(in values: Span<Scalar>) -> Int? {
  Scalar.firstNonFinite(in: values)
}

extension MatrixView where Scalar: LAPACKScalar {
  /// Refuses a matrix that holds a NaN or an infinity.
  ///
  /// - Throws: ``LinearAlgebraError/nonFinite(row:column:)``, with the first such place by rows.
  public func requireFinite() throws(LinearAlgebraError) {
    if rowStride == columnCount {
      let count = rowCount * columnCount
      if let place = Scalar.firstNonFinite(in: elements.extracting(0..<count)) {
        throw .nonFinite(row: place / columnCount, column: place % columnCount)
      }
      return
    }
    for row in 0..<rowCount {
      if let column = Scalar.firstNonFinite(in: self.row(row)) {
        throw .nonFinite(row: row, column: column)
      }
    }
  }
}
