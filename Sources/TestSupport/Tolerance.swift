public import LinearAlgebra

/// Comparisons with a tolerance that is derived, not guessed.
public enum Tolerance {
  /// The rounding error that a result may have: `factor` · n · ulp(1) · scale.
  ///
  /// - Parameters:
  ///   - factor: the constant of the error bound, stated by the test.
  ///   - count: how many roundings can add up.
  ///   - scale: the size of the largest number involved.
  ///   - type: the type in which the result was computed.
  /// - Returns: the largest difference that rounding explains.
  public static func rounding<Scalar: BinaryFloatingPoint>(
    factor: Double = 1, count: Int, scale: Double, in type: Scalar.Type
  ) -> Double {
    factor * Double(count) * Double(Scalar.ulpOfOne) * scale
  }

  /// The largest difference between two lists, infinite if they differ in length or hold a NaN.
  ///
  /// - Parameters:
  ///   - first: some numbers.
  ///   - second: as many others.
  /// - Returns: the largest absolute difference.
  public static func largestDifference<Scalar: BinaryFloatingPoint>(
    _ first: [Scalar], _ second: [Scalar]
  ) -> Double {
    guard first.count == second.count else { return .infinity }
    var largest = 0.0
    for (one, other) in zip(first, second) {
      let difference = (Double(one) - Double(other)).magnitude
      guard !difference.isNaN else { return .infinity }
      largest = Swift.max(largest, difference)
    }
    return largest
  }

  /// The largest difference between two matrices, infinite if they differ in shape or hold a NaN.
  ///
  /// - Parameters:
  ///   - first: a matrix.
  ///   - second: another of the same shape.
  /// - Returns: the largest absolute difference.
  public static func largestDifference<Scalar: LAPACKScalar>(
    _ first: Matrix<Scalar>, _ second: Matrix<Scalar>
  ) -> Double {
    guard first.rowCount == second.rowCount else { return .infinity }
    return largestDifference(first.elements, second.elements)
  }
}
