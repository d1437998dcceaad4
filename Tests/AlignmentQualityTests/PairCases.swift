import AlignmentQuality
import Evaluation
import LinearAlgebra
import TestSupport

/// Points for the tests of pairs, and what pairs say by their definition.
enum PairCases {
  /// Points around a mean of each class, with labels in no order.
  static func blobs(
    _ count: Int, width: Int, classCount: Int, offset: Double = 0, seed: UInt64 = 1
  ) -> (Matrix<Double>, [Int]) {
    var generator = TestGenerator(seed: seed)
    let labels = (0..<count).map { ($0 * 5 + $0 / 3) % classCount }
    let matrix = Matrix<Double>(rowCount: count, columnCount: width) { row, column in
      let noise = Double(generator.next() >> 40) / Double(1 << 24) - 0.5
      return noise + offset + Double(labels[row] * (column % 3))
    }
    return (matrix, labels)
  }

  /// The distance of two rows, one difference after another.
  static func distance(_ matrix: Matrix<Double>, _ first: Int, _ second: Int) -> Double {
    (0..<matrix.columnCount).reduce(0) { sum, column in
      let difference = matrix[first, column] - matrix[second, column]
      return sum + difference * difference
    }.squareRoot()
  }

  /// (n, K), by the definition.
  static func sums(_ points: LabelledPoints, _ matrix: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: points.count, columnCount: points.classCount)
    for row in 0..<points.count {
      for other in 0..<points.count {
        result[row, points.classes[other]] += distance(matrix, points.rows[row], points.rows[other])
      }
    }
    return result
  }

  /// Measurements by tiles of a few rows.
  static func measure(
    _ points: LabelledPoints, _ ingredients: Set<Ingredient>, side: Int, panel: Int = 2
  ) throws -> ClusterMeasurements {
    var result = try ClusterMeasurer.measure(points, [.scatter])
    try PairMeasurer.fill(
      &result, points, ingredients,
      shape: PairTileShape(blockRowCount: side, panelBlockCount: panel))
    return result
  }
}
