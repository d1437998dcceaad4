public import LinearAlgebra

/// What indices are computed from, measured on the points of one layer, or of one category of them.
///
/// What was not asked for is `nil`.
public struct ClusterMeasurements: Sendable, Equatable {
  /// Counts, scatters and the distances of the centroids.
  public var scatter: ClassScatter
  /// (K, d), the mean of each class; `nil` where only distances are known.
  public var centroids: Matrix<Double>?
  /// The class of each point, from 0; empty where only the scatter is known.
  public var classes: [Int] = []
  /// The distance of each point to its own centroid.
  public var ownDistances: [Double]?
  /// (n, K), the distance of each point to every centroid.
  public var centroidDistances: Matrix<Double>?
  /// How the points of each group deviate from the means of their classes.
  public var groupMoments: GroupMoments?
  /// The extreme distances between classes.
  public var pairExtremes: PairExtremes?
  /// (n, K), the sum of the distances from each point to the points of each class.
  public var pairSums: Matrix<Double>?
  /// (K, K), the Hausdorff distance of each pair of classes.
  public var hausdorffDistances: Matrix<Double>?
  /// The quantiles of the separation of two classes, by the ingredient that asked for each.
  public var separationQuantiles: [Ingredient: Double] = [:]

  /// Measurements of which only the scatter is known.
  ///
  /// - Parameter scatter: Counts, scatters and the distances of the centroids.
  public init(scatter: ClassScatter) { self.scatter = scatter }
}

/// The smallest and the largest distance between the points of each pair of classes.
public struct PairExtremes: Sendable, Equatable {
  /// (K, K), the smallest distance between a point of one class and a point of the other.
  ///
  /// On the diagonal between two points of the class, infinite for a class of one point.
  public let smallest: Matrix<Double>
  /// (K, K), the largest distance; on the diagonal the diameter of the class, 0 for one point.
  public let largest: Matrix<Double>
  /// Two positions for each pair of classes k ≤ l, at which the distance is smallest; keyed k · K + l.
  public let nearest: [Int: [Int]]
  /// Whether every number equals its float64 evaluation on the original coordinates.
  public let isCertified: Bool

  /// Puts extremes together.
  ///
  /// - Parameters:
  ///   - smallest: (K, K), the smallest distances.
  ///   - largest: (K, K), the largest distances.
  ///   - nearest: Positions of a nearest pair, keyed k · K + l.
  ///   - isCertified: Whether the numbers are exact evaluations.
  public init(
    smallest: Matrix<Double>, largest: Matrix<Double>, nearest: [Int: [Int]], isCertified: Bool
  ) {
    self.smallest = smallest
    self.largest = largest
    self.nearest = nearest
    self.isCertified = isCertified
  }
}
