import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// The definitions on published data sets.
///
/// Oracle: the definitions evaluated in extended precision. Sums of at most 300 terms of one sign leave
/// relative errors far below 1e-12.
@Suite struct IndexGoldenTests {
  static let names = ["iris", "wine", "blobs", "tiny6"]

  private func golden(_ name: String) throws -> (IndexGolden.Values, ClusterMeasurements) {
    let values = try #require(try IndexGolden.read().values[name])
    let data = try #require(try IndexGolden.datasets()[name])
    return (values, try bruteForce(data.points, data.labels))
  }

  @Test(arguments: names) func scatters(name: String) throws {
    let (golden, measurements) = try golden(name)
    #expect(agree(measurements.scatter.within, golden.within))
    #expect(agree(measurements.scatter.between, golden.between))
  }

  @Test(arguments: names) func daviesBouldin(name: String) throws {
    let (golden, measurements) = try golden(name)
    #expect(golden.daviesBouldin.count == 6)
    for example in golden.daviesBouldin {
      let index = try index(
        DaviesBouldinIndex.self,
        ["dispersionPower": "\(example.power)", "centroidNorm": "\(example.norm)"])
      #expect(agree(try index.value(of: measurements).doubleValue, example.value))
    }
  }

  @Test(arguments: names) func ratiosOfTraces(name: String) throws {
    let (golden, measurements) = try golden(name)
    let harabasz = try CalinskiHarabaszIndex().value(of: measurements)
    #expect(agree(harabasz.doubleValue, golden.calinskiHarabasz))
    let ratio = TraceRatioIndex().value(of: measurements)
    #expect(agree(ratio.doubleValue, golden.traceRatio))
    #expect(ratio.details.map(\.metric) == ["eta-squared", "omega-squared"])
    let details = ratio.details.compactMap(\.value.finiteValue)
    #expect(agree(details[0], golden.etaSquared))
    #expect(agree(details[1], golden.omegaSquared))
  }

  @Test(arguments: names) func xieBeni(name: String) throws {
    let (golden, measurements) = try golden(name)
    func value(_ assignments: [String: String]) throws -> Double {
      try index(XieBeniIndex.self, assignments).value(of: measurements).doubleValue
    }
    #expect(agree(try value([:]), golden.xieBeni))
    #expect(agree(try value(["compatibility": "aqi-eval"]), golden.xieBeni))
    #expect(agree(try value(["compatibility": "cluster-crit"]), golden.xieBeniClusterCrit))
    #expect(agree(try value(["compatibility": "permetrics"]), golden.xieBeniPermetrics))
    #expect(golden.xieBeniFuzzy.count == 3)
    for example in golden.xieBeniFuzzy {
      let settings = [
        "partition": "fuzzy-from-centroids", "fuzzifier": "\(example.fuzzifier)",
      ]
      #expect(agree(try value(settings), example.value))
    }
  }

  @Test(arguments: names) func silhouettes(name: String) throws {
    let (golden, measurements) = try golden(name)
    #expect(golden.silhouettes.count == 3)
    for (kind, samples) in golden.silhouettes {
      let index = try index(SilhouetteIndex.self, ["distance": kind])
      let mean = samples.reduce(0, +) / Double(samples.count)
      #expect(agree(try index.value(of: measurements).doubleValue, mean))
      let values = try #require(index.pointValues(of: measurements))
      #expect(values.count == samples.count)
      // Differences of distances, of which a few nearly cancel, over the larger of them.
      #expect(zip(values, samples).allSatisfy { abs($0 - $1) < 1e-13 })
    }
  }

  /// Limits: 1 on a repeated point of its own, 0 where another class is the same repeated point.
  ///
  /// Rounding in place of a distance of 0 would give any number from −1 to 1, so coordinates have all digits.
  @Test(
    arguments: [SilhouetteIndex.Distance.exact, .simplified, .squaredEuclidean], [1, 3, 33, 130])
  func silhouettesOfRepeatedPoints(distance: SilhouetteIndex.Distance, width: Int) throws {
    var index = SilhouetteIndex()
    index.distance = distance
    for seed in 1...8 as ClosedRange<UInt64> {
      // The first point five and seven times, the second three times, and four more.
      let rows = [Int](repeating: 0, count: 12) + [1, 1, 1, 2, 3, 4, 5]
      let labels = rows.indices.map { $0 < 5 ? 0 : $0 < 12 ? 1 : $0 < 15 ? 2 : 3 }
      var points = GeometryData.normal(6, width, seed: seed).selectingRows(rows)
      points.subtractFromRows([Double](repeating: 1000.1, count: width))
      let measurements = try ClusterMeasurer.measure(
        try LabelledPoints(points, labels: labels), index.ingredients)
      let values = try #require(index.pointValues(of: measurements))
      #expect(values.prefix(12).allSatisfy { $0 == 0 }, "\(values)")
      #expect(values[12..<15].allSatisfy { $0 == 1 }, "\(values)")
      let name = "coincident-points"
      #expect(try index.value(of: measurements).flags.contains { $0.name == name })
    }
  }

  /// By hand: the distances of six points.
  @Test func silhouettesOfSixPoints() throws {
    let (_, measurements) = try golden("tiny6")
    let values = try #require(SilhouetteIndex().pointValues(of: measurements))
    let expected = [0.81782771, 0.77643465, 0.7331605, 0.63676053, 0.65758153, 0.7530733]
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 5e-9 })
  }

  /// Oracle: scikit-learn, whose products of coordinates leave 1e-9 on Wine.
  @Test(arguments: names) func scikitLearn(name: String) throws {
    let (golden, measurements) = try golden(name)
    let peer = try #require(golden.peers["sklearn"])
    #expect(peer.count == 4)
    for (key, expected) in peer {
      let value = try value(key, as: .sklearn, of: measurements)
      let number = try #require(expected)
      #expect(abs(value.doubleValue - number) < 1e-9 * max(1, number))
      #expect(value.flags == [])
    }
  }

  /// Oracle: permetrics, in float64, and torchmetrics, in float32.
  @Test(arguments: names) func otherPeers(name: String) throws {
    let (golden, measurements) = try golden(name)
    for (peer, tolerance) in [(IndexCompatibility.permetrics, 1e-12), (.torchmetrics, 1e-5)] {
      for (key, expected) in try #require(golden.peers[peer.rawValue]) {
        let value = try value(key, as: peer, of: measurements)
        #expect(agree(value.doubleValue, try #require(expected), tolerance), "\(key)")
        #expect(value.flags == [])
      }
    }
  }
}

/// The value of an index, or of a variant of it, by a peer's conventions.
func value(
  _ name: String, as peer: IndexCompatibility, of measurements: ClusterMeasurements
) throws -> IndexValue {
  let parsed = MethodName(parsing: name)
  func value<Index: ClusterIndex>(of type: Index.Type) throws -> IndexValue {
    var settings = ["compatibility": peer.rawValue]
    if let kind = parsed.variant { settings["distance"] = kind }
    return try index(type, settings).value(of: measurements)
  }
  return try value(of: ClusterIndexCatalog.index(named: parsed.identifier))
}
