public import LinearAlgebra

/// How much nearer rows are to their own cluster than to the nearest other one.
///
/// For a row, with *a* its mean distance to the other rows of its cluster and *b* its mean distance to
/// the rows of the nearest other cluster, (b − a)/max(a, b): from −1, in the wrong cluster, to 1. It is 0
/// where the row is alone in its cluster and where both distances are 0. The silhouette of all rows is
/// the mean. The same as scikit-learn's `silhouette_samples` and `silhouette_score`.
///
/// Clusters that were found on the same rows, or predicted by cutting them along a direction, are
/// nearer to themselves by construction, so a value above 0 alone shows nothing.
///
/// Rousseeuw (1987), doi:10.1016/0377-0427(87)90125-7.
public enum Silhouette {
  /// The metric's name in results.
  public static let identifier = "silhouette"
  /// Which end is the good one.
  public static let preference = Preference.higher

  /// How the distance of two rows is measured.
  public enum Distance: String, Sendable, Codable, CaseIterable {
    /// 1 − the cosine of the angle between them, in [0, 2].
    ///
    /// A row of zeros has no direction; its distance to every other row is 1, as in scikit-learn.
    case cosine
  }

  /// The silhouette of every row.
  public struct Outcome: Sendable, Equatable {
    /// One number a row, in [−1, 1].
    public let values: [Double]
    /// How many rows are all zeros, to which a cosine distance was given by convention.
    public let zeroRowCount: Int

    /// The mean over rows, in [−1, 1].
    public var mean: Double { values.reduce(0, +) / Double(values.count) }
  }

  /// Measures the silhouette of every row.
  ///
  /// The mean cosine distance from a row to a cluster is that to the mean of the cluster's unit rows, so no
  /// distance between two rows is ever computed.
  ///
  /// - Parameters:
  ///   - rows: (n, d), finite.
  ///   - clusters: The cluster of each row, any whole numbers.
  ///   - distance: How the distance of two rows is measured.
  /// - Returns: One number a row.
  /// - Throws: ``EvaluationError/noSamples(metric:)``; counts that disagree; a value that is not finite; or
  ///   ``EvaluationError/oneCluster(metric:count:)``.
  /// - Complexity: O(*n* · *d* · *k*) for *k* clusters, and *n* · *k* numbers of memory.
  public static func outcome(
    of rows: Matrix<Float>, clusters: [Int], distance: Distance = .cosine
  ) throws(EvaluationError) -> Outcome {
    try Inputs.check(rows.rowCount, "rows", Grouping(clusters), metric: identifier)
    if let element = rows.elements.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(what: "the row", position: element / rows.columnCount)
    }
    let clusters = Grouping(clusters)
    guard clusters.count > 1 else {
      throw .oneCluster(metric: identifier, count: rows.rowCount)
    }
    switch distance {
    case .cosine:
      let distances = CosineDistances(of: rows, clusters: clusters)
      return Outcome(
        values: (0..<rows.rowCount).map { distances.silhouette(of: $0) },
        zeroRowCount: distances.zeroRowCount)
    }
  }
}

/// The sum of the cosine distances from each row to the rows of each cluster, itself left out.
private struct CosineDistances {
  private let clusters: Grouping
  private let memberCounts: [Double]
  /// (n, k).
  private var sums: Matrix<Double>
  private(set) var zeroRowCount = 0
  /// What the product of two unit rows may be off by.
  private let rounding: Double

  private static let blockRowCount = 256

  init(of rows: Matrix<Float>, clusters: Grouping) {
    self.clusters = clusters
    memberCounts = clusters.sums(of: [Double](repeating: 1, count: rows.rowCount))
    rounding = Double(rows.columnCount) * Double.ulpOfOne
    sums = Matrix(rowCount: rows.rowCount, columnCount: clusters.count)
    let blocks = stride(from: 0, to: rows.rowCount, by: Self.blockRowCount).map {
      $0..<min($0 + Self.blockRowCount, rows.rowCount)
    }
    var totals = Matrix<Double>(rowCount: clusters.count, columnCount: rows.columnCount)
    for block in blocks {
      let members = Matrix<Double>(rowCount: clusters.count, columnCount: block.count) {
        clusters.indices[block.lowerBound + $1] == $0 ? 1 : 0
      }
      let units = Self.unitRows(rows, block).units
      accumulateProduct(of: members.view, and: units.view, into: &totals)
    }
    for block in blocks {
      let (units, hasDirection) = Self.unitRows(rows, block)
      zeroRowCount += hasDirection.count { !$0 }
      let cosines = product(of: units.view, and: totals.view, rightTransposed: true)
      for place in 0..<block.count {
        let row = block.lowerBound + place
        for cluster in 0..<clusters.count {
          sums[row, cluster] = memberCounts[cluster] - cosines[place, cluster]
        }
        // With itself a row has the cosine 1, unless it has no direction, and the distance 0.
        sums[row, clusters.indices[row]] -= hasDirection[place] ? 0 : 1
      }
    }
  }

  /// The rows of a block, scaled to length 1 in double precision; a row of zeros stays as it is.
  private static func unitRows(
    _ rows: Matrix<Float>, _ block: Range<Int>
  ) -> (units: Matrix<Double>, hasDirection: [Bool]) {
    var units = Matrix<Double>(rowCount: block.count, columnCount: rows.columnCount) {
      Double(rows[block.lowerBound + $0, $1])
    }
    let norms = (0..<block.count).map { norm(of: units, row: $0) }
    for row in 0..<block.count where norms[row] > 0 { units.scaleRow(row, by: 1 / norms[row]) }
    return (units, norms.map { $0 > 0 })
  }

  private static func norm(of rows: Matrix<Double>, row: Int) -> Double {
    let elements = rows.view.row(row)
    return dotProduct(elements, elements).squareRoot()
  }

  func silhouette(of row: Int) -> Double {
    let own = clusters.indices[row]
    guard memberCounts[own] > 1 else { return 0 }
    // The rounding of products can leave distances between rows of one direction below zero, or above.
    let within = max(0, sums[row, own] / (memberCounts[own] - 1))
    let others = (0..<clusters.count).filter { $0 != own }
    let between = max(0, others.map { sums[row, $0] / memberCounts[$0] }.min() ?? 0)
    let larger = max(within, between)
    return larger > rounding ? (between - within) / larger : 0
  }
}
