import Activations
import Evaluation
import Foundation
import LinearAlgebra
import Optimization
import Probes
import Studies
import TestSupport
import Testing

@Suite struct ShuffledPairingTests {
  private func pairs(groups: [Int], categories: [Int]? = nil) throws -> ContrastPairs {
    // A row holds its own number, so that it can be told where a row came from.
    let rows = Matrix(
      rowCount: groups.count, columnCount: 1, elements: groups.indices.map { Float($0) })
    return try ContrastPairs(
      positive: rows, negative: rows, groups: groups, categories: categories)
  }

  /// Law: a permutation within each category in which no group meets itself.
  @Test(arguments: [2, 3, 17, 120])
  func exchangesKeepCategoriesAndPartGroups(groupCount: Int) throws {
    let groups = (0..<(4 * groupCount)).map { $0 / 4 }
    let categories = groups.indices.map { $0 % 2 }
    let original = try pairs(groups: groups, categories: categories)
    var orders: Set<[Int]> = []
    for seed in 0..<5 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed, stream: 1)
      let exchanged = try #require(original.mispaired(using: &generator))
      #expect(exchanged.positive == original.positive)
      let origin = exchanged.negative.column(0).map { Int($0) }
      #expect(origin.sorted() == Array(groups.indices))
      for (row, source) in origin.enumerated() {
        #expect(groups[row] != groups[source] && categories[row] == categories[source])
      }
      orders.insert(origin)
    }
    #expect(orders.count > 1, "the exchange is random")
  }

  /// With more than half of the samples in one group, some of them must stay among themselves.
  @Test(arguments: [[0, 0, 0], [0, 0, 0, 1, 2]])
  func withoutAnExchangeThereIsNone(groups: [Int]) throws {
    var generator = SeededGenerator(seed: 1, stream: 1)
    #expect(try pairs(groups: groups).mispaired(using: &generator) == nil)
  }

  /// Planted data: the direction that makes true pairs consistent does not do so for shuffled ones.
  @Test func refitsAreMeasuredBesideTheMethod() throws {
    let outcome = try PlantedDump().experiment().run()
    for cell in outcome.cells {
      let metrics = cell.controls.filter { $0.control == ProbeControl.shuffledPairing }
        .map(\.measurement)
      #expect(
        metrics.map(\.metric) == ["folded-accuracy", "folded-auroc", "loss", "training-loss"])
      #expect(
        metrics.allSatisfy { $0.flags.contains(Flag("mean-of-refits", detail: "5")) })
    }
    func control(_ metric: String, _ layer: Int) throws -> Double {
      let measurement = outcome.cells[layer].control(ProbeControl.shuffledPairing, metric: metric)
      return try #require(measurement?.value.finiteValue)
    }
    // The truth makes true pairs consistent and shuffled ones not, so their loss is far higher.
    let loss = try #require(outcome.cells[2].measurement("training-loss")?.value.finiteValue)
    #expect(try control("training-loss", 2) > 10 * loss)
    #expect(!outcome.cells[2].flags.contains { $0.name == "below-shuffled-pairing" })
  }

  /// Supervised methods have no pairing to lose, and the flag is of the cell that it is about.
  @Test func supervisedMethodsHaveNoSuchControl() throws {
    let outcome = try PlantedDump().experiment([DifferenceOfMeans()]).run()
    #expect(
      !outcome.cells.flatMap(\.controls).contains { $0.control == ProbeControl.shuffledPairing })
  }
}
