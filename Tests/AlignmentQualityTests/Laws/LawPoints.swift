import AlignmentQuality
import LinearAlgebra
import Optimization

/// Three classes with a planted distance, of unequal sizes and widths.
struct LawPoints {
  var rows: [[Double]]
  var labels: [Int]
  /// The group of each point; each its own if not given.
  var groups: [Int]?

  /// Draws points; equal seeds give equal ones, and coordinates are float32 numbers.
  init(seed: UInt64, count: Int = 41, width: Int = 5, classCount: Int = 3) {
    var generator = SeededGenerator(seed: seed, stream: 11)
    labels = (0..<count).map { $0 < 2 * classCount ? $0 % classCount : $0 * $0 % classCount }
    rows = labels.map { label in
      (0..<width).map { column in
        let center = column % classCount == label ? 4.0 : 0
        let spread = 0.5 + Double(label) / 2
        return Double(Float(center + spread * generator.nextNormal()))
      }
    }
  }

  private init(rows: [[Double]], labels: [Int], groups: [Int]? = nil) {
    self.rows = rows
    self.labels = labels
    self.groups = groups
  }

  /// All points and, as a second set on the same scale, two of the classes.
  func sets(weights: [Int]? = nil) throws -> [LabelledPoints] {
    let some = labels.indices.filter { labels[$0] != labels[0] }
    return [
      try LabelledPoints(Matrix(rows: rows), labels: labels, weights: weights, groups: groups),
      try LabelledPoints(
        Matrix(rows: some.map { rows[$0] }), labels: some.map { labels[$0] },
        weights: weights.map { weights in some.map { weights[$0] } },
        groups: groups.map { groups in some.map { groups[$0] } }),
    ]
  }

  /// The points in another order.
  func permuted(seed: UInt64) -> LawPoints {
    var generator = SeededGenerator(seed: seed)
    // The first point stays, so that the second set keeps its classes.
    let order = [0] + generator.permutation(count: rows.count - 1).map { $0 + 1 }
    return LawPoints(rows: order.map { rows[$0] }, labels: order.map { labels[$0] })
  }

  func relabelled(_ label: (Int) -> Int) -> LawPoints {
    LawPoints(rows: rows, labels: labels.map(label))
  }

  func mapped(_ transform: ([Double]) -> [Double]) -> LawPoints {
    LawPoints(rows: rows.map(transform), labels: labels)
  }

  /// Two reflections, which are a rotation.
  func rotated(seed: UInt64) -> LawPoints {
    var generator = SeededGenerator(seed: seed, stream: 3)
    let mirrors = (0..<2).map { _ in rows[0].map { _ in generator.nextNormal() } }
    return mapped { row in
      mirrors.reduce(row) { row, mirror in
        let product = zip(row, mirror).reduce(0) { $0 + $1.0 * $1.1 }
        let square = mirror.reduce(0) { $0 + $1 * $1 }
        return zip(row, mirror).map { $0 - 2 * product / square * $1 }
      }
    }
  }

  /// Each point as often as its weight says, all of them in one group.
  func repeated(_ weights: [Int]) -> LawPoints {
    let places = rows.indices.flatMap { Array(repeating: $0, count: weights[$0]) }
    return LawPoints(
      rows: places.map { rows[$0] }, labels: places.map { labels[$0] }, groups: places)
  }
}
