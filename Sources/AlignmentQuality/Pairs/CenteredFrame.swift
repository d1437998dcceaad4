internal import LinearAlgebra

/// What is subtracted from every point, and the power of two by which it is scaled then.
///
/// Distances do not change by the first and change exactly by the second, while products lose fewer
/// digits and stay within the range of float32.
struct CenteredFrame: Sendable, Equatable {
  /// d coordinates.
  let center: [Double]
  let scale: Double
  /// Whether no scaled coordinate is beyond 1, so that float32 neither overflows nor loses the points.
  let fitsSinglePrecision: Bool

  /// The frame around the mean of all points.
  init(scatter: ClassScatter, centroids: Matrix<Double>) {
    var mean = [Double](repeating: 0, count: centroids.columnCount)
    for (share, row) in zip(scatter.shares, 0...) {
      for column in mean.indices { mean[column] += share * centroids[row, column] }
    }
    center = mean.allSatisfy(\.isFinite) ? mean : mean.map { _ in 0 }
    // The root of the total scatter is at least the distance of any point from the mean.
    let radius = (scatter.within + scatter.between).squareRoot()
    fitsSinglePrecision = radius == 0 || (0x1p-450...0x1p450).contains(radius)
    scale =
      switch radius {
      case 0: 1
      case 0x1p-450...0x1p450:
        Double(sign: .plus, exponent: -1 - Int(radius.exponent), significand: 1)
      case ..<1: 0x1p450
      default: 0x1p-768
      }
  }
}
