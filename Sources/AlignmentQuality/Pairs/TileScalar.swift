package import LinearAlgebra

/// The precision of the products that distances are first taken from.
package protocol TileScalar: LAPACKScalar {
  /// Centres rows, as ``LAPACKScalar`` says, into this precision.
  static func centered<Source: LAPACKScalar>(
    _ rows: MatrixView<Source>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Self>
  ) -> [Double]
}

extension Float: TileScalar {
  package static func centered<Source: LAPACKScalar>(
    _ rows: MatrixView<Source>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Float>
  ) -> [Double] {
    Source.center(rows, around: center, scale: scale, into: &target)
  }
}

extension Double: TileScalar {
  package static func centered<Source: LAPACKScalar>(
    _ rows: MatrixView<Source>, around center: Span<Double>, scale: Double,
    into target: inout MutableSpan<Double>
  ) -> [Double] {
    Source.center(rows, around: center, scale: scale, into: &target)
  }
}
