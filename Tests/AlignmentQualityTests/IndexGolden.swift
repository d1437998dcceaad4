import AlignmentQuality
import Evaluation
import FoundationEssentials
import LinearAlgebra

/// What `Golden/generate_indices.py` wrote.
struct IndexGolden: Decodable {
  struct Dataset: Decodable {
    var points: [[Double]]
    var labels: [Int]
  }
  struct Power: Decodable {
    var power: Double
    var norm: Double
    var value: Double
  }
  struct Fuzzy: Decodable {
    var fuzzifier: Double
    var value: Double
  }
  struct Values: Decodable {
    var within: Double
    var between: Double
    var daviesBouldin: [Power]
    var calinskiHarabasz: Double
    var traceRatio: Double
    var etaSquared: Double
    var omegaSquared: Double
    var xieBeni: Double
    var xieBeniClusterCrit: Double
    var xieBeniPermetrics: Double
    var xieBeniFuzzy: [Fuzzy]
    /// Of each point, by kind.
    var silhouettes: [String: [Double]]
    var peers: [String: [String: Double?]]
  }
  struct Memberships: Decodable {
    var memberships: [[Double]]
    var value: Double
  }
  struct Degenerate: Decodable, Sendable, CustomStringConvertible {
    var name: String
    var points: [[Double]]
    var labels: [Int]
    /// By peer and index; `null` where the peer raises.
    var peers: [String: [String: Double?]]
    var description: String { name }
  }

  var values: [String: Values]
  var fuzzy: Memberships
  var degenerate: [Degenerate]

  static func read() throws -> IndexGolden { try decoded("indices.json") }

  static func datasets() throws -> [String: Dataset] { try decoded("datasets.json") }

  private static func decoded<Contents: Decodable>(
    _ name: String, file: String = #filePath
  ) throws -> Contents {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/Golden/" + name
    return try JSONDecoder().decode(
      Contents.self, from: Data(contentsOf: URL(filePath: path)))
  }
}

/// Measurements of everything that indices can be computed from, the pairs by their definition.
func bruteForce(_ points: [[Double]], _ labels: [Int]) throws -> ClusterMeasurements {
  let labelled = try LabelledPoints(Matrix(rows: points), labels: labels)
  var measurements = try ClusterMeasurer.measure(
    labelled, [.scatter, .ownDistances, .centroidDistances])
  let classes = labelled.classes
  let count = labelled.classCount
  func distance(_ first: Int, _ second: Int) -> Double {
    zip(points[first], points[second]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      .squareRoot()
  }
  var sums = Matrix<Double>(rowCount: points.count, columnCount: count)
  var smallest = Matrix<Double>(rowCount: count, columnCount: count, repeating: .infinity)
  var largest = Matrix<Double>(rowCount: count, columnCount: count)
  for first in points.indices {
    for second in points.indices where second != first {
      let (one, other) = (classes[first], classes[second])
      sums[first, other] += distance(first, second)
      smallest[one, other] = min(smallest[one, other], distance(first, second))
      largest[one, other] = max(largest[one, other], distance(first, second))
    }
  }
  measurements.pairSums = sums
  measurements.pairExtremes = PairExtremes(
    smallest: smallest, largest: largest, nearest: [:], isCertified: true)
  return measurements
}

/// An index with settings as the command line gives them.
func index<Index: ClusterIndex>(
  _ type: Index.Type, _ assignments: [String: String] = [:]
) throws -> Index {
  try Settings.decode(type, assignments: assignments)
}

/// Whether two numbers agree to a relative tolerance.
func agree(_ value: Double, _ expected: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(value - expected) <= tolerance * max(abs(expected), .leastNormalMagnitude)
}
