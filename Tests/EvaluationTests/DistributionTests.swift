import Evaluation
import Testing

/// Oracle: mpmath with 50 digits.
@Suite struct DistributionTests {
  struct Goldens: Decodable {
    var normalCumulative: [[Double]]
    var normalQuantile: [[Double]]
    var studentQuantile: [[Double]]
    var studentCumulative: [[Double]]
  }

  private func relativeError(_ value: Double, _ expected: Double) -> Double {
    expected == 0 ? abs(value) : abs(value - expected) / abs(expected)
  }

  @Test func normalChancesAreExactToTwelveDigits() throws {
    for row in try golden("distributions.json", as: Goldens.self).normalCumulative {
      #expect(relativeError(NormalDistribution.cumulative(row[0]), row[1]) < 1e-12, "\(row)")
    }
  }

  @Test func normalQuantilesAreExactToThirteenDigits() throws {
    for row in try golden("distributions.json", as: Goldens.self).normalQuantile {
      #expect(relativeError(NormalDistribution.quantile(row[0]), row[1]) < 1e-13, "\(row)")
    }
    #expect(NormalDistribution.quantile(0.5) == 0)
  }

  @Test func studentQuantilesAreExactToTwelveDigits() throws {
    for row in try golden("distributions.json", as: Goldens.self).studentQuantile {
      let value = StudentDistribution.quantile(row[0], degreesOfFreedom: row[1])
      #expect(relativeError(value, row[2]) < 1e-12, "\(row), got \(value)")
    }
    #expect(StudentDistribution.quantile(0.5, degreesOfFreedom: 7) == 0)
  }

  @Test func studentChancesAreExactToTwelveDigits() throws {
    for row in try golden("distributions.json", as: Goldens.self).studentCumulative {
      let value = StudentDistribution.cumulative(row[0], degreesOfFreedom: row[1])
      #expect(relativeError(value, row[2]) < 1e-12, "\(row), got \(value)")
      let mirrored = StudentDistribution.cumulative(-row[0], degreesOfFreedom: row[1])
      #expect(abs(mirrored + value - 1) < 1e-15)
    }
  }

  /// Oracle: closed forms, tan for 1 degree of freedom and (2p − 1)/√(2p(1 − p)) for 2.
  @Test(arguments: [0.01, 0.2, 0.3, 0.45, 0.6, 0.9, 0.99])
  func studentQuantilesHaveTheirClosedForms(p: Double) {
    let cauchy = StudentDistribution.quantile(p, degreesOfFreedom: 1)
    #expect(abs(StudentDistribution.cumulative(cauchy, degreesOfFreedom: 1) - p) < 1e-14)
    let two = StudentDistribution.quantile(p, degreesOfFreedom: 2)
    #expect(relativeError(two, (2 * p - 1) / (2 * p * (1 - p)).squareRoot()) < 1e-13)
  }
}
