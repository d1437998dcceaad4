internal import LinearAlgebra
internal import RealModule

/// What the Davies–Bouldin index is made of, and how strict and peers' conventions put it together.
struct DaviesBouldinTerms {
  /// S_k.
  let dispersions: [Double]
  /// (K, K), M_kl.
  let separations: Matrix<Double>

  /// `nil` if an ingredient is missing.
  init?(of index: DaviesBouldinIndex, _ measurements: ClusterMeasurements) {
    guard let dispersions = Self.dispersions(measurements, power: index.dispersionPower),
      let separations = Self.separations(measurements, norm: index.centroidNorm)
    else { return nil }
    self.dispersions = dispersions
    self.separations = separations
  }

  private static func dispersions(
    _ measurements: ClusterMeasurements, power: Double
  ) -> [Double]? {
    let scatter = measurements.scatter
    if power == 2 {
      return zip(scatter.scatters, scatter.counts).map { ($0 / Double($1)).squareRoot() }
    }
    guard let distances = measurements.ownDistances else { return nil }
    let classes = measurements.classes
    var largest = [Double](repeating: 0, count: scatter.classCount)
    for (number, distance) in zip(classes, distances) {
      largest[number] = max(largest[number], distance)
    }
    var sums = [Double](repeating: 0, count: scatter.classCount)
    for (number, distance) in zip(classes, distances) where distance > 0 {
      // Powers of shares of the largest distance neither overflow nor all underflow.
      sums[number] += power == 1 ? distance : Double.pow(distance / largest[number], power)
    }
    return sums.indices.map { number in
      let mean = sums[number] / Double(scatter.counts[number])
      return power == 1 ? mean : largest[number] * Double.pow(mean, 1 / power)
    }
  }

  private static func separations(
    _ measurements: ClusterMeasurements, norm: Double
  ) -> Matrix<Double>? {
    let squares = measurements.scatter.squaredCentroidDistances
    if norm == 2 {
      return Matrix(
        rowCount: squares.rowCount, columnCount: squares.columnCount,
        elements: squares.elements.map { $0.squareRoot() })
    }
    guard let centroids = measurements.centroids else { return nil }
    let rows = (0..<centroids.rowCount).map { centroids.row($0) }
    return Matrix(rowCount: rows.count, columnCount: rows.count) { first, second in
      minkowskiDistance(rows[first], rows[second], norm: norm)
    }
  }

  private static func minkowskiDistance(
    _ first: [Double], _ second: [Double], norm: Double
  ) -> Double {
    let differences = zip(first, second).map { abs($0 - $1) }
    if norm == 1 { return differences.reduce(0, +) }
    guard let largest = differences.max(), largest > 0 else { return 0 }
    let sum = differences.reduce(0) { $0 + Double.pow($1 / largest, norm) }
    return largest * Double.pow(sum, 1 / norm)
  }

  /// The mean over classes of the largest ratio, with separations that a convention may change.
  private func meanOfLargest(
    separation: (_ first: Int, _ second: Int) -> Double
  ) -> Double {
    let classes = dispersions.indices
    let largest = classes.map { first in
      classes.filter { $0 != first }.reduce(0) { largest, second in
        let ratio = (dispersions[first] + dispersions[second]) / separation(first, second)
        // `max` would drop a NaN.
        return ratio.isNaN || largest.isNaN ? .nan : max(largest, ratio)
      }
    }
    return largest.reduce(0, +) / Double(classes.count)
  }

  /// +∞ for centroids that coincide, undefined if the classes do not scatter either.
  func strictValue(_ scatter: ClassScatter) -> IndexValue {
    if let reason = scatter.undefinedReason { return .undefined(reason) }
    let flags = scatter.scatterFlags
    let coincident = scatter.classPairs.filter { scatter.areCoincident($0, $1) }
    if let (first, second) = coincident.first(where: {
      scatter.constantClasses[$0] && scatter.constantClasses[$1]
    }) {
      return .undefined("classes \(first) and \(second) are the same repeated point", flags: flags)
    }
    if let (first, second) = coincident.first {
      return .positiveInfinity(
        "the centroids of classes \(first) and \(second) coincide", flags: flags)
    }
    return .checked(meanOfLargest { separations[$0, $1] }, flags: flags)
  }

  /// A perfect 0 where all is within 1e-8, and coincident centroids ignored.
  var scikitLearnValue: Double {
    let tolerance = 1e-8
    if dispersions.allSatisfy({ $0 <= tolerance }) { return 0 }
    if separations.elements.allSatisfy({ $0 <= tolerance }) { return 0 }
    return meanOfLargest { separations[$0, $1] == 0 ? .infinity : separations[$0, $1] }
  }

  /// 1e10 for one class, coincident centroids and anything that is not finite.
  var permetricsValue: Double {
    guard dispersions.count > 1 else { return 1e10 }
    let value = meanOfLargest { separations[$0, $1] }
    return value.isFinite ? value : 1e10
  }
}
