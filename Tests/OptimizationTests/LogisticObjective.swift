import LinearAlgebra
import Optimization
import TestSupport

/// What a logistic regression minimises, in double precision and by loops: the oracle of its tests.
struct LogisticObjective {
  let rows: Matrix<Float>
  let labels: [Int]
  /// λ of the mean loss.
  let strength: Double
  /// Adding up to 1; all the same if not given.
  var sampleWeights: [Double]?

  private func weight(_ row: Int) -> Double { sampleWeights?[row] ?? 1 / Double(labels.count) }

  private func score(_ row: Int, _ weights: [Double]) -> Double {
    weights.indices.reduce(0) { $0 + weights[$1] * Double(rows[row, $1]) }
  }

  /// The intercept that is best with given weights, by bisection: its derivative rises.
  func bestIntercept(_ weights: [Double]) -> Double {
    let scores = labels.indices.map { score($0, weights) }
    func slope(_ intercept: Double) -> Double {
      labels.indices.reduce(0) {
        $0 + weight($1)
          * (LogisticLoss.probability(ofLogit: scores[$1] + intercept) - Double(labels[$1]))
      }
    }
    var (low, high) = (-1e4, 1e4)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The gradient in the weights, and the sum of the norms of its terms.
  func gradient(_ weights: [Double], intercept: Double) -> (vector: [Double], scale: Double) {
    var vector = weights.map { 2 * strength * $0 }
    var scale = TestObjective.norm(vector)
    for row in labels.indices {
      let probability = LogisticLoss.probability(ofLogit: score(row, weights) + intercept)
      let slope = weight(row) * (probability - Double(labels[row]))
      let term = weights.indices.map { slope * Double(rows[row, $0]) }
      for place in term.indices { vector[place] += term[place] }
      scale += TestObjective.norm(term)
    }
    return (vector, scale)
  }

  /// A bound on the distance of weights from those of the minimum.
  ///
  /// Theorem: with the best intercept put in for each w, the objective less λ‖w‖² is convex, so that it
  /// is 2λ-strongly convex, and ‖w − w*‖ ≤ ‖gradient‖ / 2λ.
  func distanceBound(_ weights: [Double]) -> Double {
    let gradient = gradient(weights, intercept: bestIntercept(weights))
    return TestObjective.norm(gradient.vector) / (2 * strength)
  }

  /// The weight of each sample that lets both classes count the same.
  static func balancedWeights(_ labels: [Int]) -> [Double] {
    let positiveCount = labels.count { $0 == 1 }
    return labels.map { 1 / Double(2 * ($0 == 1 ? positiveCount : labels.count - positiveCount)) }
  }
}

/// Rows with a planted direction, some of them mislabelled.
struct PlantedRows {
  let rows: Matrix<Float>
  let labels: [Int]

  init(
    _ rowCount: Int, _ columnCount: Int, seed: UInt64 = 1, offset: Double = 2, signal: Double = 2
  ) {
    var generator = SeededGenerator(seed: seed)
    let scales = (0..<columnCount).map { 1 / Double($0 + 1).squareRoot() }
    rows = Matrix(rowCount: rowCount, columnCount: columnCount) {
      Float((generator.nextNormal() + offset) * scales[$1])
    }
    let center = scales.reduce(0) { $0 + offset * $1 }
    let norm = scales.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var labels: [Int] = []
    for row in 0..<rowCount {
      let score = (rows.row(row).reduce(0) { $0 + Double($1) } - center) / norm
      let isPositive = signal * score + generator.nextNormal() > 0
      labels.append(isPositive ? 1 : 0)
    }
    // Both classes, whatever was drawn.
    labels[0] = 0
    labels[rowCount - 1] = 1
    self.labels = labels
  }
}

func distance(_ left: [Double], _ right: [Double]) -> Double {
  TestObjective.norm(zip(left, right).map { $0 - $1 })
}
