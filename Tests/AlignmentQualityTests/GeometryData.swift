import AlignmentQuality
import Evaluation
import FoundationEssentials
import LinearAlgebra
import Optimization
import Testing

/// What `Golden/generate_geometry.py` wrote.
struct GeometryGolden: Decodable {
  struct Case: Decodable {
    let name: String
    let width: Int
    let labels: [Int]
    let points: [Double]
    /// By `method/variant`, with a detail's metric after a space.
    let values: [String: Double]

    var matrix: Matrix<Double> {
      Matrix(rowCount: points.count / width, columnCount: width, elements: points)
    }
  }
  struct Layer: Decodable {
    let width: Int
    let points: [Double]

    var matrix: Matrix<Double> {
      Matrix(rowCount: points.count / width, columnCount: width, elements: points)
    }
  }

  let cases: [Case]
  let layers: [Layer]
  let alignments: [String: [[Double]]]

  static func read(besides file: String = #filePath) throws -> GeometryGolden {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/Golden/geometry.json"
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }
}

/// Points with a known geometry, and measures by name.
enum GeometryData {
  /// Independent standard normal numbers.
  static func normal(_ rowCount: Int, _ columnCount: Int, seed: UInt64) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: (0..<rowCount * columnCount).map { _ in generator.nextNormal() })
  }

  /// Two classes of different means and spreads away from the origin, 24 points in 4 dimensions.
  static let labels = [Int](repeating: 0, count: 13) + [Int](repeating: 1, count: 11)
  static let twoClasses: Matrix<Double> = {
    var points = normal(24, 4, seed: 5)
    points.scaleColumns(by: [1, 2, 0.5, 1.5])
    for row in 0..<24 {
      points[row, 0] += 2
      points[row, 2] += labels[row] == 1 ? 1.5 : 0.25
    }
    // Numbers that float32 holds exactly.
    return Matrix(Matrix<Float>(points))
  }()

  /// ±s_i along axis i: the covariance, divided by the count, is diag(s_i²/d), and the mean is the offset.
  static func cross(_ sizes: [Double], offset: [Double]) -> Matrix<Double> {
    Matrix(rowCount: 2 * sizes.count, columnCount: sizes.count) { row, column in
      let size = row / 2 == column ? sizes[column] : 0
      return offset[column] + (row % 2 == 0 ? size : -size)
    }
  }

  static func stacked(_ parts: Matrix<Double>...) -> Matrix<Double> {
    Matrix(
      rowCount: parts.reduce(0) { $0 + $1.rowCount }, columnCount: parts[0].columnCount,
      elements: parts.flatMap(\.elements))
  }

  /// A column of numbers.
  static func line(_ values: Double...) -> Matrix<Double> {
    Matrix(rowCount: values.count, columnCount: 1, elements: values)
  }

  static func rotated(_ points: Matrix<Double>) throws -> Matrix<Double> {
    let random = normal(points.columnCount, points.columnCount, seed: 77)
    let rotation = try QRFactorization(random.view).orthonormal
    return product(of: points.view, and: rotation.view)
  }

  /// Every measure, and every variant, by name.
  static var names: [String] {
    GeometryCatalog.all.flatMap { type in
      [type.identifier] + type.variants.map { "\(type.identifier)/\($0.name)" }
    }
  }

  static func value(_ name: String, of points: LabelledPoints) throws -> IndexValue {
    let method = MethodName(parsing: name)
    let type = try GeometryCatalog.measure(named: method.identifier)
    return try value(of: type, variant: method.variant, points)
  }

  /// Of points without classes.
  static func value(_ name: String, of matrix: Matrix<Double>) throws -> IndexValue {
    try value(
      name,
      of: try LabelledPoints(matrix, labels: [Int](repeating: 0, count: matrix.rowCount)))
  }

  private static func value<Measure: GeometryMeasure>(
    of type: Measure.Type, variant: String?, _ points: LabelledPoints
  ) throws -> IndexValue {
    var overrides: SettingValue = [:]
    if let variant {
      overrides = try #require(type.variants.first { $0.name == variant }).overrides
    }
    return try Settings.decode(type, overrides: overrides).value(of: points)
  }
}

extension IndexValue {
  /// A number beside the value, NaN if there is none.
  func detail(_ metric: String) -> Double {
    details.first { $0.metric == metric }?.value.finiteValue ?? .nan
  }
}

/// Whether two numbers agree relative to the second; never for NaN.
func agree(_ value: Double, _ expected: Double, within tolerance: Double) -> Bool {
  abs(value - expected) <= tolerance * abs(expected)
}
