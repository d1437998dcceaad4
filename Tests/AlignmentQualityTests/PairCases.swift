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
    _ points: LabelledPoints, _ ingredients: Set<Ingredient>, side: Int, panel: Int = 2,
    capacity: Int? = nil, usesDoublePrecision: Bool = false
  ) throws -> ClusterMeasurements {
    var result = try ClusterMeasurer.measure(points, [.scatter])
    var options = PairOptions()
    options.shape = PairTileShape(blockRowCount: side, panelBlockCount: panel)
    options.capacity = capacity
    options.usesDoublePrecision = usesDoublePrecision
    try PairMeasurer.fill(&result, points, ingredients, options: options)
    return result
  }

  /// The extremes by the evaluation of every pair, each pair of classes by itself.
  static func extremes<Scalar: LAPACKScalar>(
    _ points: LabelledPoints, _ matrix: Matrix<Scalar>
  ) -> PairExtremes {
    let classCount = points.classCount
    var smallest = Matrix<Double>(
      rowCount: classCount, columnCount: classCount, repeating: .infinity)
    var largest = Matrix<Double>(rowCount: classCount, columnCount: classCount)
    var nearest: [Int: [Int]] = [:]
    for (place, first) in points.order.enumerated() {
      for second in points.order[(place + 1)...] {
        let (k, l) = (points.classes[first], points.classes[second])
        let distance = euclideanDistance(
          matrix.view.row(points.rows[first]), matrix.view.row(points.rows[second]))
        if distance < smallest[k, l] {
          (smallest[k, l], smallest[l, k]) = (distance, distance)
          nearest[k * classCount + l] = [first, second]
        }
        if distance > largest[k, l] { (largest[k, l], largest[l, k]) = (distance, distance) }
      }
    }
    return PairExtremes(
      smallest: smallest, largest: largest, nearest: nearest, isCertified: true)
  }

  /// The Hausdorff distances by their definition.
  static func hausdorff<Scalar: LAPACKScalar>(
    _ points: LabelledPoints, _ matrix: Matrix<Scalar>
  ) -> Matrix<Double> {
    func directed(_ first: Int, _ second: Int) -> Double {
      points.order[points.classRanges[first]].map { one in
        points.order[points.classRanges[second]].map { other in
          euclideanDistance(
            matrix.view.row(points.rows[one]), matrix.view.row(points.rows[other]))
        }.min() ?? 0
      }.max() ?? 0
    }
    return Matrix(rowCount: points.classCount, columnCount: points.classCount) {
      $0 == $1 ? 0 : max(directed($0, $1), directed($1, $0))
    }
  }
}

/// Points on which a search that trusts rounded products goes wrong.
enum AdversarialPoints: CaseIterable {
  case blobs, largeOffset, nearTies, duplicates, dynamicRange, tightClasses, lattice, line
  case singletons, wide, identical, tiny

  /// Labels of three classes, or seven, in no order, and the points.
  var points: (matrix: Matrix<Double>, labels: [Int]) {
    switch self {
    case .blobs: return PairCases.blobs(53, width: 6, classCount: 7)
    case .largeOffset: return PairCases.blobs(47, width: 5, classCount: 3, offset: 3e4)
    case .wide: return PairCases.blobs(45, width: 700, classCount: 3)
    case .tiny: return scaled(0x1p-500)
    case .nearTies:
      // Corners of a regular simplex, each moved by less than float32 tells apart.
      return edited(44, width: 44) { row, column, noise in
        (row == column ? 1 : 0) + noise * 0x1p-40
      }
    case .duplicates: return edited(48, width: 5) { row, column, _ in Double(row % 4 * column) }
    case .dynamicRange:
      return edited(46, width: 4) { row, _, noise in noise * [1e-12, 1e-3, 1, 1e9][row % 4] }
    case .tightClasses:
      return edited(45, width: 6) { row, column, noise in
        Double(row % 3 * 1000 * (column + 1)) + noise * 1e-3
      }
    case .lattice:
      return edited(49, width: 2) { row, column, _ in Double([row % 7, row / 7][column]) }
    case .line: return edited(50, width: 1) { row, _, noise in (noise * 8).rounded() / 2 }
    case .singletons:
      let (matrix, _) = PairCases.blobs(20, width: 3, classCount: 2)
      return (matrix, (0..<20).map { $0 < 3 ? $0 : 3 + $0 % 2 })
    case .identical: return edited(40, width: 3) { _, column, _ in 0.1 * Double(column) }
    }
  }

  private func scaled(_ scale: Double) -> (Matrix<Double>, [Int]) {
    let (matrix, labels) = PairCases.blobs(43, width: 4, classCount: 3)
    return (Matrix(rowCount: 43, columnCount: 4) { matrix[$0, $1] * scale }, labels)
  }

  private func edited(
    _ count: Int, width: Int, _ element: (Int, Int, Double) -> Double
  ) -> (Matrix<Double>, [Int]) {
    let (noise, labels) = PairCases.blobs(count, width: width, classCount: 3)
    let matrix = Matrix<Double>(rowCount: count, columnCount: width) {
      element($0, $1, noise[$0, $1])
    }
    return (matrix, labels)
  }
}
