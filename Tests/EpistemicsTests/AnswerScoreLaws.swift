import Activations
import Epistemics
import Evaluation
import LinearAlgebra
import RealModule
import TestSupport
import Testing

/// What holds for every score of answers in the catalogue, with its defaults and in every variant.
@Suite struct AnswerScoreLaws {
  /// Answers of 1 to 9 tokens over a vocabulary of 30, with everything that a score can ask for.
  struct Drawn {
    var logits: [[[Double]]] = []
    var chosen: [[Int]] = []

    init(seed: UInt64, answers: Int = 6, scale: Double = 2) {
      var generator = TestGenerator(seed: seed)
      for _ in 0..<answers {
        let length = Int.random(in: 1...9, using: &generator)
        logits.append(
          (0..<length).map { _ in
            (0..<30).map { _ in scale * Double.random(in: -3...3, using: &generator) }
          })
        chosen.append((0..<length).map { _ in Int.random(in: 0..<30, using: &generator) })
      }
    }

    func tokens() throws -> TokenizedAnswers {
      let all = Array(logits.joined())
      let distributions = try all.map { try TokenDistribution(logits: $0) }
      let ids = Array(chosen.joined())
      return try TokenizedAnswers(
        counts: logits.map(\.count),
        logProbabilities: zip(all, zip(ids, distributions)).map { $0[$1.0] - $1.1.normalizer },
        distributions: distributions,
        leadingLogits: try all.map {
          try LeadingLogits(
            Array($0.sorted(by: >).prefix(20)), place: TokenPlace(sample: 0, token: 0))
        })
    }
  }

  private func values(_ name: String, _ drawn: Drawn) throws -> [Double] {
    try ScoreNames.score(name).uncertainties(of: try drawn.tokens()).values.map {
      try #require($0.finiteValue)
    }
  }

  private func close(_ one: [Double], _ other: [Double]) -> Bool {
    one.count == other.count
      && zip(one, other).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($0)) }
  }

  @Test func namesAreInKebabCaseAndDiffer() {
    let names = AnswerScoreCatalog.identifiers
    #expect(Set(names).count == names.count && names.count == 12)
    for name in names { #expect(Flag(rawValue: name)?.detail == nil && !name.contains(":")) }
    #expect(throws: EpistemicsError.self) { try AnswerScoreCatalog.score(named: "perplexty") }
  }

  @Test func variantsAreFoundAgainBySettings() throws {
    func check<Score: AnswerScore>(_ type: Score.Type) throws {
      #expect(try Settings.variant(of: type.init()) == nil)
      #expect(
        try Settings.decode(type, overrides: try Settings.resolved(type.init())) == type.init())
      for variant in type.variants {
        let score = try Settings.decode(type, overrides: variant.overrides)
        #expect(try Settings.variant(of: score) == variant.name)
      }
    }
    for type in AnswerScoreCatalog.all { try check(type) }
  }

  @Test(arguments: ScoreNames.all)
  func theOrderOfTokensDoesNotCount(name: String) throws {
    var drawn = Drawn(seed: 1)
    let before = try values(name, drawn)
    for answer in drawn.logits.indices {
      drawn.logits[answer].reverse()
      drawn.chosen[answer].reverse()
    }
    #expect(close(try values(name, drawn), before))
  }

  @Test(arguments: ScoreNames.all)
  func answersDoNotKnowOfEachOther(name: String) throws {
    let drawn = Drawn(seed: 2)
    let together = try values(name, drawn)
    for answer in drawn.logits.indices {
      var alone = drawn
      alone.logits = [drawn.logits[answer]]
      alone.chosen = [drawn.chosen[answer]]
      #expect(try values(name, alone) == [together[answer]])
    }
  }

  /// A mean, a minimum and a maximum do not change when every token comes twice; a sum doubles.
  ///
  /// Quantiles between two tokens move.
  @Test(arguments: ScoreNames.all)
  func tokensThatComeTwiceChangeSumsOnly(name: String) throws {
    guard name != "chow-quantile/median" else { return }
    var drawn = Drawn(seed: 3)
    let before = try values(name, drawn)
    for answer in drawn.logits.indices {
      drawn.logits[answer] += drawn.logits[answer]
      drawn.chosen[answer] += drawn.chosen[answer]
    }
    let factor = name == "sequence-negative-log-likelihood" ? 2.0 : 1
    #expect(close(try values(name, drawn), before.map { $0 * factor }))
  }

  /// Σ adds up; a mean is the mean of the parts' by their lengths.
  @Test(arguments: [
    "sequence-negative-log-likelihood", "mean-negative-log-likelihood",
    "arithmetic-mean-probability", "token-entropy", "self-certainty", "probability-margin",
    "top-k-negentropy", "probability-kurtosis",
  ])
  func aJoinedAnswerScoresAsItsPartsDo(name: String) throws {
    var drawn = Drawn(seed: 4, answers: 2)
    let parts = try values(name, drawn)
    let counts = drawn.logits.map { Double($0.count) }
    drawn.logits = [drawn.logits[0] + drawn.logits[1]]
    drawn.chosen = [drawn.chosen[0] + drawn.chosen[1]]
    let expected =
      name == "sequence-negative-log-likelihood"
      ? parts[0] + parts[1]
      : (parts[0] * counts[0] + parts[1] * counts[1]) / (counts[0] + counts[1])
    #expect(close(try values(name, drawn), [expected]))
  }

  /// Higher is less to be trusted: a likelier token never raises a score of the answer's own probabilities.
  @Test(arguments: ScoreNames.all)
  func likelierTokensAreLessUncertain(name: String) throws {
    let score = try ScoreNames.score(name)
    guard type(of: score).ingredient == .logProbability else { return }
    var generator = TestGenerator(seed: 5)
    for _ in 0..<50 {
      var logProbabilities = (0..<5).map { _ in Double.random(in: -6 ... -0.1, using: &generator) }
      let before = try TokenizedAnswers(counts: [5], logProbabilities: logProbabilities)
      let token = Int.random(in: 0..<5, using: &generator)
      logProbabilities[token] *= Double.random(in: 0..<1, using: &generator)
      let after = try TokenizedAnswers(counts: [5], logProbabilities: logProbabilities)
      let one = try #require(score.uncertainties(of: before).values[0].finiteValue)
      let other = try #require(score.uncertainties(of: after).values[0].finiteValue)
      #expect(other <= one)
      if ["sequence-negative-log-likelihood", "arithmetic-mean-probability"].contains(name) {
        #expect(other < one)
      }
    }
  }

  /// The same for whole distributions: a lower temperature is less uncertain.
  @Test(arguments: ScoreNames.all)
  func sharperDistributionsAreLessUncertain(name: String) throws {
    let score = try ScoreNames.score(name)
    guard type(of: score).ingredient != .logProbability else { return }
    let drawn = Drawn(seed: 6, scale: 0.5)
    var sharper = drawn
    sharper.logits = drawn.logits.map { $0.map { $0.map { 2 * $0 } } }
    for (before, after) in zip(try values(name, drawn), try values(name, sharper)) {
      #expect(after < before)
    }
  }

  @Test func scoresSaidToRankAlikeDo() throws {
    let drawn = Drawn(seed: 7, answers: 40)
    func order(_ name: String) throws -> [Int] {
      let values = try values(name, drawn)
      return values.indices.sorted { values[$0] < values[$1] }
    }
    let mean = try order("mean-negative-log-likelihood")
    #expect(try order("perplexity") == mean && order("geometric-mean-probability") == mean)
    #expect(try order("sequence-negative-log-likelihood") != mean)
    #expect(try order("arithmetic-mean-probability") != mean)
    #expect(try order("minimum-token-probability") == order("chow-quantile"))
    let probabilities = try ScoreNames.score("chow-quantile", ["space": "probability"])
    #expect(
      try probabilities.uncertainties(of: try drawn.tokens()).values
        == ScoreNames.score("minimum-token-probability").uncertainties(of: try drawn.tokens())
        .values)
  }

  /// No two scores are one number, nor one with the sign changed.
  @Test func noTwoScoresAreTheSame() throws {
    let drawn = Drawn(seed: 8)
    let all = try AnswerScoreCatalog.identifiers.map { try values($0, drawn) }
    for one in all.indices {
      for other in all[..<one] {
        #expect(!close(all[one], other) && !close(all[one], other.map { 0 - $0 }))
      }
    }
  }

  @Test(arguments: ScoreNames.all)
  func whatIsMissingIsNamed(name: String) throws {
    let score = try ScoreNames.score(name)
    let bare = try TokenizedAnswers(counts: [2])
    #expect {
      try score.uncertainties(of: bare)
    } throws: { error in
      guard case .missingIngredient(let named, _, _)? = error as? EpistemicsError else {
        return false
      }
      return name.hasPrefix(named) && "\(error)".contains("tokenCounts and ")
    }
    #expect(!type(of: score).ingredient.sources.isEmpty)
  }
}
