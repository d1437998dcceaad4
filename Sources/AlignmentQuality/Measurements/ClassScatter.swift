public import LinearAlgebra

/// How far points scatter within their classes, and classes from each other: the sufficient statistics
/// of every index that needs neither single points nor pairs of them.
///
/// With K classes of n_k points and mean c_k: SS_k = Σ ‖x − c_k‖² over class k, and D_kl = ‖c_k − c_l‖.
/// Streaming, pooling of layers, permutations of labels and precomputed distances all end here.
public struct ClassScatter: Sendable, Equatable {
  /// n_k, the number of points of each class.
  public let counts: [Int]
  /// SS_k, the sum of squared distances of each class's points to their mean.
  public let scatters: [Double]
  /// (K, K), D_kl².
  public let squaredCentroidDistances: Matrix<Double>
  /// Whether all points of the class are the same point, exactly.
  public let constantClasses: [Bool]
  /// How far rounding may have moved each class's mean; distances of centroids below the sum of two are
  /// not told from 0.
  public let centroidRoundings: [Double]

  /// Puts sufficient statistics together.
  ///
  /// - Parameters:
  ///   - counts: n_k ≥ 1.
  ///   - scatters: SS_k ≥ 0.
  ///   - squaredCentroidDistances: (K, K), symmetric.
  ///   - constantClasses: Whether each class is one repeated point; if not given, those of no scatter.
  ///   - centroidRoundings: How far rounding may have moved each mean; 0 if not given.
  public init(
    counts: [Int], scatters: [Double], squaredCentroidDistances: Matrix<Double>,
    constantClasses: [Bool]? = nil, centroidRoundings: [Double]? = nil
  ) {
    let classCount = counts.count
    precondition(
      scatters.count == classCount && squaredCentroidDistances.rowCount == classCount
        && squaredCentroidDistances.columnCount == classCount, "sizes disagree")
    self.counts = counts
    self.scatters = scatters
    self.squaredCentroidDistances = squaredCentroidDistances
    self.constantClasses = constantClasses ?? scatters.map { $0 == 0 }
    self.centroidRoundings =
      centroidRoundings ?? [Double](repeating: 0, count: classCount)
  }

  /// K, the number of classes.
  public var classCount: Int { counts.count }
  /// n, the number of points.
  public var pointCount: Int { counts.reduce(0, +) }
  /// p_k, the share of points in each class.
  public var shares: [Double] { counts.map { Double($0) / Double(pointCount) } }
  /// trW = Σ SS_k.
  public var within: Double { scatters.reduce(0, +) }
  /// trB = Σ n_k ‖c_k − g‖² with the global mean g.
  ///
  /// Computed as Σ_{k<l} n_k n_l D_kl² / n, a sum of terms that are not negative.
  public var between: Double {
    classPairs.reduce(0) { sum, pair in
      sum + Double(counts[pair.0]) * Double(counts[pair.1])
        * squaredCentroidDistances[pair.0, pair.1]
    } / Double(pointCount)
  }
  /// Every pair k < l.
  public var classPairs: [(Int, Int)] {
    (0..<classCount).flatMap { first in (first + 1..<max(classCount, first + 1)).map { (first, $0) }
    }
  }
  /// min D_kl² over pairs of classes, 0 where the closest two cannot be told apart; `nil` for one class.
  public var smallestSquaredCentroidDistance: Double? {
    classPairs.map { areCoincident($0, $1) ? 0 : squaredCentroidDistances[$0, $1] }.min()
  }
  /// Whether every class is one repeated point.
  public var isWithinZero: Bool { constantClasses.allSatisfy { $0 } }
  /// Whether no two centroids can be told apart.
  public var isBetweenZero: Bool { classPairs.allSatisfy { areCoincident($0, $1) } }

  /// Whether two centroids are the same, or nearer to each other than their rounding.
  ///
  /// - Parameters:
  ///   - first: A class.
  ///   - second: Another class.
  /// - Returns: `true` if their distance is not told from 0.
  public func areCoincident(_ first: Int, _ second: Int) -> Bool {
    squaredCentroidDistances[first, second].squareRoot()
      <= centroidRoundings[first] + centroidRoundings[second]
  }

  /// Whether all points of two classes are the same point.
  func areOnePoint(_ first: Int, _ second: Int) -> Bool {
    constantClasses[first] && constantClasses[second] && areCoincident(first, second)
  }
}
