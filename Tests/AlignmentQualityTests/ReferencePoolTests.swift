import AlignmentQuality
import Evaluation
import Testing

@Suite struct ReferencePoolTests {
  /// Oracle: NumPy and SciPy's `percentileofscore`.
  @Test func readingsFollowSciPy() throws {
    let golden = try AlignmentQualityGolden().pool
    let pool = try ReferencePool(golden.values.reversed())
    for reading in golden.readings {
      let score = try #require(pool.zScore(of: reading.value).finiteValue)
      #expect(abs(score - reading.zScore) < 1e-13)
      #expect(abs(pool.percentileRank(of: reading.value) - reading.percentileRank) < 1e-12)
    }
    #expect(abs(pool.percentile(99) - golden.percentile99) < 1e-15)
    #expect([pool.percentile(0), pool.percentile(100)] == [0.58, 0.81])
  }

  /// Oracle: the paper's table 13 to its rounding; a fall is above 0.
  @Test func dropsFollowThePaper() throws {
    let golden = try AlignmentQualityGolden().drop
    let drop = AlignmentQualityDrop(before: golden.before, after: golden.after)
    #expect(abs(try #require(drop.percentage.finiteValue) - golden.percentage) < 0.05)
    #expect(abs(drop.difference - 0.66) < 1e-15)
    #expect(AlignmentQualityDrop(before: 0, after: 1).percentage.finiteValue == nil)
    #expect(AlignmentQualityDrop(before: 1, after: 2).percentage == .finite(-100))
  }

  @Test func poolsWithoutScaleSaySo() throws {
    #expect(try ReferencePool([2, 2]).zScore(of: 3).finiteValue == nil)
    #expect(try ReferencePool([2]).zScore(of: 2).finiteValue == nil)
    for values in [[], [1, .nan], [.infinity]] as [[Double]] {
      let error = #expect(throws: AlignmentQualityError.self) { try ReferencePool(values) }
      #expect("\(try #require(error))".contains("at least 1 value, all of them finite"))
    }
  }
}
