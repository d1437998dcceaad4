internal import CArrayKernels

// One extension per scalar, alike: what distances of pairs of rows need besides a product.

extension Float {
  /// Centres and scales rows into single precision.
  public static func center(
    _ rows: MatrixView<Float>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Float>
  ) -> [Double] {
    let (count, width, stride) = (rows.rowCount, rows.columnCount, rows.rowStride)
    checkCenter(count, width, center.count, target.count)
    // The view holds its rows, and the target as many without gaps.
    return unsafe rows.elements.withUnsafeBufferPointer { x in
      unsafe center.withUnsafeBufferPointer { c in
        unsafe target.withUnsafeMutableBufferPointer { t in
          guard let x = x.baseAddress, let c = c.baseAddress, let t = t.baseAddress else {
            return [Double](repeating: 0, count: count)
          }
          return (0..<count).map {
            unsafe array_kernels_center_float_float(
              x + $0 * stride, c, scale, width, t + $0 * width)
          }
        }
      }
    }
  }

  /// Centres and scales rows into double precision.
  public static func center(
    _ rows: MatrixView<Float>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Double>
  ) -> [Double] {
    let (count, width, stride) = (rows.rowCount, rows.columnCount, rows.rowStride)
    checkCenter(count, width, center.count, target.count)
    // The view holds its rows, and the target as many without gaps.
    return unsafe rows.elements.withUnsafeBufferPointer { x in
      unsafe center.withUnsafeBufferPointer { c in
        unsafe target.withUnsafeMutableBufferPointer { t in
          guard let x = x.baseAddress, let c = c.baseAddress, let t = t.baseAddress else {
            return [Double](repeating: 0, count: count)
          }
          return (0..<count).map {
            unsafe array_kernels_center_float_double(
              x + $0 * stride, c, scale, width, t + $0 * width)
          }
        }
      }
    }
  }

  /// The squared distance of two scaled rows, by their differences in float64.
  public static func directSquaredDistance(
    _ left: Span<Float>, _ right: Span<Float>, scale: Double
  ) -> Double {
    checkCounts(left.count, right.count, left.count)
    // The extents are equal.
    return unsafe left.withUnsafeBufferPointer { x in
      unsafe right.withUnsafeBufferPointer { y in
        guard let start = x.baseAddress, let y = y.baseAddress else { return 0 }
        return unsafe array_kernels_squared_distance_float(start, y, scale, x.count)
      }
    }
  }

  /// The extremes of low − 2 · products and high − 2 · products.
  public static func bounds(
    ofProducts products: Span<Float>, low: Span<Float>, high: Span<Float>
  ) -> ProductBounds {
    checkCounts(products.count, low.count, high.count)
    var result: [Float] = [0, 0, 0, 0]
    var bounds = result.mutableSpan
    // The extents are equal, and there are four bounds.
    unsafe products.withUnsafeBufferPointer { p in
      unsafe low.withUnsafeBufferPointer { l in
        unsafe high.withUnsafeBufferPointer { h in
          unsafe bounds.withUnsafeMutableBufferPointer { b in
            guard let l = l.baseAddress, let h = h.baseAddress, let b = b.baseAddress,
              let start = p.baseAddress
            else { return }
            unsafe array_kernels_product_bounds_float(start, l, h, p.count, b)
          }
        }
      }
    }
    return ProductBounds(result.map { Double($0) })
  }
}

extension Double {
  /// Centres and scales rows into single precision.
  public static func center(
    _ rows: MatrixView<Double>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Float>
  ) -> [Double] {
    let (count, width, stride) = (rows.rowCount, rows.columnCount, rows.rowStride)
    checkCenter(count, width, center.count, target.count)
    // The view holds its rows, and the target as many without gaps.
    return unsafe rows.elements.withUnsafeBufferPointer { x in
      unsafe center.withUnsafeBufferPointer { c in
        unsafe target.withUnsafeMutableBufferPointer { t in
          guard let x = x.baseAddress, let c = c.baseAddress, let t = t.baseAddress else {
            return [Double](repeating: 0, count: count)
          }
          return (0..<count).map {
            unsafe array_kernels_center_double_float(
              x + $0 * stride, c, scale, width, t + $0 * width)
          }
        }
      }
    }
  }

  /// Centres and scales rows into double precision.
  public static func center(
    _ rows: MatrixView<Double>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Double>
  ) -> [Double] {
    let (count, width, stride) = (rows.rowCount, rows.columnCount, rows.rowStride)
    checkCenter(count, width, center.count, target.count)
    // The view holds its rows, and the target as many without gaps.
    return unsafe rows.elements.withUnsafeBufferPointer { x in
      unsafe center.withUnsafeBufferPointer { c in
        unsafe target.withUnsafeMutableBufferPointer { t in
          guard let x = x.baseAddress, let c = c.baseAddress, let t = t.baseAddress else {
            return [Double](repeating: 0, count: count)
          }
          return (0..<count).map {
            unsafe array_kernels_center_double_double(
              x + $0 * stride, c, scale, width, t + $0 * width)
          }
        }
      }
    }
  }

  /// The squared distance of two scaled rows, by their differences in float64.
  public static func directSquaredDistance(
    _ left: Span<Double>, _ right: Span<Double>, scale: Double
  ) -> Double {
    checkCounts(left.count, right.count, left.count)
    // The extents are equal.
    return unsafe left.withUnsafeBufferPointer { x in
      unsafe right.withUnsafeBufferPointer { y in
        guard let start = x.baseAddress, let y = y.baseAddress else { return 0 }
        return unsafe array_kernels_squared_distance_double(start, y, scale, x.count)
      }
    }
  }

  /// The extremes of low − 2 · products and high − 2 · products.
  public static func bounds(
    ofProducts products: Span<Double>, low: Span<Double>, high: Span<Double>
  ) -> ProductBounds {
    checkCounts(products.count, low.count, high.count)
    var result: [Double] = [0, 0, 0, 0]
    var bounds = result.mutableSpan
    // The extents are equal, and there are four bounds.
    unsafe products.withUnsafeBufferPointer { p in
      unsafe low.withUnsafeBufferPointer { l in
        unsafe high.withUnsafeBufferPointer { h in
          unsafe bounds.withUnsafeMutableBufferPointer { b in
            guard let l = l.baseAddress, let h = h.baseAddress, let b = b.baseAddress,
              let start = p.baseAddress
            else { return }
            unsafe array_kernels_product_bounds_double(start, l, h, p.count, b)
          }
        }
      }
    }
    return ProductBounds(result)
  }
}

/// Adds up distances that a product of rows gives: Σ √max(0, norm + norms − 2 · products).
///
/// - Parameters:
///   - products: The products of one row with others.
///   - norms: The squared lengths of the others.
///   - norm: The squared length of the one.
///   - threshold: A share of the sum of two squared lengths.
/// - Returns: The sum, and whether any squared distance is at most that share, so that cancellation may
///   have cost it many digits.
/// - Precondition: As many products as norms.
/// - Complexity: O(*n*).
public func sumOfDistances(
  products: Span<Double>, norms: Span<Double>, norm: Double, threshold: Double
) -> (sum: Double, hasClose: Bool) {
  checkCounts(products.count, norms.count, products.count)
  var sum = 0.0
  // The extents are equal.
  let hasClose = unsafe products.withUnsafeBufferPointer { p in
    unsafe norms.withUnsafeBufferPointer { n in
      guard let start = p.baseAddress, let n = n.baseAddress else { return false }
      return unsafe array_kernels_sum_distances(start, n, norm, threshold, p.count, &sum) != 0
    }
  }
  return (sum, hasClose)
}

private func checkCenter(_ count: Int, _ width: Int, _ centerCount: Int, _ targetCount: Int) {
  precondition(centerCount == width, "a centre of \(centerCount) for \(width) columns")
  precondition(targetCount >= count * width, "\(count) rows do not fit the target")
}

private func checkCounts(_ first: Int, _ second: Int, _ third: Int) {
  precondition(
    first == second && second == third, "\(first), \(second) and \(third) elements")
}
