public import LinearAlgebra
internal import RealModule

extension XieBeniIndex {
  /// The index of a fuzzy partition: XB_m = Σ_k Σ_i u_ki^m ‖x_i − c_k‖² / (n · min D_kl²) with the centres
  /// c_k = Σ_i u_ki^m x_i / Σ_i u_ki^m.
  ///
  /// Memberships of 0 and 1 give the crisp index for any fuzzifier.
  ///
  /// - Parameters:
  ///   - points: (n, d), finite.
  ///   - memberships: (n, K), from 0 to 1, each row of sum 1 within 1e-6.
  ///   - fuzzifier: m > 1.
  /// - Returns: From 0 up, lower is better; +∞ if two centres coincide, undefined for one cluster, for a
  ///   cluster to which no point belongs, and if all points are the same point.
  /// - Throws: ``AlignmentQualityError/noPoints``,
  ///   ``AlignmentQualityError/countMismatch(what:count:points:)``,
  ///   ``AlignmentQualityError/nonFinite(row:column:)`` for points, and
  ///   ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for memberships and the
  ///   fuzzifier.
  /// - Complexity: O(*n* · K · *d*).
  public static func fuzzy(
    _ points: Matrix<Double>, memberships: Matrix<Double>, fuzzifier: Double = 2
  ) throws(AlignmentQualityError) -> IndexValue {
    let points = try MatrixPoints(points).matrix
    try check(fuzzifier: fuzzifier)
    try check(memberships, pointCount: points.rowCount)
    let first = points.row(0)
    guard memberships.columnCount > 1 else { return .undefined("all points are of one cluster") }
    guard !(1..<points.rowCount).allSatisfy({ points.row($0) == first }) else {
      return .undefined("all points are the same point")
    }
    let weights = Matrix<Double>(
      rowCount: memberships.rowCount, columnCount: memberships.columnCount,
      elements: memberships.elements.map { Double.pow($0, fuzzifier) })
    let totals = (0..<weights.columnCount).map { weights.column($0).reduce(0, +) }
    if let empty = totals.firstIndex(of: 0) {
      return .undefined("no point belongs to cluster \(empty)")
    }
    return ratio(points, weights: weights, totals: totals)
  }

  private static func ratio(
    _ points: Matrix<Double>, weights: Matrix<Double>, totals: [Double]
  ) -> IndexValue {
    var centers = product(of: weights.view, and: points.view, leftTransposed: true)
    for cluster in 0..<centers.rowCount {
      for column in 0..<centers.columnCount { centers[cluster, column] /= totals[cluster] }
    }
    var numerator = 0.0
    for position in 0..<points.rowCount {
      for cluster in 0..<centers.rowCount where weights[position, cluster] > 0 {
        numerator +=
          weights[position, cluster]
          * squaredDistance(points.view.row(position), centers.view.row(cluster))
      }
    }
    let separation = smallestSquaredDistance(of: centers)
    guard separation > 0 else { return .positiveInfinity("the two closest centres coincide") }
    return .checked(numerator / (Double(points.rowCount) * separation))
  }

  /// 0 where two centres differ by less than the rounding of their coordinates.
  private static func smallestSquaredDistance(of centers: Matrix<Double>) -> Double {
    let norms = (0..<centers.rowCount).map { euclideanNorm(centers.view.row($0)) }
    var smallest = Double.infinity
    for first in 0..<centers.rowCount {
      for second in 0..<first {
        let distance = squaredDistance(centers.view.row(first), centers.view.row(second))
        let rounding = 4 * Double.ulpOfOne * (norms[first] + norms[second])
        smallest = min(smallest, distance.squareRoot() <= rounding ? 0 : distance)
      }
    }
    return smallest
  }

  private static func check(
    _ memberships: Matrix<Double>, pointCount: Int
  ) throws(AlignmentQualityError) {
    guard pointCount > 0 else { throw .noPoints }
    guard memberships.rowCount == pointCount else {
      throw .countMismatch(
        what: "rows of memberships", count: memberships.rowCount, points: pointCount)
    }
    for position in 0..<pointCount {
      let row = memberships.row(position)
      guard row.allSatisfy({ (0...1).contains($0) }), abs(row.reduce(0, +) - 1) <= 1e-6 else {
        throw .invalidSetting(
          method: identifier, name: "memberships", value: "\(row) for point \(position)",
          expected: "numbers from 0 to 1 whose sum over the clusters is 1")
      }
    }
  }

  /// Memberships from the distances to the classes' means, of which the means stay as they are.
  func fuzzyValue(of measurements: ClusterMeasurements) -> IndexValue {
    guard let distances = measurements.centroidDistances else {
      return .unmeasured("the distances of points to all centroids")
    }
    let numerator = (0..<distances.rowCount).reduce(0) { sum, position in
      sum + Self.scatter(ofDistances: distances.row(position), fuzzifier: fuzzifier)
    }
    return Self.strictValue(numerator, measurements.scatter)
  }

  /// Σ_k u_k^m r_k² of one point, with u_k = r_k^{−2/(m−1)} / Σ_l r_l^{−2/(m−1)}.
  ///
  /// A point on a centroid belongs to it alone, and adds nothing.
  private static func scatter(ofDistances distances: [Double], fuzzifier: Double) -> Double {
    guard let nearest = distances.min(), nearest > 0 else { return 0 }
    // Shares of the nearest distance are at most 1, so that no power overflows.
    let shares = distances.map { Double.pow(nearest / $0, 2 / (fuzzifier - 1)) }
    let total = shares.reduce(0, +)
    return zip(shares, distances).reduce(0) { sum, term in
      sum + Double.pow(term.0 / total, fuzzifier) * term.1 * term.1
    }
  }
}
