internal import Evaluation
internal import LinearAlgebra

/// Class sums of all permutations, added up block by block of points.
struct PermutedSums {
  private let labels: PermutedLabels
  /// K − 1: the last class has what the others leave of the total.
  private let summedCount: Int
  /// (B · (K − 1) + 1, d), S_bk, and below them the sum of all points.
  private var sums: Matrix<Float>
  /// (B, K), Σ ‖x̃‖² over each class.
  private var squares: Matrix<Double>

  init(labels: PermutedLabels, width: Int) {
    self.labels = labels
    summedCount = labels.counts.count - 1
    sums = Matrix(rowCount: labels.count * summedCount + 1, columnCount: width)
    squares = Matrix(rowCount: labels.count, columnCount: labels.counts.count)
  }

  /// Adds consecutive points, given less their mean, with the indicators of their classes.
  mutating func add(_ block: MatrixView<Float>, indicators: MatrixView<Float>, first: Int) {
    let range = first..<first + block.rowCount
    addTiledProduct(of: indicators, and: block, to: &sums)
    let norms = squaredRowNorms(of: block)
    let labels = labels.labels
    let classCount = squares.columnCount
    squares.forEachRowBlock(of: ClassIndicators.blockHeight) { rows, target in
      for row in rows {
        let own = labels[row]
        addSums(
          of: norms.span, by: own.span.extracting(range), to: &target,
          at: (row - rows.lowerBound) * classCount)
      }
    }
  }

  /// The scatter under every permutation.
  ///
  /// - Parameter scale: What the points were multiplied by.
  /// - Returns: The scatters of the points as they were.
  func scatters(scale: Double) -> PermutedScatters {
    let parts = Parallel.map(labels.count) { scatter($0, unit: 1 / scale / scale) }
    let pairCount = summedCount * (summedCount + 1) / 2
    return PermutedScatters(
      counts: labels.counts,
      scatters: Matrix(
        rowCount: parts.count, columnCount: summedCount + 1, elements: parts.flatMap(\.scatters)),
      squaredDistances: Matrix(
        rowCount: parts.count, columnCount: pairCount, elements: parts.flatMap(\.distances)),
      scheme: labels.permutation.scheme, flags: labels.permutation.flags)
  }

  private func scatter(
    _ number: Int, unit: Double
  ) -> (scatters: [Double], distances: [Double]) {
    let products = products(number)
    let counts = labels.counts.map { Double($0) }
    var scatters: [Double] = []
    var distances: [Double] = []
    for own in counts.indices {
      let square = squares[number, own]
      let scatter = square - products[own, own] / counts[own]
      // What is left of a class that is one repeated point is rounding.
      scatters.append(scatter > Self.rounding * square ? scatter * unit : 0)
      for other in (own + 1)..<max(counts.count, own + 1) {
        let mixed = products[own, other] / (counts[own] * counts[other])
        let distance =
          products[own, own] / (counts[own] * counts[own])
          + products[other, other] / (counts[other] * counts[other]) - 2 * mixed
        distances.append(max(0, distance) * unit)
      }
    }
    return (scatters, distances)
  }

  /// The share of a class's squares about which float32 sums can be wrong.
  private static let rounding = 1e-5

  /// (K, K), ⟨S_k, S_l⟩ under a permutation.
  private func products(_ number: Int) -> Matrix<Double> {
    let last = summedCount
    let rows = (0..<summedCount).map { number * summedCount + $0 } + [sums.rowCount - 1]
    // With the sum of all points in the place of the last class, which is then what the others leave.
    var result = Matrix<Double>(rowCount: rows.count, columnCount: rows.count) {
      dotProduct(sums.view.row(rows[$0]), sums.view.row(rows[$1]))
    }
    let withTotal = (0..<last).map { result[$0, last] }
    for own in 0..<last {
      let product = (0..<last).reduce(withTotal[own]) { $0 - result[own, $1] }
      result[own, last] = product
      result[last, own] = product
    }
    result[last, last] = (0..<last).reduce(result[last, last]) {
      $0 - withTotal[$1] - result[$1, last]
    }
    return result
  }
}

/// Which points of a block are of a class under a permutation, in a buffer that blocks share.
struct ClassIndicators {
  private let labels: [[UInt16]]
  /// K − 1.
  private let summedCount: Int
  /// (B · (K − 1) + 1, block), with a row of ones below.
  private(set) var matrix: Matrix<Float>

  /// How many rows one thread takes.
  static let blockHeight = 64

  init(_ labels: PermutedLabels, blockRowCount: Int) {
    self.labels = labels.labels
    summedCount = labels.counts.count - 1
    matrix = Matrix(
      rowCount: labels.count * summedCount + 1, columnCount: blockRowCount, repeating: 1)
  }

  /// Writes the indicators of consecutive points into the first columns.
  mutating func write(_ range: Range<Int>) {
    let (labels, summedCount, width) = (labels, summedCount, matrix.columnCount)
    matrix.forEachRowBlock(of: Self.blockHeight) { rows, target in
      for row in rows where row / summedCount < labels.count {
        let own = labels[row / summedCount]
        writeIndicators(
          of: own.span.extracting(range), equalTo: UInt16(row % summedCount), to: &target,
          at: (row - rows.lowerBound) * width)
      }
    }
  }
}
