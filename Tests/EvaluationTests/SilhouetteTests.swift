import Evaluation
import LinearAlgebra
import Optimization
import Testing

@Suite struct SilhouetteTests {
  struct Case: Decodable {
    var rows: [[Float]]
    var clusters: [Int]
    var samples: [Double]
  }
  struct Goldens: Decodable { var cosine: [Case] }

  /// The silhouettes by their definition: the cosine distance of every two rows.
  private func pairwise(_ rows: [[Float]], _ clusters: [Int]) -> [Double] {
    func cosine(_ first: [Float], _ second: [Float]) -> Double {
      func dot(_ one: [Float], _ other: [Float]) -> Double {
        zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let norms = (dot(first, first) * dot(second, second)).squareRoot()
      return norms > 0 ? dot(first, second) / norms : 0
    }
    return rows.indices.map { row in
      func mean(_ cluster: Int) -> Double {
        let others = rows.indices.filter { $0 != row && clusters[$0] == cluster }
        return others.reduce(0) { $0 + 1 - cosine(rows[row], rows[$1]) } / Double(others.count)
      }
      guard clusters.count(where: { $0 == clusters[row] }) > 1 else { return 0 }
      let within = mean(clusters[row])
      let between = Set(clusters).filter { $0 != clusters[row] }.map(mean).min() ?? 0
      return (between - within) / max(between, within)
    }
  }

  private func sample(_ count: Int, width: Int, clusterCount: Int, seed: UInt64) -> (
    rows: [[Float]], clusters: [Int]
  ) {
    var generator = SeededGenerator(seed: seed, stream: UInt64(count))
    let clusters = (0..<count).map { _ in generator.nextIndex(below: clusterCount) }
    let rows = clusters.map { cluster in
      (0..<width).map { Float(generator.nextNormal() + ($0 == cluster ? 2 : 0)) }
    }
    return (rows, clusters)
  }

  /// Oracle: scikit-learn's `silhouette_samples`, with rows of zeros, equal rows, and rows that are alone.
  ///
  /// Distances are sums of up to 300 products of unit rows: 300 roundings of 1, and a quotient of them by
  /// distances of .01 and more.
  @Test func silhouettesAreScikitLearns() throws {
    let cases = try golden("silhouette.json", as: Goldens.self).cosine
    #expect(cases.count == 5)
    for example in cases {
      let outcome = try Silhouette.outcome(
        of: Matrix(rows: example.rows), clusters: example.clusters)
      for (value, expected) in zip(outcome.values, example.samples) {
        #expect(abs(value - expected) < 1e-11)
      }
      let mean = example.samples.reduce(0, +) / Double(example.samples.count)
      #expect(abs(outcome.mean - mean) < 1e-11)
      #expect(outcome.zeroRowCount == example.rows.count { $0.allSatisfy { $0 == 0 } })
    }
  }

  /// Oracle: the definition, for every two rows.
  @Test(arguments: [(2, 1, 2), (7, 3, 2), (40, 90, 3), (257, 2, 4), (513, 3, 2)])
  func silhouettesAreThoseOfAllPairs(count: Int, width: Int, clusterCount: Int) throws {
    var (rows, clusters) = sample(count, width: width, clusterCount: clusterCount, seed: 3)
    (clusters[0], clusters[1]) = (0, 1)
    if width > 1 { rows[1] = rows[1].map { _ in 0 } }
    let outcome = try Silhouette.outcome(of: Matrix(rows: rows), clusters: clusters)
    let expected = pairwise(rows, clusters)
    #expect(zip(outcome.values, expected).allSatisfy { abs($0 - $1) < 1e-11 })
  }

  /// Identities: neither the order of rows, nor the names of clusters, nor the length of a row matters.
  @Test func whatSilhouettesDoNotDependOn() throws {
    let (rows, clusters) = sample(60, width: 4, clusterCount: 3, seed: 5)
    let values = try Silhouette.outcome(of: Matrix(rows: rows), clusters: clusters).values
    var generator = SeededGenerator(seed: 6)
    let order = generator.permutation(count: 60)
    let permuted = try Silhouette.outcome(
      of: Matrix(rows: order.map { rows[$0] }), clusters: order.map { 7 - 3 * clusters[$0] }
    ).values
    #expect(zip(permuted, order).allSatisfy { abs($0 - values[$1]) < 1e-12 })
    let scaled = rows.enumerated().map { place, row in row.map { $0 * Float(1 << (place % 5)) } }
    let lengths = try Silhouette.outcome(of: Matrix(rows: scaled), clusters: clusters).values
    #expect(zip(lengths, values).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// Closed forms: two opposite directions have 1; rows of one direction have no distance, so 0.
  @Test func extremesOfTheSilhouette() throws {
    let opposite = try Silhouette.outcome(
      of: Matrix(rows: [[1, 2], [2, 4], [-1, -2], [-3, -6]]), clusters: [0, 0, 1, 1])
    #expect(opposite.values.allSatisfy { abs($0 - 1) < 1e-12 })
    let third: Float = 1 / 3
    let equal = try Silhouette.outcome(
      of: Matrix(rows: [[1, third, 7], [2, 2 * third, 14], [4, 4 * third, 28], [1, third, 7]]),
      clusters: [0, 0, 1, 1])
    #expect(equal.values == [0, 0, 0, 0])
    let zeros = try Silhouette.outcome(
      of: Matrix<Float>(rowCount: 4, columnCount: 3), clusters: [0, 0, 1, 1])
    #expect(zeros.values == [0, 0, 0, 0])
    #expect(zeros.zeroRowCount == 4)
  }

  @Test func inputWithoutAnAnswerIsRefused() {
    let rows = Matrix<Float>(rows: [[1, 2], [3, .infinity]])
    #expect(throws: EvaluationError.oneCluster(metric: "silhouette", count: 2)) {
      try Silhouette.outcome(of: Matrix(rows: [[1], [2]]), clusters: [4, 4])
    }
    #expect(throws: EvaluationError.noSamples(metric: "silhouette")) {
      try Silhouette.outcome(of: Matrix<Float>(rowCount: 0, columnCount: 3), clusters: [])
    }
    #expect(throws: EvaluationError.nonFinite(what: "the row", position: 1)) {
      try Silhouette.outcome(of: rows, clusters: [0, 1])
    }
    #expect(throws: EvaluationError.self) {
      try Silhouette.outcome(of: Matrix(rows: [[1], [2]]), clusters: [0])
    }
  }
}
