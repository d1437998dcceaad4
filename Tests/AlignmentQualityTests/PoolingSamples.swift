import AlignmentQuality
import FoundationEssentials
import LinearAlgebra
import TestSupport

/// Layers of points for the tests of pooling, and what is computed from them the plain way.
struct PoolingSamples {
  let layers: [Matrix<Double>]
  let labels: [Int]

  /// Normal layers of points around a common offset, classes in turns; in the named layers the classes lie
  /// `separation` apart in one direction.
  init(
    layerCount: Int, count: Int, width: Int, classCount: Int = 2, offset: Double = 0,
    planted: Set<Int> = [], separation: Double = 0, seed: UInt64
  ) {
    var generator = TestGenerator(seed: seed)
    let labels = (0..<count).map { $0 % classCount }
    layers = (0..<layerCount).map { layer in
      let elements = (0..<count).flatMap { row in
        (0..<width).map { column in
          let shift = planted.contains(layer) && column == 0 ? separation * Double(labels[row]) : 0
          return offset + shift + Self.normal(&generator)
        }
      }
      return Matrix(rowCount: count, columnCount: width, elements: elements)
    }
    self.labels = labels
  }

  func points(groups: [Int]? = nil) throws -> LayeredPoints {
    try LayeredPoints(layers, labels: labels, groups: groups)
  }

  /// Σ α_l x^l, point by point.
  func pooled(_ weights: [Double]) -> Matrix<Double> {
    Matrix(rowCount: labels.count, columnCount: layers[0].columnCount) { row, column in
      zip(weights, layers).reduce(0) { $0 + $1.0 * $1.1[row, column] }
    }
  }

  /// A normal number as the sum of twelve uniform ones less six.
  static func normal(_ generator: inout TestGenerator) -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
  }

  static func uniforms(_ count: Int, in range: ClosedRange<Double>, seed: UInt64) -> [Double] {
    var generator = TestGenerator(seed: seed)
    return (0..<count).map { _ in
      range.lowerBound + (range.upperBound - range.lowerBound)
        * Double(generator.next() >> 11) * 0x1p-53
    }
  }
}

/// Scatters by the definitions: means, then squared distances.
struct PlainScatter {
  var counts: [Int] = []
  var scatters: [Double] = []
  var means: [[Double]] = []

  init(_ points: Matrix<Double>, labels: [Int]) {
    for label in Set(labels).sorted() {
      let rows = labels.indices.filter { labels[$0] == label }
      let mean = (0..<points.columnCount).map { column in
        rows.reduce(0) { $0 + points[$1, column] } / Double(rows.count)
      }
      counts.append(rows.count)
      means.append(mean)
      scatters.append(rows.reduce(0) { $0 + Self.squaredDistance(points.row($1), mean) })
    }
  }

  static func squaredDistance(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  var within: Double { scatters.reduce(0, +) }
  /// F_u of two classes, as the specification of the debiased separation writes it.
  var debiasedSeparation: Double {
    let (one, other) = (Double(counts[0]), Double(counts[1]))
    let total = one + other
    let distance =
      Self.squaredDistance(means[0], means[1]) - scatters[0] / (one * (one - 1))
      - scatters[1] / (other * (other - 1))
    return one / total * (other / total) * distance / (within / (total - 2))
  }
}

/// What Golden/generate_pooling.py wrote.
struct PoolingGolden: Decodable {
  struct Maps: Decodable {
    struct Case: Decodable {
      let map: String
      let parameter: Double
      let weights: [Double]
    }
    let scores: [Double]
    let cases: [Case]
  }
  struct Study: Decodable {
    struct Objective: Decodable {
      let objective: PoolingObjective
      let maximum: Double
      let eigenvector: [Double]
      let simplexMaximum: Double
      let singles: [Double]
    }
    let layers: [[[Double]]]
    let labels: [Int]
    let objectives: [Objective]

    var points: LayeredPoints {
      get throws { try LayeredPoints(layers.map { Matrix(rows: $0) }, labels: labels) }
    }
  }
  let maps: Maps
  let studies: [Study]

  static func read(source: String = #filePath) throws -> PoolingGolden {
    let folder = source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/Golden/pooling.json"
    return try JSONDecoder().decode(PoolingGolden.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
