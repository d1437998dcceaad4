import Activations
import Evaluation
import Foundation
import LinearAlgebra
import Probes
import Testing

/// Laws that every probe of the catalogue keeps.
@Suite struct ProbeLaws {
  private func fit(_ type: any Probe.Type, _ data: ProbeData, seed: UInt64 = 4) throws
    -> any FittedProbe
  {
    func fitted<Method: Probe>(_ type: Method.Type) throws -> any FittedProbe {
      let quick: [String: String] = type == ContrastConsistentSearch.self ? ["epochs": "60"] : [:]
      return try Settings.decode(type, assignments: quick).fit(data, seed: seed, layer: 1)
    }
    return try fitted(type)
  }

  @Test func identifiersAreUniqueAndFound() throws {
    #expect(Set(ProbeCatalog.identifiers).count == ProbeCatalog.all.count)
    for identifier in ProbeCatalog.identifiers {
      #expect(try ProbeCatalog.probe(named: identifier).identifier == identifier)
    }
  }

  @Test func anUnknownNameListsTheKnownOnes() {
    let error = #expect(throws: ProbeError.self) { try ProbeCatalog.probe(named: "csc") }
    #expect(error?.description.contains("contrast-consistent-search") == true)
  }

  @Test(arguments: ProbeCatalog.all)
  func fittingTwiceGivesTheSameScores(type: any Probe.Type) throws {
    let data = try plantedData(for: type)
    #expect(try fit(type, data).scores(data) == fit(type, data).scores(data))
  }

  @Test(arguments: ProbeCatalog.all)
  func savingAndLoadingKeepsEveryScore(type: any Probe.Type) throws {
    let data = try plantedData(for: type)
    func check<Fitted: FittedProbe>(_ fitted: Fitted) throws {
      let decoded = try JSONDecoder().decode(Fitted.self, from: JSONEncoder().encode(fitted))
      #expect(decoded == fitted)
      #expect(try decoded.scores(data) == fitted.scores(data))
    }
    try check(try fit(type, data))
  }

  @Test(arguments: ProbeCatalog.all)
  func permutingSamplesPermutesScores(type: any Probe.Type) throws {
    guard case .pairs(let pairs) = try plantedData(for: type) else { return }
    let order = (0..<pairs.count).map { ($0 * 7 + 3) % pairs.count }
    #expect(Set(order).count == pairs.count)
    let fitted = try fit(type, .pairs(pairs))
    let scores = try fitted.scores(.pairs(pairs))
    let permuted = try fitted.scores(.pairs(pairs.selecting(order)))
    #expect(permuted == order.map { scores[$0] })
  }

  @Test(arguments: ProbeCatalog.all)
  func aWidthThatTheProbeDoesNotKnowIsRefused(type: any Probe.Type) throws {
    let fitted = try fit(type, try plantedData(for: type))
    let other = try plantedPairs(width: 5)
    let error = #expect(throws: ProbeError.self) { try fitted.scores(.pairs(other)) }
    #expect(error?.description.contains("width 8") == true)
    #expect(error?.description.contains("width 5") == true)
  }

  @Test(arguments: ProbeCatalog.all)
  func emptyInputIsRefusedWithAReason(type: any Probe.Type) throws {
    let none = try plantedPairs(4).selecting([])
    let error = #expect(throws: ProbeError.self) { try fit(type, .pairs(none)) }
    #expect(error?.description.contains("got 0") == true)
  }

  @Test(arguments: ProbeCatalog.all)
  func publishedDefaultsSurviveTheSettings(type: any Probe.Type) throws {
    func check<Method: Probe & Equatable>(_ type: Method.Type) throws {
      #expect(try Settings.decode(type) == Method())
    }
    if let equatable = type as? any (Probe & Equatable).Type { try check(equatable) }
    #expect(!type.summary.isEmpty)
    #expect(!(try Settings.defaults(of: type)).isEmpty)
  }

  @Test(arguments: ProbeCatalog.all.filter { $0.supervision == .labels })
  func supervisedProbesNeedBothClasses(type: any Probe.Type) throws {
    var pairs = try plantedPairs()
    pairs.labels = nil
    let unlabelled = pairs
    #expect(throws: ProbeError.missingLabels(method: type.identifier)) {
      try fit(type, .pairs(unlabelled))
    }
    pairs.labels = Array(repeating: 1, count: pairs.count)
    let oneClass = pairs
    #expect(throws: ProbeError.oneClass(method: type.identifier, label: 1)) {
      try fit(type, .pairs(oneClass))
    }
    pairs.labels = Array(repeating: 1, count: pairs.count - 1) + [2]
    let threeClasses = pairs
    #expect(throws: ProbeError.notBinary(method: type.identifier, label: 2)) {
      try fit(type, .pairs(threeClasses))
    }
  }

  @Test(arguments: ProbeCatalog.all.filter { $0.supervision == .none })
  func unsupervisedProbesDoNotSeeLabels(type: any Probe.Type) throws {
    var pairs = try plantedPairs()
    let scores = try fit(type, .pairs(pairs)).scores(.pairs(pairs))
    pairs.labels = pairs.labels?.map { 1 - $0 }
    let relabelled = pairs
    #expect(try fit(type, .pairs(relabelled)).scores(.pairs(relabelled)) == scores)
  }
}
