import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// Settings that cannot be, the fuzzy index, the map from F, and precomputed distances.
@Suite struct IndexSettingsTests {
  private func six() throws -> ClusterMeasurements {
    let data = try #require(try IndexGolden.datasets()["tiny6"])
    return try bruteForce(data.points, data.labels)
  }

  @Test(arguments: [
    ["dispersionPower": "0"], ["dispersionPower": "-1"], ["centroidNorm": "0.5"],
    ["compatibility": "sklearn", "dispersionPower": "2"],
    ["compatibility": "permetrics", "centroidNorm": "1"], ["compatibility": "cluster-crit"],
  ]) func daviesBouldinRefuses(settings: [String: String]) throws {
    let index = try index(DaviesBouldinIndex.self, settings)
    let error = #expect(throws: AlignmentQualityError.self) { try index.value(of: try six()) }
    #expect(error?.description.hasPrefix("davies-bouldin") == true)
  }

  @Test(arguments: [
    ["fuzzifier": "1"], ["fuzzifier": "0.5"], ["compatibility": "sklearn"],
    ["partition": "fuzzy-from-centroids", "compatibility": "permetrics"],
  ]) func xieBeniRefuses(settings: [String: String]) throws {
    let index = try index(XieBeniIndex.self, settings)
    let error = #expect(throws: AlignmentQualityError.self) { try index.value(of: try six()) }
    #expect(error?.description.hasPrefix("xie-beni") == true)
  }

  @Test(arguments: [
    ["distance": "simplified", "compatibility": "sklearn"],
    ["distance": "squared-euclidean", "compatibility": "permetrics"],
    ["compatibility": "torchmetrics"],
  ]) func silhouetteRefuses(settings: [String: String]) throws {
    let index = try index(SilhouetteIndex.self, settings)
    #expect(throws: AlignmentQualityError.self) { try index.value(of: try six()) }
  }

  /// A value never comes from what was not measured.
  @Test func withoutItsIngredientsAnIndexHasNoValue() throws {
    let bare = ClusterMeasurements(scatter: try six().scatter)
    let indices: [any ClusterIndex] = [
      DaviesBouldinIndex(), try index(DaviesBouldinIndex.self, ["centroidNorm": "1"]),
      try index(XieBeniIndex.self, ["partition": "fuzzy-from-centroids"]),
      try index(XieBeniIndex.self, ["compatibility": "cluster-crit"]),
      try index(XieBeniIndex.self, ["compatibility": "permetrics"]),
      SilhouetteIndex(), try index(SilhouetteIndex.self, ["distance": "simplified"]),
    ]
    for index in indices {
      guard case .undefined(let reason) = try index.value(of: bare).value else {
        Issue.record("\(index) has a value")
        continue
      }
      #expect(reason.contains("not measured"))
    }
  }

  /// Identity: for two classes CH · XB = (n − 2) n₀n₁/n², and XB and DB (RMS) follow from F.
  @Test func twoClassesHaveOneNumber() throws {
    let rows: [[Double]] = [[0, 1], [2, 0], [1, 1], [7, 3], [8, 8], [5, 4], [9, 1]]
    let measurements = try bruteForce(rows, [0, 0, 0, 1, 1, 1, 1])
    let ratio = TraceRatioIndex().value(of: measurements).doubleValue
    let rms = try index(DaviesBouldinIndex.self, ["dispersionPower": "2"])
    for index in [CalinskiHarabaszIndex(), XieBeniIndex(), rms] as [any ClusterIndex] {
      let expected = try index.value(of: measurements).doubleValue
      let value = try #require(index.value(atTraceRatio: ratio, of: measurements))
      #expect(agree(value, expected, 1e-14))
      // The maps are monotone in the direction of the index.
      let better = try #require(index.value(atTraceRatio: 2 * ratio, of: measurements))
      #expect(type(of: index).betterWhen.isBetter(better, than: value))
    }
    let harabasz = try CalinskiHarabaszIndex().value(of: measurements).doubleValue
    let beni = try XieBeniIndex().value(of: measurements).doubleValue
    #expect(agree(harabasz * beni, 5 * 12 / 49.0, 1e-14))
    #expect(DaviesBouldinIndex().value(atTraceRatio: ratio, of: measurements) == nil)
    #expect(XieBeniIndex().value(atTraceRatio: 0, of: measurements) == nil)
    #expect(rms.value(atTraceRatio: -1, of: measurements) == nil)
  }

  /// Moving one class along the line of the centroids changes F and nothing else, so the map must follow.
  @Test func theMapFromFFollowsMovedClasses() throws {
    let rows: [[Double]] = [[0, 1], [2, 0], [1, 1], [7, 3], [8, 8], [5, 4], [9, 1]]
    let labels = [0, 0, 0, 1, 1, 1, 1]
    let measurements = try bruteForce(rows, labels)
    let centroids = try #require(measurements.centroids)
    let moved = zip(rows, labels).map { row, label in
      row.indices.map { row[$0] + Double(label) * (centroids[1, $0] - centroids[0, $0]) }
    }
    let far = try bruteForce(moved, labels)
    let ratio = TraceRatioIndex().value(of: far).doubleValue
    for index in [XieBeniIndex(), try index(DaviesBouldinIndex.self, ["dispersionPower": "2"])]
      as [any ClusterIndex]
    {
      let mapped = try #require(index.value(atTraceRatio: ratio, of: measurements))
      #expect(agree(mapped, try index.value(of: far).doubleValue, 1e-13))
    }
  }

  @Test func moreClassesHaveNoMapFromF() throws {
    let measurements = try bruteForce([[0], [1], [5], [7], [9], [12]], [0, 0, 1, 1, 2, 2])
    #expect(XieBeniIndex().value(atTraceRatio: 1, of: measurements) == nil)
    let rms = try index(DaviesBouldinIndex.self, ["dispersionPower": "2"])
    #expect(rms.value(atTraceRatio: 1, of: measurements) == nil)
  }

  /// Oracle: the generator's memberships and centres.
  @Test func fuzzyMemberships() throws {
    let golden = try IndexGolden.read().fuzzy
    let data = try #require(try IndexGolden.datasets()["tiny6"])
    let value = try XieBeniIndex.fuzzy(
      Matrix(rows: data.points), memberships: Matrix(rows: golden.memberships))
    #expect(agree(value.doubleValue, golden.value))
  }

  /// Identity: memberships of 0 and 1 give the crisp index, whatever the fuzzifier.
  @Test(arguments: [1.1, 2, 5]) func crispMembershipsAreCrisp(fuzzifier: Double) throws {
    let data = try #require(try IndexGolden.datasets()["wine"])
    let memberships = data.labels.map { label in (0..<3).map { $0 == label ? 1.0 : 0 } }
    let value = try XieBeniIndex.fuzzy(
      Matrix(rows: data.points), memberships: Matrix(rows: memberships), fuzzifier: fuzzifier)
    let crisp = try XieBeniIndex().value(of: try bruteForce(data.points, data.labels))
    #expect(agree(value.doubleValue, crisp.doubleValue))
  }

  @Test func fuzzyRefusals() throws {
    let points = Matrix<Double>(rows: [[0, 1], [2, 3], [5, 5]])
    func fuzzy(_ rows: [[Double]], _ fuzzifier: Double = 2) throws -> IndexValue {
      try XieBeniIndex.fuzzy(points, memberships: Matrix(rows: rows), fuzzifier: fuzzifier)
    }
    for rows in [
      [[1.0, 0], [0, 1]], [[1, 0], [0.5, 0.6], [0, 1]], [[1, 0], [1.5, -0.5], [0, 1]],
      [[1, 0], [.nan, 1], [0, 1]],
    ] {
      #expect(throws: AlignmentQualityError.self) { try fuzzy(rows) }
    }
    #expect(throws: AlignmentQualityError.self) { try fuzzy([[1, 0], [1, 0], [0, 1]], 1) }
    #expect(try fuzzy([[1], [1], [1]]).doubleValue.isNaN)
    #expect(
      try fuzzy([[1, 0], [1, 0], [1, 0]]).value == .undefined("no point belongs to cluster 1"))
    let shared = try fuzzy([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]])
    #expect(shared.value == .infinite("the two closest centres coincide"))
    let same = Matrix<Double>(rows: [[1, 2], [1, 2]])
    let identical = try XieBeniIndex.fuzzy(same, memberships: Matrix(rows: [[1, 0], [0, 1]]))
    #expect(identical.value == .undefined("all points are the same point"))
  }

  /// Identity: the scatter of Euclidean distances is that of the points.
  ///
  /// D² is a difference of means, so its relative error grows by mean/D², which is below 10 here.
  @Test(arguments: ["iris", "blobs", "tiny6"]) func precomputedDistances(name: String) throws {
    let data = try #require(try IndexGolden.datasets()[name])
    let rows = data.points
    let distances = Matrix<Double>(rowCount: rows.count, columnCount: rows.count) { one, other in
      zip(rows[one], rows[other]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let scatter = try ClassScatter(precomputedDistances: distances, labels: data.labels)
    let measurements = ClusterMeasurements(scatter: scatter)
    let golden = try #require(try IndexGolden.read().values[name])
    #expect(agree(scatter.within, golden.within))
    let harabasz = try CalinskiHarabaszIndex().value(of: measurements).doubleValue
    #expect(agree(harabasz, golden.calinskiHarabasz))
    #expect(agree(try XieBeniIndex().value(of: measurements).doubleValue, golden.xieBeni))
  }

  @Test func distancesThatNoPointsHaveAreRefused() {
    for rows in [
      [[0.0, 1], [2, 0]], [[1, 1], [1, 0]], [[0, -1], [-1, 0]], [[0, .nan], [.nan, 0]],
    ] {
      #expect(throws: AlignmentQualityError.self) {
        try ClassScatter(precomputedDistances: Matrix(rows: rows), labels: [0, 1])
      }
    }
    // Classes wide in themselves and near each other: no Euclidean space holds them.
    let impossible = Matrix<Double>(rows: [
      [0, 9, 1, 1], [9, 0, 1, 1], [1, 1, 0, 9], [1, 1, 9, 0],
    ])
    #expect(throws: AlignmentQualityError.self) {
      try ClassScatter(precomputedDistances: impossible, labels: [0, 0, 1, 1])
    }
    #expect(throws: AlignmentQualityError.self) {
      try ClassScatter(precomputedDistances: Matrix(rows: [[0, 1]]), labels: [0])
    }
  }

  /// Coincident centroids are recognised from distances, though a difference of sums says it only roughly.
  @Test func coincidentCentroidsFromDistances() throws {
    let rows: [[Double]] = [[0.1, 0.7], [0.3, 0.1], [0.2, 0.1], [0.2, 0.7]]
    let distances = Matrix<Double>(rowCount: 4, columnCount: 4) { one, other in
      zip(rows[one], rows[other]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let scatter = try ClassScatter(precomputedDistances: distances, labels: [0, 0, 1, 1])
    #expect(scatter.areCoincident(0, 1))
    let value = try XieBeniIndex().value(of: ClusterMeasurements(scatter: scatter))
    #expect(value.doubleValue == .infinity)
  }
}
