import Epistemics
import Evaluation
import LinearAlgebra
import RealModule
import Testing

/// Oracles: NumPy and SciPy, closed forms to 10⁻¹² of the value; and answers whose scores can be said.
@Suite struct TokenScoreTests {
  static let golden = try? TokenScoresGolden.read()

  private func close(_ value: MeasuredValue, _ expected: Double) -> Bool {
    guard let value = value.finiteValue else { return false }
    return abs(value - expected) <= 1e-12 * max(1, abs(expected))
  }

  @Test func scoresAreThoseOfNumPyAndSciPy() throws {
    let answers = try #require(Self.golden).answers
    #expect(answers.count == 6)
    for answer in answers {
      let tokens = try answer.tokens()
      #expect(answer.scores.count == 14)
      for (name, expected) in answer.scores {
        let overrides: SettingValue =
          name.hasPrefix("top-k-negentropy") ? ["k": .integer(answer.k)] : [:]
        let found = try ScoreNames.score(name, overrides).uncertainties(of: tokens)
        #expect(close(found.values[0], expected), "\(name)")
      }
      for quantile in answer.quantiles {
        for (space, expected) in [
          ("log-probability", quantile.logProbability), ("probability", quantile.probability),
        ] {
          let score = try ScoreNames.score(
            "chow-quantile", ["alpha": .number(quantile.alpha), "space": .string(space)])
          #expect(close(try score.uncertainties(of: tokens).values[0], expected))
        }
      }
    }
  }

  @Test func quantilesInterpolateEachSpaceForItself() throws {
    let tokens = try TokenizedAnswers(
      counts: [2], logProbabilities: [.log(0.2), .log(0.8)])
    let logarithmic = try ScoreNames.score("chow-quantile/median").uncertainties(of: tokens)
    #expect(close(logarithmic.values[0], -.log(0.4)))
    let linear = try ScoreNames.score(
      "chow-quantile/median", ["space": "probability"]
    ).uncertainties(of: tokens)
    #expect(close(linear.values[0], -0.5))
  }

  @Test(arguments: [-0.1, 1.1])
  func aShareOutsideItsRangeIsRefused(alpha: Double) throws {
    var score = ChowQuantile()
    score.alpha = alpha
    let tokens = try TokenizedAnswers(counts: [1], logProbabilities: [-1])
    #expect(throws: EpistemicsError.self) { try score.uncertainties(of: tokens) }
    var negentropy = TopNegentropy()
    negentropy.k = 1
    #expect(throws: EpistemicsError.self) { try negentropy.uncertainties(of: tokens) }
  }

  @Test func anImpossibleTokenMakesSumsInfiniteWithAReason() throws {
    let tokens = try TokenizedAnswers(counts: [2, 1], logProbabilities: [-.infinity, -1, -2])
    for name in [
      "sequence-negative-log-likelihood", "mean-negative-log-likelihood", "perplexity",
      "chow-quantile", "chow-quantile/median",
    ] {
      let found = try ScoreNames.score(name).uncertainties(of: tokens).values
      guard case .infinite = found[0] else {
        Issue.record("\(name) of an impossible answer is \(found[0])")
        continue
      }
      #expect(found[1].finiteValue != nil)
    }
    for (name, expected) in [
      ("minimum-token-probability", 0), ("geometric-mean-probability", 0),
      ("arithmetic-mean-probability", -Double.exp(-1) / 2),
    ] {
      #expect(close(try ScoreNames.score(name).uncertainties(of: tokens).values[0], expected))
    }
    let last = try ScoreNames.score("chow-quantile", ["alpha": 1]).uncertainties(of: tokens)
    #expect(close(last.values[0], 1))
    let vast = try TokenizedAnswers(counts: [1], logProbabilities: [-800])
    guard case .infinite = try Perplexity().uncertainties(of: vast).values[0] else {
      Issue.record("the perplexity of e to the 800 is a number")
      return
    }
  }

  @Test func equalProbabilitiesHaveNoKurtosis() throws {
    let equal = [2.0, 2, 2, 2]
    let peaked = [5.0, 2, 2, 2]
    let tokens = try TokenizedAnswers(
      counts: [2, 1],
      distributions: try [equal, peaked, peaked].map { try TokenDistribution(logits: $0) })
    let found = try ProbabilityKurtosis().uncertainties(of: tokens).values
    guard case .undefined = found[0] else {
      Issue.record("the kurtosis of equal probabilities is \(found[0])")
      return
    }
    // One of four values apart from three equal ones: (27·3 + 3·1)/4 over ((9 + 3)/4)².
    let single = (81.0 + 3) / 4 / 9
    #expect(abs((found[1].finiteValue ?? 0) + single) < 1e-12)
    let zero = try ScoreNames.score("probability-kurtosis", ["onZeroVariance": "zero"])
    #expect(
      abs((try zero.uncertainties(of: tokens).values[0].finiteValue ?? 0) + single / 2) < 1e-12)
    let unread = try TokenizedAnswers(
      counts: [1],
      distributions: [try TokenDistribution(logits: peaked, includingKurtosis: false)])
    #expect(throws: EpistemicsError.self) { try zero.uncertainties(of: unread) }
  }

  @Test func equalAndCertainDistributionsAreTheEndsOfEveryRange() throws {
    let equal = [Double](repeating: 1, count: 8)
    let certain = [100.0] + [Double](repeating: -700, count: 7)
    let tokens = try TokenizedAnswers(
      counts: [1, 1],
      distributions: try [equal, certain].map { try TokenDistribution(logits: $0) },
      leadingLogits: try [equal, certain].map {
        try LeadingLogits(Array($0.prefix(4)), place: TokenPlace(sample: 0, token: 0))
      })
    for (name, first, second) in [
      ("token-entropy", Double.log(8), 0.0), ("probability-margin", 0.0, -1.0),
      ("top-k-negentropy", 0.0, -1.0), ("self-certainty", 0.0, Double.log(8) - 700),
    ] {
      let overrides: SettingValue = name == "top-k-negentropy" ? ["k": 4] : [:]
      let found = try ScoreNames.score(name, overrides).uncertainties(of: tokens).values
      #expect(close(found[0], first), "\(name)")
      #expect(close(found[1], second), "\(name)")
    }
  }

  @Test func fewerAlternativesThanAskedForAreNoFewerTokens() throws {
    func leading(_ logits: [Double]) throws -> LeadingLogits {
      try LeadingLogits(logits, place: TokenPlace(sample: 0, token: 0))
    }
    let tokens = try TokenizedAnswers(
      counts: [2, 1],
      leadingLogits: [
        try leading([3, 1, 0]), try leading([3, 1, -.infinity]), try leading([0, 0, -.infinity]),
      ])
    let found = try ScoreNames.score("top-k-negentropy", ["k": 3]).uncertainties(of: tokens).values
    let alone = try TokenizedAnswers(counts: [1], leadingLogits: [try leading([3, 1, 0])])
    let expected = try ScoreNames.score("top-k-negentropy", ["k": 3]).uncertainties(of: alone)
    #expect(found[0] == expected.values[0])
    guard case .undefined = found[1] else {
      Issue.record("the negentropy of two alternatives is one of three: \(found[1])")
      return
    }
    #expect(throws: EpistemicsError.self) {
      try ScoreNames.score("top-k-negentropy", ["k": 4]).uncertainties(of: tokens)
    }
  }
}
