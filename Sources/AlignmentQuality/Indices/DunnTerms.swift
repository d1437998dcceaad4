internal import Evaluation
internal import LinearAlgebra

/// The separations and diameters of the generalised Dunn indices.
///
/// `nil` where their ingredient was not measured.
struct DunnTerms {
  let measurements: ClusterMeasurements

  init(_ measurements: ClusterMeasurements) { self.measurements = measurements }

  var scatter: ClassScatter { measurements.scatter }

  /// δ of every pair of classes k < l.
  func separations(_ separation: GeneralizedDunnIndex.Separation) -> [Double]? {
    switch separation {
    case .single: measurements.pairExtremes.map { pairs(of: $0.smallest) }
    case .complete: measurements.pairExtremes.map { pairs(of: $0.largest) }
    case .average: averageSeparations
    case .centroid:
      scatter.classPairs.map { centroidDistance($0, $1) }
    case .toOtherCentroid: separationsToOtherCentroids
    case .toOwnCentroid:
      classSums(of: measurements.ownDistances).map { sums in
        scatter.classPairs.map { (sums[$0] + sums[$1]) / size($0, $1) }
      }
    case .hausdorff: measurements.hausdorffDistances.map(pairs(of:))
    }
  }

  /// Δ of every class; 0 for a class of one point.
  func diameters(_ diameter: GeneralizedDunnIndex.Diameter) -> [Double]? {
    switch diameter {
    case .complete:
      measurements.pairExtremes.map { extremes in
        scatter.counts.indices.map { extremes.largest[$0, $0] }
      }
    case .average:
      sumsToClasses(measurements.pairSums).map { sums in
        scatter.counts.enumerated().map { number, count in
          // Sums of products leave rounding where all points of a class are the same.
          scatter.constantClasses[number]
            ? 0 : sums[number, number] / (Double(count) * Double(count - 1))
        }
      }
    case .centroid:
      classSums(of: measurements.ownDistances).map { sums in
        zip(sums, scatter.counts).map { 2 * $0 / Double($1) }
      }
    }
  }

  /// The smallest distance of a point to the centroid of a class before its own.
  var distanceToEarlierCentroid: Double? {
    measurements.centroidDistances.map { distances in
      measurements.classes.enumerated().flatMap { position, own in
        (0..<own).map { distances[position, $0] }
      }.min() ?? .infinity
    }
  }

  /// A flag for each two classes that share a point.
  var coincidentFlags: [Flag] {
    guard let extremes = measurements.pairExtremes else { return [] }
    return scatter.classPairs.filter { extremes.smallest[$0, $1] == 0 }.map { first, second in
      let positions = extremes.nearest[first * scatter.classCount + second] ?? []
      let samples = positions.map(String.init).joined(separator: " and ")
      return Flag(
        "coincident-points",
        detail: "classes \(first) and \(second) share a point"
          + (samples.isEmpty ? "" : ": samples \(samples)"))
    }
  }

  private var averageSeparations: [Double]? {
    sumsToClasses(measurements.pairSums).map { sums in
      scatter.classPairs.map { first, second in
        scatter.areOnePoint(first, second)
          ? 0
          : sums[first, second] / (Double(scatter.counts[first]) * Double(scatter.counts[second]))
      }
    }
  }

  private var separationsToOtherCentroids: [Double]? {
    sumsToClasses(measurements.centroidDistances).map { sums in
      scatter.classPairs.map { first, second in
        let areConstant = scatter.constantClasses[first] && scatter.constantClasses[second]
        let sum = Self.trusted(sums[first, second] + sums[second, first], isZero: areConstant)
        return sum / size(first, second)
      }
    }
  }

  private func pairs(of matrix: Matrix<Double>) -> [Double] {
    scatter.classPairs.map { matrix[$0, $1] }
  }

  private func size(_ first: Int, _ second: Int) -> Double {
    Double(scatter.counts[first] + scatter.counts[second])
  }

  /// D_kl, 0 where the centroids cannot be told apart, and NaN where its square leaves float64.
  private func centroidDistance(_ first: Int, _ second: Int) -> Double {
    let square = scatter.squaredCentroidDistances[first, second]
    if square < .leastNormalMagnitude, let centroids = measurements.centroids,
      centroids.row(first) != centroids.row(second)
    {
      return .nan
    }
    return scatter.areCoincident(first, second) ? 0 : square.squareRoot()
  }

  /// A sum of distances whose squares were taken, NaN where those left float64 at the lower end.
  private static func trusted(_ sum: Double, isZero: Bool) -> Double {
    sum > Double.leastNormalMagnitude.squareRoot() || sum == 0 && isZero ? sum : .nan
  }

  /// The sum of the distances of each class's points to its centroid.
  private func classSums(of values: [Double]?) -> [Double]? {
    guard let values, values.count == measurements.classes.count else { return nil }
    var sums = [Double](repeating: 0, count: scatter.classCount)
    for (number, value) in zip(measurements.classes, values) { sums[number] += value }
    // One point is on its centroid, and so are points that are equal.
    return zip(sums, scatter.constantClasses).map { Self.trusted($0, isZero: $1) }
  }

  /// (K, K), the sum over the points of one class of their number for another.
  private func sumsToClasses(_ values: Matrix<Double>?) -> Matrix<Double>? {
    guard let values, values.rowCount == measurements.classes.count else { return nil }
    var sums = Matrix<Double>(rowCount: scatter.classCount, columnCount: scatter.classCount)
    for (position, own) in measurements.classes.enumerated() {
      for number in 0..<scatter.classCount { sums[own, number] += values[position, number] }
    }
    return sums
  }
}
