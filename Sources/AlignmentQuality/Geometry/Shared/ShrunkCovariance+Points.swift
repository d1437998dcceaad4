internal import LinearAlgebra

extension ShrunkCovariance {
  /// The covariance of points around the means of their classes, S = W/n; `nil` if it cannot be inverted.
  ///
  /// The classes must scatter.
  init?(
    within cloud: PointCloud, _ shrinkage: MahalanobisDistance.Shrinkage
  ) throws(AlignmentQualityError) {
    let gram = try cloud.smallerGram(.classMeans)
    var fourthPowers = 0.0
    if shrinkage != .none {
      for block in cloud.blocks(of: 0..<cloud.count) {
        let rows = try cloud.read(block, .classMeans)
        fourthPowers += squaredRowNorms(rows.view).reduce(0) { $0 + $1 * $1 }
      }
    }
    let fourthPowerSum = shrinkage == .none ? nil : fourthPowers
    let rows = cloud.count <= cloud.width ? try cloud.read(0..<cloud.count, .classMeans) : nil
    let shrunk = try decomposing { () throws(LinearAlgebraError) in
      try ShrunkCovariance(
        gram: gram, rowCount: cloud.count, width: cloud.width,
        centerCount: cloud.scatter.classCount, fourthPowerSum: fourthPowerSum, rows: rows)
    }
    guard let shrunk else { return nil }
    self = shrunk
  }
}
