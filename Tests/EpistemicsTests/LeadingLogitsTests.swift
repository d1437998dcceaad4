import Epistemics
import Evaluation
import LinearAlgebra
import RealModule
import TestSupport
import Testing

/// Oracle: whole distributions, of which the list is cut; their normaliser, margin and entropy are known.
@Suite struct LeadingLogitsTests {
  private let place = TokenPlace(sample: 4, token: 2)

  private struct Whole {
    var logits: [Double]
    var truth: TokenDistribution

    init(seed: UInt64, vocabulary: Int = 40, scale: Double) throws {
      var generator = TestGenerator(seed: seed)
      let drawn = (0..<vocabulary).map { _ in
        scale * Double.random(in: -3...3, using: &generator)
      }
      logits = drawn.sorted(by: >)
      truth = try TokenDistribution(logits: drawn)
    }

    func logProbability(_ rank: Int) -> Double { logits[rank] - truth.normalizer }
  }

  /// 10,000 cases: any scale, any token for the answer's, known or unknown, with or without the vocabulary's size.
  @Test func boundsAlwaysHoldTheTruth() throws {
    var exact = 0
    for seed in 0..<1250 {
      let whole = try Whole(seed: UInt64(seed), scale: [0, 0.01, 0.5, 1, 3][seed % 5])
      let rank = seed % 40
      let length = 1 + seed % 12
      for size in [nil, 40] {
        for named in [
          LeadingLogits.AnswerRank.unknown, rank < length ? .place(rank) : .beyond,
        ] {
          for logProbability in [nil, whole.logProbability(rank)] {
            let leading = try LeadingLogits(
              Array(whole.logits.prefix(length)), logProbability: logProbability, rank: named,
              vocabularySize: size, place: place)
            let bounds = leading.normalizer
            #expect(bounds.lowerBound <= whole.truth.normalizer + 1e-12)
            #expect(bounds.upperBound >= whole.truth.normalizer - 1e-12)
            #expect(leading.entropy.lowerBound <= whole.truth.entropy + 1e-10)
            #expect(leading.entropy.upperBound >= whole.truth.entropy - 1e-10)
            if let margin = leading.margin {
              let truth =
                exp(whole.truth.largestLogProbability) - exp(whole.truth.secondLogProbability)
              #expect(margin.lowerBound <= truth + 1e-12 && margin.upperBound >= truth - 1e-12)
            }
            if named == .place(rank), logProbability != nil {
              #expect(bounds.upperBound - bounds.lowerBound < 1e-12)
              exact += 1
            }
          }
        }
      }
    }
    #expect(exact > 300)
  }

  private func exp(_ x: Double) -> Double { .exp(x) }

  @Test func aTokenLikelierThanHalfSettlesTheNormalizerByItself() throws {
    let whole = try Whole(seed: 3, scale: 6)
    #expect(whole.logProbability(0) > .log(0.5))
    let leading = try LeadingLogits(
      Array(whole.logits.prefix(4)), logProbability: whole.logProbability(0), place: place)
    #expect(leading.normalizer.lowerBound == leading.normalizer.upperBound)
    #expect(abs(leading.normalizer.lowerBound - whole.truth.normalizer) < 1e-12)
  }

  @Test func aListOfTheWholeVocabularyIsExact() throws {
    let whole = try Whole(seed: 4, scale: 1)
    let leading = try LeadingLogits(whole.logits, vocabularySize: 40, place: place)
    #expect(leading.normalizer.lowerBound == leading.normalizer.upperBound)
    #expect(abs(leading.entropy.lowerBound - whole.truth.entropy) < 1e-12)
    #expect(abs(leading.entropy.upperBound - whole.truth.entropy) < 1e-12)
    let ended = try LeadingLogits(whole.logits + [-.infinity], place: place)
    #expect(abs(ended.normalizer.upperBound - whole.truth.normalizer) < 1e-12)
    #expect(abs(ended.entropy.upperBound - whole.truth.entropy) < 1e-12)
  }

  /// Beyond a list of 2 with p = 0.5, 0.2 lies R = 0.3, on 3 entries: at least −0.3 ln 0.2, at most 0.3 ln 10.
  @Test func entropyBoundsAreTheClosedForms() throws {
    let leading = try LeadingLogits(
      [.log(0.5), .log(0.2)], logProbability: .log(0.5), rank: .place(0), vocabularySize: 5,
      place: place)
    let list = -0.5 * Double.log(0.5) - 0.2 * Double.log(0.2)
    #expect(abs(leading.entropy.lowerBound - (list - 0.3 * .log(0.2))) < 1e-12)
    #expect(abs(leading.entropy.upperBound - (list + 0.3 * .log(10))) < 1e-12)
    #expect(abs((leading.margin?.lowerBound ?? 0) - 0.3) < 1e-12)
  }

  @Test func listsThatCannotBeAreRefused() throws {
    let lists: [([Double], Double?, LeadingLogits.AnswerRank, Int?)] = [
      ([], nil, .unknown, nil), ([.nan, 1], nil, .unknown, nil), ([2, .nan], nil, .unknown, nil),
      ([1, 2], nil, .unknown, nil), ([.infinity, 2], nil, .unknown, nil),
      ([-.infinity], nil, .unknown, nil), ([3, 2, 1], nil, .unknown, 2),
      ([3, 2, 1], nil, .place(3), nil),
      // A first token of p = 0.999 leaves no room for a second with e^−0.1 of that.
      ([3, 2.9], .log(0.999), .place(0), nil),
      // Less likely than the list's last in a vocabulary of as many equal ones as there are.
      ([0, 0], .log(0.1), .place(1), 4),
      // Beyond the list, but likelier than its last.
      ([1, 0], .log(0.4), .beyond, nil),
    ]
    for (logits, logProbability, rank, size) in lists {
      #expect {
        try LeadingLogits(
          logits, logProbability: logProbability, rank: rank, vocabularySize: size, place: place)
      } throws: { error in
        guard case .invalidToken(place, _)? = error as? EpistemicsError else { return false }
        return "\(error)".contains("token 2 of the answer of sample 4")
      }
    }
  }

  @Test func scoresTakeABoundOnlyWhenTold() throws {
    let whole = try Whole(seed: 5, scale: 0.5)
    let leading = try LeadingLogits(
      Array(whole.logits.prefix(10)), vocabularySize: 40, place: place)
    let tokens = try TokenizedAnswers(counts: [1], leadingLogits: [leading])
    let truths = try TokenizedAnswers(counts: [1], distributions: [whole.truth])
    for name in ["token-entropy", "probability-margin"] {
      #expect(throws: EpistemicsError.self) {
        try ScoreNames.score(name).uncertainties(of: tokens)
      }
      let lower = try ScoreNames.score(name + "/lower-bound").uncertainties(of: tokens)
      let upper = try ScoreNames.score(name + "/upper-bound").uncertainties(of: tokens)
      let exact = try ScoreNames.score(name + "/upper-bound").uncertainties(of: truths)
      let values = try [lower, exact, upper].map { try #require($0.values[0].finiteValue) }
      #expect(values[0] < values[1] && values[1] < values[2])
      #expect(lower.answers[0].bounds == values[0]...values[2])
      #expect(lower.flags.map(\.name) == ["truncated-vocabulary"])
      #expect(exact.flags.isEmpty && exact.answers[0].bounds == nil)
    }
    let unbounded = try TokenizedAnswers(
      counts: [1],
      leadingLogits: [try LeadingLogits(Array(whole.logits.prefix(10)), place: place)])
    #expect(throws: EpistemicsError.self) {
      try ScoreNames.score("token-entropy/upper-bound").uncertainties(of: unbounded)
    }
  }
}
