import FoundationEssentials

/// What `Golden/generate_aqi.py` wrote.
struct AlignmentQualityGolden: Decodable {
  struct PointSet: Decodable {
    let points: [[Double]]
    let labels: [Int]
    let components: [String: Double]
    /// By formula, at the weight that it was published with.
    let published: [String: Double]
    /// By formula, all at ``AlignmentQualityGolden/weight``.
    let weighted: [String: Double]
  }
  struct Keyed: Decodable {
    let calinskiHarabasz: [Double]
    let xieBeni: [Double]
    let weight: Double
    let minMaxSigmoid: [Double]
    let percentiles: [Double]?
  }
  struct Published: Decodable {
    struct Model: Decodable {
      let model: String
      let calinskiHarabasz: [Double]
      let xieBeni: [Double]
      let published: [Double]
      let recomputed: [Double]
      /// The number of points of each of the two classes.
      let sizes: [Int]
    }
    let models: [Model]
  }
  struct Table: Decodable {
    let rows: [[Double]]
  }
  struct Drop: Decodable {
    let before: Double
    let after: Double
    let percentage: Double
  }
  struct Pool: Decodable {
    struct Reading: Decodable {
      let value: Double
      let zScore: Double
      let percentileRank: Double
    }
    let values: [Double]
    let percentile99: Double
    let readings: [Reading]
  }

  let reference: Double
  let weight: Double
  let sets: [String: PointSet]
  let keyed: [Keyed]
  let published: Published
  let table14: Table
  let drop: Drop
  let pool: Pool

  /// Reads the file.
  init(besides source: String = #filePath) throws {
    let folder = source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/Golden/aqi.json"
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }
}

/// Whether two numbers agree but for a share of the second.
func agrees(_ value: Double, _ expected: Double, within share: Double) -> Bool {
  abs(value - expected) <= share * abs(expected)
}
