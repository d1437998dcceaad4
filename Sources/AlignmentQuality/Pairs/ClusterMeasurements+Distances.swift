public import LinearAlgebra

extension ClusterMeasurements {
  /// Measurements of points of which only the distances are known.
  ///
  /// Extremes, sums and Hausdorff distances are those of the matrix, whatever distances it holds. The scatter
  /// and the distances to centroids follow from mean squared distances, ‖x − c_l‖² = mean_{j∈l} d_xj² −
  /// SS_l/n_l, which is exact for Euclidean distances only; a difference of large numbers, it loses digits
  /// where points lie close to centroids.
  ///
  /// - Parameters:
  ///   - distances: (n, n), Euclidean: symmetric within 1e-9, of zero diagonal, finite, not negative.
  ///   - labels: The class of each point, any whole number.
  /// - Throws: As ``ClassScatter/init(precomputedDistances:labels:)``.
  /// - Complexity: O(*n*²).
  public init(
    precomputedDistances distances: Matrix<Double>, labels: [Int]
  ) throws(AlignmentQualityError) {
    self.init(scatter: try ClassScatter(precomputedDistances: distances, labels: labels))
    let points = try LabelledPoints(distances, labels: labels)
    let table = DistanceTable(points, distances)
    classes = points.classes
    pairSums = table.sums
    pairExtremes = table.extremes
    hausdorffDistances = table.hausdorffDistances
    let sizes = scatter.counts.map { Double($0) }
    let toCentroids = Matrix<Double>(rowCount: points.count, columnCount: sizes.count) {
      let mean = table.squaredSums[$0, $1] / sizes[$1]
      return max(0, mean - scatter.scatters[$1] / sizes[$1]).squareRoot()
    }
    centroidDistances = toCentroids
    ownDistances = points.classes.enumerated().map { toCentroids[$0, $1] }
  }
}

/// What is read off a matrix of distances.
private struct DistanceTable {
  /// (n, K), the sums of the distances of each point to each class.
  private(set) var sums: Matrix<Double>
  /// (n, K), the sums of their squares.
  private(set) var squaredSums: Matrix<Double>
  /// (K, K).
  private(set) var hausdorffDistances: Matrix<Double>
  private(set) var extremes: PairExtremes

  init(_ points: LabelledPoints, _ distances: Matrix<Double>) {
    let (count, classCount) = (points.count, points.classCount)
    sums = Matrix(rowCount: count, columnCount: classCount)
    squaredSums = sums
    hausdorffDistances = Matrix(rowCount: classCount, columnCount: classCount)
    var smallest = Matrix<Double>(
      rowCount: classCount, columnCount: classCount, repeating: .infinity)
    var largest = hausdorffDistances
    var nearest: [Int: [Int]] = [:]
    for first in points.order {
      let own = points.classes[first]
      var least = [Double](repeating: .infinity, count: classCount)
      for second in points.order {
        let (other, distance) = (points.classes[second], distances[first, second])
        sums[first, other] += distance
        squaredSums[first, other] += distance * distance
        least[other] = min(least[other], distance)
        guard first != second else { continue }
        largest[own, other] = max(largest[own, other], distance)
        if distance < smallest[own, other] {
          smallest[own, other] = distance
          if own <= other { nearest[own * classCount + other] = [first, second] }
        }
      }
      for other in 0..<classCount where other != own {
        let farther = max(hausdorffDistances[own, other], least[other])
        (hausdorffDistances[own, other], hausdorffDistances[other, own]) = (farther, farther)
      }
    }
    extremes = PairExtremes(
      smallest: smallest, largest: largest, nearest: nearest, isCertified: true)
  }
}
