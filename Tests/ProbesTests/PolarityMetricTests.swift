import Probes
import TestSupport
import Testing

@Suite struct PolarityMetricTests {
  /// Probabilities in the order in which tables have them: A No, A Yes, Ā No, Ā Yes.
  static func answers(_ no: Double, _ yes: Double, _ oppositeNo: Double, _ oppositeYes: Double)
    -> OppositeAnswers
  {
    OppositeAnswers(
      positive: yes, negative: no, oppositePositive: oppositeYes, oppositeNegative: oppositeNo)
  }

  private static let root = 0.5.squareRoot()

  struct Reference: Sendable, CustomTestStringConvertible {
    let name: String
    let answers: OppositeAnswers
    /// Polar consistency, absolute agreement, contradiction index and ideal distance.
    let expected: [Double]
    var tolerance = 1e-12
    var testDescription: String { name }
  }

  static let references = [
    Reference(name: "ideal", answers: answers(0, 1, 1, 0), expected: [0, 0, 0, 0]),
    Reference(name: "inverted", answers: answers(1, 0, 0, 1), expected: [0, 0, 0, 1]),
    Reference(name: "always Yes", answers: answers(0, 1, 0, 1), expected: [0, 0, 1, root]),
    Reference(name: "always No", answers: answers(1, 0, 1, 0), expected: [0, 0, 1, root]),
    Reference(
      name: "collapsed", answers: answers(0.4, 0.4, 0.4, 0.4),
      expected: [0, 0, 0.32, 0.26.squareRoot()]),
    Reference(name: "one half", answers: answers(0.5, 0.5, 0.5, 0.5), expected: [0, 0, 0.5, 0.5]),
    Reference(
      name: "spuriously perfect", answers: answers(0, 0, 0, 0), expected: [0, 0, 0, root]),
    Reference(name: "all one", answers: answers(1, 1, 1, 1), expected: [0, 0, 2, root]),
    Reference(name: "the least score", answers: answers(1, 1, 0, 0), expected: [-1, 1, 0, root]),
    Reference(
      name: "nearly the greatest score", answers: answers(0, 1, 0.001, 0.999),
      expected: [0.998001, 0.998001, 0.999, 0.70639967], tolerance: 1e-8),
    Reference(
      name: "generic", answers: answers(0.2, 0.9, 0.7, 0.3),
      expected: [0.025, 0.025, 0.41, 0.23979158], tolerance: 1e-8),
  ]

  /// Oracle: values worked out by hand from the definitions; digits where they are printed.
  @Test(arguments: references)
  func pairsHaveTheirKnownValues(reference: Reference) {
    let metrics: [PolarityMetric] = [
      .polarConsistency, .absoluteAgreement, .contradictionIndex, .idealDistance,
    ]
    for (metric, expected) in zip(metrics, reference.expected) {
      let value = metric.value(of: reference.answers)
      #expect(abs(value - expected) <= reference.tolerance, "\(metric.identifier)")
      #expect(metric.value(over: [reference.answers, reference.answers]) == value)
    }
  }

  /// Random answers, a third of them 0, .5 or 1, where signs tie.
  private static func random(_ count: Int, seed: UInt64) -> [OppositeAnswers] {
    var generator = TestGenerator(seed: seed)
    func probability() -> Double {
      Int.random(in: 0..<3, using: &generator) == 0
        ? Double(Int.random(in: 0...2, using: &generator)) / 2
        : Double.random(in: 0...1, using: &generator)
    }
    return (0..<count).map { _ in
      answers(probability(), probability(), probability(), probability())
    }
  }

  /// Identities, to rounding: the negated probe, Yes and No swapped, a statement and its opposite swapped.
  @Test func whatTheMeasuresCannotSee() {
    for pair in Self.random(500, seed: 1) {
      let sides = OppositeAnswers(
        positive: pair.negative, negative: pair.positive, oppositePositive: pair.oppositeNegative,
        oppositeNegative: pair.oppositePositive)
      let members = OppositeAnswers(
        positive: pair.oppositePositive, negative: pair.oppositeNegative,
        oppositePositive: pair.positive, oppositeNegative: pair.negative)
      for other in [sides, members, pair.complement] {
        #expect(abs(other.agreementScore - pair.agreementScore) < 1e-15)
      }
      for other in [sides, members] {
        #expect(abs(other.contradiction - pair.contradiction) < 1e-15)
      }
      let total = pair.positive + pair.negative + pair.oppositePositive + pair.oppositeNegative
      #expect(abs(pair.complement.contradiction - (pair.contradiction + 2 - total)) < 1e-15)
    }
  }

  /// Identity: a statement and its opposite swapped is the probe negated, and the two ideals are 1 apart.
  @Test func onlyTheIdealDistanceSeesOrientation() {
    #expect(PolarityMetric.allCases.filter(\.seesOrientation) == [.idealDistance])
    for pair in Self.random(500, seed: 2) {
      let members = OppositeAnswers(
        positive: pair.oppositePositive, negative: pair.oppositeNegative,
        oppositePositive: pair.positive, oppositeNegative: pair.negative)
      #expect(abs(members.idealDistance - pair.complement.idealDistance) < 1e-15)
      #expect(pair.idealDistance + pair.complement.idealDistance >= 1 - 1e-15)
    }
  }

  /// Closed form for a probe that is exactly consistent, p(No) = 1 − p(Yes): with a and b its Yes to A and
  /// to Ā, AS = (a + b − 1)², which is never negative, and CI = ab + (1 − a)(1 − b), at most 1.
  @Test func aConsistentProbeHasItsClosedForm() {
    var generator = TestGenerator(seed: 3)
    for round in 0..<300 {
      let a = Double.random(in: 0...1, using: &generator)
      let b = round.isMultiple(of: 10) ? a : Double.random(in: 0...1, using: &generator)
      let pair = Self.answers(1 - a, a, 1 - b, b)
      let score = a == b ? 0 : (a + b - 1) * (a + b - 1)
      #expect(abs(pair.agreementScore - score) < 1e-12)
      #expect(abs(pair.contradiction - (a * b + (1 - a) * (1 - b))) < 1e-12)
      #expect(pair.agreementScore >= 0 && 0...1 ~= pair.contradiction)
    }
  }

  /// Ranges, with the ends that are reached: −1 is, +1 is not.
  @Test func valuesStayInTheirRanges() {
    for pair in Self.random(2000, seed: 4) {
      #expect(pair.agreementScore >= -1 && pair.agreementScore < 1)
      #expect(0...2 ~= pair.contradiction)
      #expect(0...1 ~= pair.idealDistance)
      #expect(PolarityMetric.absoluteAgreement.value(of: pair) == abs(pair.agreementScore))
    }
  }

  /// A mean and a median of the same three scores, which are far apart.
  @Test func summariesAreMeansButForTheAbsoluteAgreement() {
    let pairs = [Self.answers(0, 1, 1, 0), Self.answers(1, 1, 0, 0), Self.answers(0, 1, 1, 0)]
    #expect(PolarityMetric.polarConsistency.value(over: pairs) == -1.0 / 3)
    #expect(PolarityMetric.absoluteAgreement.value(over: pairs) == 0)
    #expect(PolarityMetric.absoluteAgreement.value(over: Array(pairs.prefix(2))) == 0.5)
    #expect(PolarityMetric.contradictionIndex.value(over: pairs) == 0)
    for metric in PolarityMetric.allCases { #expect(metric.value(over: []) == nil) }
  }

  /// Closed form: over all turns every two statements that are not opposites meet twice, so the sum of
  /// products is the square of the sum without its own squares and without the opposites.
  @Test(arguments: [2, 3, 10, 57])
  func theChanceOfContradictionsHasItsClosedForm(pairCount: Int) throws {
    let pairs = Self.random(pairCount, seed: UInt64(pairCount))
    func sum(_ values: [Double]) -> Double { values.reduce(0, +) }
    let sides = [
      pairs.map(\.positive) + pairs.map(\.oppositePositive),
      pairs.map(\.negative) + pairs.map(\.oppositeNegative),
    ]
    let products = sides.map { side in sum(side) * sum(side) - sum(side.map { $0 * $0 }) }
    let expected =
      (sum(products) - 2 * sum(pairs.map(\.contradiction)))
      / Double(2 * pairCount * (2 * pairCount - 2))
    let chance = try #require(PolarityMetric.contradictionIndex.chance(of: pairs))
    #expect(abs(chance - expected) < 1e-13)
  }

  /// Oracle: the definition, every statement with every other one that is not its opposite.
  @Test func chanceIsTheMetricOverAllOtherPartners() throws {
    let pairs = Self.random(9, seed: 5)
    let statements = pairs.enumerated().flatMap { place, pair in
      [
        (place, pair.positive, pair.negative),
        (place, pair.oppositePositive, pair.oppositeNegative),
      ]
    }
    let all = statements.flatMap { first in
      statements.filter { $0.0 != first.0 }.map { second in
        OppositeAnswers(
          positive: first.1, negative: first.2, oppositePositive: second.1,
          oppositeNegative: second.2)
      }
    }
    for metric in PolarityMetric.allCases {
      let expected = try #require(metric.value(over: all))
      let chance = try #require(metric.chance(of: pairs))
      #expect(abs(chance - expected) < 1e-13)
    }
  }

  /// A constant answer is its own chance, whatever it is; a perfect probe is far from its.
  @Test func onlyAConstantAnswerIsItsOwnChance() throws {
    for reference in Self.references where reference.name.contains("al") {
      let pairs = Array(repeating: reference.answers, count: 6)
      let isConstant =
        reference.answers.positive == reference.answers.oppositePositive
        && reference.answers.negative == reference.answers.oppositeNegative
      let metric = PolarityMetric.contradictionIndex
      let (value, chance) = (metric.value(over: pairs), metric.chance(of: pairs))
      let difference = abs(try #require(value) - #require(chance))
      #expect(isConstant ? difference < 1e-15 : difference > 0.1, "\(reference.name)")
    }
    let perfect = Array(repeating: Self.answers(0, 1, 1, 0), count: 50)
    #expect(PolarityMetric.contradictionIndex.chance(of: perfect) == 0.5)
    #expect(PolarityMetric.polarConsistency.chance(of: [perfect[0]]) == nil)
  }

  /// Many pairs are thinned out: the mean over evenly spaced turns is near that over all.
  @Test func manyPairsAreThinnedOutEvenly() throws {
    let pairs = Self.random(2000, seed: 6)
    let side = pairs.map(\.positive) + pairs.map(\.oppositePositive)
    let other = pairs.map(\.negative) + pairs.map(\.oppositeNegative)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let expected = mean(side) * mean(side) + mean(other) * mean(other)
    let chance = try #require(PolarityMetric.contradictionIndex.chance(of: pairs))
    // 65 turns of 4000 statements, whose products deviate by .4.
    #expect(abs(chance - expected) < 5 * 0.4 / (65 * 4000.0).squareRoot())
  }
}
