internal import LinearAlgebra

/// The silhouette of each point, with 0 for a class of one point and for 0/0.
struct PointSilhouettes {
  /// s_i, in the order of the points.
  let values: [Double]
  /// How many points have no distance to their own class nor to another.
  let coincidentCount: Int

  /// `nil` for one class, or if the ingredient is missing.
  init?(of measurements: ClusterMeasurements, _ distance: SilhouetteIndex.Distance) {
    let scatter = measurements.scatter
    let source = distance == .exact ? measurements.pairSums : measurements.centroidDistances
    guard let source, scatter.classCount > 1 else { return nil }
    let distances = ClassDistances(source: source, scatter: scatter, distance: distance)
    var values: [Double] = []
    values.reserveCapacity(source.rowCount)
    var coincidentCount = 0
    for (position, own) in measurements.classes.enumerated() {
      let (within, other) = distances.nearest(to: position, own: own)
      let largest = max(within, other)
      if scatter.counts[own] > 1, largest == 0 { coincidentCount += 1 }
      values.append(scatter.counts[own] > 1 && largest > 0 ? (other - within) / largest : 0)
    }
    self.values = values
    self.coincidentCount = coincidentCount
  }

  /// The mean over points.
  var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The mean with 0 for every point of a class that is one repeated point.
  func meanWithoutRepeatedPoints(_ measurements: ClusterMeasurements) -> Double {
    let sum = zip(values, measurements.classes).reduce(0) { sum, point in
      measurements.scatter.constantClasses[point.1] ? sum : sum + point.0
    }
    return sum / Double(values.count)
  }
}

/// How far points are from classes.
private struct ClassDistances {
  /// (n, K), sums of distances to points, or distances to centroids.
  let source: Matrix<Double>
  let scatter: ClassScatter
  let distance: SilhouetteIndex.Distance

  /// a and b of one point.
  func nearest(to position: Int, own: Int) -> (within: Double, other: Double) {
    var other = Double.infinity
    for number in 0..<scatter.classCount where number != own {
      other = min(other, toOther(number, position, own: own))
    }
    // Sums of products leave rounding where all points of a class are the same.
    return (scatter.constantClasses[own] ? 0 : toOwn(own, position), other)
  }

  private func toOwn(_ own: Int, _ position: Int) -> Double {
    let value = source[position, own]
    let others = Double(scatter.counts[own] - 1)
    switch distance {
    case .exact: return value / others
    case .simplified: return value
    case .squaredEuclidean:
      let count = Double(scatter.counts[own])
      return (count / others) * (value * value + scatter.scatters[own] / count)
    }
  }

  private func toOther(_ number: Int, _ position: Int, own: Int) -> Double {
    guard !scatter.areOnePoint(number, own) else { return 0 }
    let value = source[position, number]
    let count = Double(scatter.counts[number])
    switch distance {
    case .exact: return value / count
    case .simplified: return value
    case .squaredEuclidean: return value * value + scatter.scatters[number] / count
    }
  }
}
