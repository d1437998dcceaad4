public import LinearAlgebra

extension ClassScatter {
  /// The sufficient statistics of points of which only the distances are known.
  ///
  /// SS_k = Σ_{i<j∈k} d_ij²/n_k, and D_kl² is the mean of d_ij² over the pairs of both classes less
  /// SS_k/n_k and SS_l/n_l; exact for Euclidean distances. Caliński–Harabasz, Xie–Beni, the trace ratio and
  /// Davies–Bouldin with root mean squares follow.
  ///
  /// - Parameters:
  ///   - distances: (n, n), symmetric within 1e-9, of zero diagonal, finite, not negative.
  ///   - labels: The class of each point, any whole number.
  /// - Throws: ``AlignmentQualityError/noPoints``,
  ///   ``AlignmentQualityError/countMismatch(what:count:points:)``,
  ///   ``AlignmentQualityError/nonFinite(row:column:)``, and
  ///   ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a matrix that is no matrix
  ///   of Euclidean distances.
  /// - Complexity: O(*n*²).
  public init(
    precomputedDistances distances: Matrix<Double>, labels: [Int]
  ) throws(AlignmentQualityError) {
    let points = try LabelledPoints(distances, labels: labels)
    try Self.check(distances)
    let sums = Self.squaredSums(distances, points)
    let sizes = points.classSizes.map(Double.init)
    let classes = Array(sizes.indices)
    let scatters = classes.map { sums[$0, $0] / (2 * sizes[$0]) }
    let spreads = zip(scatters, sizes).map { $0 / $1 }
    var squares = Matrix<Double>(rowCount: classes.count, columnCount: classes.count)
    var roundings = [Double](repeating: 0, count: classes.count)
    for first in classes {
      for second in classes where second != first {
        let mean = sums[first, second] / (sizes[first] * sizes[second])
        let square = mean - spreads[first] - spreads[second]
        // Rows are added up one by one, and then their sums: so many roundings at most.
        let rounding =
          (sizes[first] + sizes[second] + 4) * Double.ulpOfOne
          * (mean + spreads[first] + spreads[second])
        guard square >= -rounding else { throw Self.notEuclidean("classes \(first) and \(second)") }
        squares[first, second] = max(0, square)
        let isExact = spreads[first] == 0 && spreads[second] == 0 && mean == 0
        roundings[first] = max(roundings[first], isExact ? 0 : rounding.squareRoot())
      }
    }
    self.init(
      counts: points.classSizes, scatters: scatters, squaredCentroidDistances: squares,
      centroidRoundings: roundings)
  }

  /// (K, K), the sum of the squared distances between the points of two classes, over ordered pairs.
  private static func squaredSums(
    _ distances: Matrix<Double>, _ points: LabelledPoints
  ) -> Matrix<Double> {
    let count = points.classCount
    var sums = Matrix<Double>(rowCount: count, columnCount: count)
    for (position, own) in points.classes.enumerated() {
      let row = distances.view.row(position)
      var rowSums = [Double](repeating: 0, count: count)
      for place in row.indices { rowSums[points.classes[place]] += row[place] * row[place] }
      for number in 0..<count { sums[own, number] += rowSums[number] }
    }
    for first in 0..<count {
      for second in 0..<first {
        let mean = (sums[first, second] + sums[second, first]) / 2
        (sums[first, second], sums[second, first]) = (mean, mean)
      }
    }
    return sums
  }

  private static func check(_ distances: Matrix<Double>) throws(AlignmentQualityError) {
    guard distances.columnCount == distances.rowCount else {
      throw .countMismatch(
        what: "columns of distances", count: distances.columnCount, points: distances.rowCount)
    }
    for row in 0..<distances.rowCount {
      for column in 0...row {
        let (value, mirrored) = (distances[row, column], distances[column, row])
        let isSymmetric = abs(value - mirrored) <= 1e-9 * max(value, mirrored)
        guard value >= 0, isSymmetric, row != column || value == 0 else {
          throw notEuclidean("points \(row) and \(column), \(value) and \(mirrored),")
        }
      }
    }
  }

  private static func notEuclidean(_ place: String) -> AlignmentQualityError {
    .invalidSetting(
      method: "points", name: "distances", value: "what no points have between \(place)",
      expected: "a symmetric matrix of Euclidean distances with a diagonal of 0")
  }
}
