import Evaluation
import LinearAlgebra
import Steering
import Testing

/// Oracle: pairs whose means and whose majority disagree.
@Suite struct SignRuleTests {
  /// Two pairs project lower on their positive side by a little, one higher by a lot.
  static let states = try? SteeringStates(
    positive: Matrix(rows: [[0], [0], [10]]), negative: Matrix(rows: [[1], [1], [0]]))

  @Test func meansAndMajorityMayDisagreeAndSaySo() throws {
    let states = try #require(Self.states)
    var method = PairwiseComponentSteering()
    let byMeans = try method.direction(of: states)
    #expect(byMeans.vector == [1])
    #expect(byMeans.signRule == .differenceOfMeans)
    #expect(byMeans.diagnostics.signsDisagree == true)
    #expect(byMeans.flags.map(\.name).contains("sign-disagreement"))
    for rule in [SignRule.pairMajority, .pairExtremes] {
      method.signRule = rule
      #expect(try method.direction(of: states).vector == [-1])
    }
  }

  /// Of two pairs that agree in both sides and one that does not, only that one counts.
  @Test func tiesCountForNeitherSide() throws {
    let states = try SteeringStates(
      positive: Matrix(rows: [[2], [2], [5]]), negative: Matrix(rows: [[2], [2], [4]]))
    for rule in SignRule.allCases {
      var method = PairwiseComponentSteering()
      method.signRule = rule
      #expect(try method.direction(of: states).vector == [1])
      #expect(try method.direction(of: states.swapped).vector == [-1])
    }
  }
}
