internal import Evaluation
internal import LinearAlgebra

extension LabelledPoints {
  /// The points that have a direction, and a flag that counts those at the origin, which have none.
  ///
  /// - Returns: The points other than the origin, `nil` if there are none, and flags.
  func withDirections() throws(AlignmentQualityError) -> (points: LabelledPoints?, flags: [Flag]) {
    let cloud = try PointCloud(self)
    var kept: [Int] = []
    for block in cloud.blocks(of: 0..<count) {
      let rows = try cloud.read(block, .none)
      for (row, place) in block.enumerated() where euclideanNorm(rows.view.row(row)) > 0 {
        kept.append(order[place])
      }
    }
    guard kept.count < count else { return (self, []) }
    let flag = Flag(
      "zero-rows", detail: "zero, without a direction: \(count - kept.count) of \(count) points")
    return (kept.isEmpty ? nil : try selecting(kept.sorted()), [flag])
  }
}

/// How the means over pairs of one class's points are taken.
public enum TwoSampleEstimator: String, Sendable, Codable, CaseIterable {
  /// Over pairs of two different points: unbiased, and below 0 for about half of the samples of equal
  /// classes (the U-statistic).
  case unbiased
  /// Over all pairs, each point with itself too: never below 0, and above 0 for equal classes (the
  /// V-statistic).
  case biased
}
