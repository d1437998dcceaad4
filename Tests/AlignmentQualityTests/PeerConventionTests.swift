import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// What peers say of points that have no value, and what we say instead.
@Suite struct PeerConventionTests {
  static let cases = (try? IndexGolden.read().degenerate) ?? []

  @Test func theCasesAreRead() { #expect(Self.cases.count == 11) }

  /// Oracle: the peers themselves.
  ///
  /// `null` is an exception, and for us an undefined value.
  @Test(arguments: cases) func degenerateOutputs(example: IndexGolden.Degenerate) throws {
    let measurements = try bruteForce(example.points, example.labels)
    for peer in [IndexCompatibility.sklearn, .permetrics, .torchmetrics] {
      let outputs = try #require(example.peers[peer.rawValue])
      #expect(outputs.count >= 2)
      for (name, expected) in outputs {
        let value = try value(name, as: peer, of: measurements)
        if let expected {
          let tolerance = peer == .torchmetrics ? 1e-6 : 1e-11
          #expect(
            abs(value.doubleValue - expected) <= tolerance * max(1, expected),
            "\(name) as \(peer): \(value)")
        } else {
          guard case .undefined = value.value else {
            Issue.record("\(name) as \(peer) is \(value), where the peer raises")
            continue
          }
        }
      }
    }
  }

  /// Where a peer departs from a value that is no number, or from another one, its number carries a flag.
  @Test(arguments: cases) func departuresAreFlagged(example: IndexGolden.Degenerate) throws {
    let measurements = try bruteForce(example.points, example.labels)
    for peer in [IndexCompatibility.sklearn, .permetrics, .torchmetrics] {
      for name in try #require(example.peers[peer.rawValue]).keys {
        let value = try value(name, as: peer, of: measurements)
        let strict = try AlignmentQualityTests.value(name, as: .strict, of: measurements)
        let isFlagged = value.flags.contains { $0.name == "degenerate-peer-value" }
        // Of Xie–Beni the peer has another definition, whose numbers need no flag.
        if name != "xie-beni" { #expect(isFlagged == (value.value != strict.value)) }
        if strict.value.finiteValue == nil, value.value.finiteValue != nil { #expect(isFlagged) }
      }
    }
  }

  /// The traps: a perfect score by scikit-learn, and a reason by the strict default.
  @Test func strictNamesWhatScikitLearnCallsPerfect() throws {
    func values(_ name: String) throws -> (strict: MeasuredValue, peer: Double) {
      let example = try #require(Self.cases.first { $0.name == name })
      let value = try DaviesBouldinIndex().value(
        of: try bruteForce(example.points, example.labels))
      let peer = try #require(example.peers["sklearn"]?["davies-bouldin"] ?? nil)
      return (value.value, peer)
    }
    let coincident = try values("coincident centroids")
    #expect(coincident.peer == 0)
    #expect(coincident.strict == .infinite("the centroids of classes 0 and 1 coincide"))
    let constant = try values("identical points")
    #expect(constant.peer == 0)
    #expect(constant.strict == .undefined("all points are the same point"))
    let tiny = try values("iris times 1e-8")
    #expect(tiny.peer == 0)
    #expect(agree(try #require(tiny.strict.finiteValue), 0.7513707094756733, 1e-11))
    let ignored = try values("two of three centroids coincident")
    #expect(agree(ignored.peer, 1.0 / 3))
    #expect(ignored.strict == .infinite("the centroids of classes 0 and 1 coincide"))
  }

  /// A duplicate across classes: the closest points of two classes are one.
  @Test func aPointInTwoClassesIsNamedWhereItDecides() throws {
    let example = try #require(Self.cases.first { $0.name == "a point in two classes" })
    let measurements = try bruteForce(example.points, example.labels)
    let value = try index(XieBeniIndex.self, ["compatibility": "cluster-crit"])
      .value(of: measurements)
    #expect(value.value == .infinite("two classes share a point"))
    #expect(try XieBeniIndex().value(of: measurements).value.finiteValue != nil)
  }

  /// Closed form of the released code: D² ≤ 1e-12, or one class, is infinite.
  @Test func theReleasedCodesXieBeni() throws {
    let released = try index(XieBeniIndex.self, ["compatibility": "aqi-eval"])
    func value(_ rows: [[Double]], _ labels: [Int]) throws -> IndexValue {
      try released.value(of: try bruteForce(rows, labels))
    }
    let near = try value([[0], [1e-6], [0.5e-6], [1.5e-6]], [0, 0, 1, 1])
    #expect(near.doubleValue == .infinity)
    #expect(near.flags.contains { $0.name == "degenerate-peer-value" })
    #expect(try value([[0], [1e-5], [2e-5], [3e-5]], [0, 0, 1, 1]).value.finiteValue != nil)
    #expect(try value([[0], [1]], [0, 0]).doubleValue == .infinity)
    #expect(try value([[0], [1]], [0, 1]).doubleValue == 0)
  }

  @Test(arguments: ClusterIndexCatalog.all)
  func everyPeerIsHonouredOrRefused(type: any ClusterIndex.Type) throws {
    let measurements = try bruteForce([[0], [1], [5], [7]], [0, 0, 1, 1])
    func check<Index: ClusterIndex>(_ type: Index.Type) throws {
      guard try Settings.defaults(of: type).contains(where: { $0.name == "compatibility" }) else {
        return
      }
      for peer in IndexCompatibility.peers {
        let index = try index(type, ["compatibility": peer.rawValue])
        guard !type.compatibilities.contains(peer) else { continue }
        #expect(throws: AlignmentQualityError.self, "\(peer)") {
          try index.value(of: measurements)
        }
      }
    }
    try check(type)
  }
}
