extension Matrix where Scalar == Double {
  /// The same numbers in double precision, exactly.
  ///
  /// - Parameter matrix: Numbers in single precision.
  public init(_ matrix: Matrix<Float>) {
    self.init(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount,
      elements: matrix.elements.map { Double($0) })
  }
}

extension Matrix where Scalar == Float {
  /// The nearest numbers in single precision.
  ///
  /// - Parameter matrix: Numbers in double precision; those beyond the range become infinite.
  public init(_ matrix: Matrix<Double>) {
    self.init(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount,
      elements: matrix.elements.map { Float($0) })
  }
}
