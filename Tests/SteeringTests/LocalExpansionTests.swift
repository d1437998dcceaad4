import Evaluation
import Optimization
import Steering
import Testing

/// Expansions, divergences and bounds of single prompts.
@Suite struct LocalExpansionTests {
  /// Oracle: definitions in 50 digits, derivatives by differences; rounded to 1e−15, and computed here from
  /// logarithms of probabilities with about as much.
  @Test func expansionsDivergencesAndBoundsAreThoseOfTheDefinitions() throws {
    for golden in try TradeoffGolden.read().softmax {
      let logits = try golden.logits()
      let answers = try golden.answers()
      let r = golden.coefficient
      let expansion = try LocalExpansion(of: logits, answers: answers)
      let helpfulness = try #require(expansion.helpfulness)
      let behaviour = try #require(expansion.behaviour)
      let steered = try logits.steered(by: r)
      let bounds = try TradeoffBounds(logits, at: r, answers: answers)
      let pairs: [(String, Double, Double)] = [
        ("ḡ", expansion.meanSlope, golden.meanSlope),
        ("Var", expansion.slopeVariance, golden.slopeVariance),
        ("P", helpfulness.probability, golden.probabilities[golden.correct]),
        ("dP", helpfulness.slope, golden.helpfulnessSlope),
        ("d²P", helpfulness.curvature, golden.helpfulnessCurvature),
        (
          "dCE", helpfulness.crossEntropySlope,
          -golden.helpfulnessSlope / golden.probabilities[golden.correct]
        ),
        ("B", behaviour.value, golden.behaviour), ("dB", behaviour.slope, golden.behaviourSlope),
        ("m₁", helpfulness.meanRelativeSlope, golden.meanRelativeSlope),
        ("m₂", helpfulness.meanSquaredRelativeSlope, golden.meanSquaredRelativeSlope),
        ("B(r)", steered.behaviour(of: answers), golden.steeredBehaviour),
        ("P(r)", steered.probability(of: golden.correct), golden.steered[golden.correct]),
        ("KL", logits.divergence(at: r), golden.baseToSteered),
        ("KL", logits.divergence(at: r, direction: .steeredToBase), golden.steeredToBase),
        ("KL", try logits.base.divergence(from: steered), golden.baseToSteered),
        ("KL", try steered.divergence(from: logits.base), golden.steeredToBase),
        (
          "ΔCE", try logits.crossEntropyChange(of: golden.correct, at: r), golden.crossEntropyChange
        ),
        ("upper P", bounds.helpfulnessUpper ?? .nan, golden.helpfulnessUpper),
        (
          "upper min P", bounds.symmetricHelpfulnessUpper ?? .nan,
          golden.symmetricHelpfulnessUpper
        ),
        // With r < 0 the golden's least and greatest change places.
        (
          "B bound", (r > 0 ? bounds.behaviourLower : bounds.behaviourUpper) ?? .nan,
          golden.behaviourLower
        ),
        (
          "B bound", (r > 0 ? bounds.behaviourUpper : bounds.behaviourLower) ?? .nan,
          golden.behaviourUpper
        ),
      ]
      for (name, value, expected) in pairs {
        #expect(agree(value, expected, within: 1e-14), "\(name): \(value), expected \(expected)")
      }
      #expect(behaviour.leastGapSlope <= behaviour.logOddsSlope)
      #expect(behaviour.greatestGapSlope >= behaviour.logOddsSlope)
    }
  }

  /// Oracle: Taylor's theorem.
  ///
  /// With K(r) = ½ r² Var + κ₃ r³/6 + …, both divergences over ½ r² Var are 1 to O(r).
  @Test func smallDivergencesKeepTheirDigits() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<50 {
      let made = try SoftmaxCase(&generator)
      let variance = try LocalExpansion(of: made.logits, answers: made.answers).slopeVariance
      for direction in DivergenceDirection.allCases {
        let ratio = made.logits.divergence(at: 1e-6, direction: direction) / (0.5e-12 * variance)
        #expect(agree(ratio, 1, within: 1e-4))
      }
    }
  }

  /// Oracle: logits are defined up to a constant.
  @Test func aConstantChangesNothing() throws {
    let answers = try AnswerTokens(correct: 2, aligned: [0, 1], misaligned: [2])
    let logits = [1.0, -0.5, 0.25, 2]
    let slopes = [0.5, 1, -1, 0.125]
    let plain = try LocalExpansion(
      of: LinearLogits(logits: logits, slopes: slopes), answers: answers)
    let moved = try LocalExpansion(
      of: LinearLogits(logits: logits.map { $0 + 64 }, slopes: slopes.map { $0 + 8 }),
      answers: answers)
    #expect(agree(moved.meanSlope, plain.meanSlope + 8, within: 1e-13))
    #expect(agree(moved.slopeVariance, plain.slopeVariance, within: 1e-13))
    let values = [plain, moved].map {
      [$0.helpfulness?.slope, $0.helpfulness?.curvature, $0.behaviour?.slope].map { $0 ?? .nan }
    }
    for (first, second) in zip(values[0], values[1]) {
      #expect(agree(first, second, within: 1e-13))
    }
  }

  /// Oracle: 1 − P of 10⁻³⁰⁰ and B that rounds to 1 still have log-odds, and the bounds stay between 0 and 1.
  @Test func certainPredictionsStayFinite() throws {
    let logits = try LinearLogits(logits: [700, 0, -700], slopes: [-1, 1, 0])
    let answers = try AnswerTokens(correct: 0, aligned: [0], misaligned: [2])
    let expansion = try LocalExpansion(of: logits, answers: answers)
    #expect(expansion.behaviour?.value == 1)
    #expect(logits.base.halfLogOdds(of: answers) == 700)
    #expect(logits.base.logOddsAgainst(0) == -700)
    #expect(expansion.helpfulness?.meanRelativeSlope == 2)
    let bounds = try TradeoffBounds(logits, at: 400, answers: answers)
    let upper = try #require(bounds.helpfulnessUpper)
    // Odds of e^{−700 + 400 · 2} against the correct token.
    #expect(agree(logarithm(upper), -100, within: 1e-13))
    #expect(try logits.base.divergence(from: logits.steered(by: 400)).isFinite)
  }

  /// Oracle: group sums by hand: residuals −1, 1 | 0, 0 | 2, −2 of mean 3 sum to 0, 0, 0 within groups; other
  /// groups give ±; the test has G − 1 = 2 degrees of freedom, of which P(|T| > t) = 1 − t/√(2 + t²).
  @Test func standardErrorsAreByGroup() throws {
    let values = [2.0, 4, 3, 3, 5, 1]
    let alike = try GroupedMean(of: values, groups: Grouping([0, 0, 1, 1, 2, 2]))
    #expect(alike.standardError == .undefined("the groups do not differ") && alike.pValue == nil)
    let mean = try GroupedMean(of: values, groups: Grouping([0, 1, 1, 2, 0, 2]))
    // Sums −1 + 2, 1 + 0, 0 − 2: squares 1 + 1 + 4, times 3/2, over 36.
    let error = (6.0 * 1.5 / 36).squareRoot()
    let found = try #require(mean.standardError.finiteValue)
    #expect(mean.mean == 3 && agree(found, error, within: 1e-15))
    let t = 3 / error
    let p = try #require(mean.pValue)
    #expect(agree(p, 1 - t / (2 + t * t).squareRoot(), within: 1e-12))
    #expect(mean.differsFromZero() && !mean.differsFromZero(level: 0.01))
    let single = try GroupedMean(of: values, groups: Grouping(ungrouped: 6))
    let plain = (10.0 / 5 / 6).squareRoot()
    #expect(agree(try #require(single.standardError.finiteValue), plain, within: 1e-15))
    #expect(try GroupedMean(of: [1, 2], groups: Grouping([4, 4])).pValue == nil)
    // The mean of three times 0.1 is rounded up, which leaves residuals but no spread.
    #expect(try GroupedMean(of: [0.1, 0.1, 0.1], groups: Grouping(ungrouped: 3)).pValue == nil)
  }

  /// Oracle: the linear term of prompts of which each has its mirror image cancels, and is found where it does
  /// not; the efficiency per divergence does not change with the vector's length.
  @Test func theLinearTermIsTested() throws {
    var generator = SeededGenerator(seed: 8)
    var mirrored: [LocalExpansion] = []
    var turned: [LocalExpansion] = []
    var longer: [LocalExpansion] = []
    for _ in 0..<40 {
      let made = try SoftmaxCase(&generator)
      let base = made.logits.base.logProbabilities
      let plain = try LocalExpansion(of: made.logits, answers: made.answers)
      let opposite = try LinearLogits(logits: base, slopes: made.logits.slopes.map { -$0 })
      mirrored += [plain, try LocalExpansion(of: opposite, answers: made.answers)]
      // All turned so that the correct token gains.
      turned.append(
        (plain.helpfulness?.slope ?? 0) > 0
          ? plain : try LocalExpansion(of: opposite, answers: made.answers))
      longer.append(
        try LocalExpansion(
          of: LinearLogits(logits: base, slopes: made.logits.slopes.map { 4 * $0 }),
          answers: made.answers))
    }
    let flat = try #require(try ExpansionSummary(of: mirrored).helpfulnessSlope)
    #expect(flat.mean.magnitude < 1e-15 && !flat.differsFromZero())
    let steep = try #require(try ExpansionSummary(of: turned).helpfulnessSlope)
    #expect(steep.mean > 0 && steep.differsFromZero(level: 0.01))
    let plain = try ExpansionSummary(of: stride(from: 0, to: 80, by: 2).map { mirrored[$0] })
    let scaled = try ExpansionSummary(of: longer)
    let efficiencies = [plain, scaled].map { $0.efficiencyPerDivergence.finiteValue ?? .nan }
    #expect(agree(efficiencies[0], efficiencies[1], within: 1e-13) && efficiencies[0] > 0)
    let slope = try #require(plain.behaviourSlope).mean
    let variance = plain.slopeVariance.mean
    #expect(agree(efficiencies[0], 2 * slope * slope / variance, within: 1e-13))
  }

  @Test func unusableInputIsRefused() throws {
    #expect(throws: SteeringError.tokenInBothSets(token: 3)) {
      try AnswerTokens(aligned: [1, 3], misaligned: [3])
    }
    #expect(throws: SteeringError.emptyTokenSet(set: "misaligned")) {
      try AnswerTokens(correct: 1, aligned: [1])
    }
    #expect(throws: SteeringError.emptyTokenSet(set: "aligned")) {
      try AnswerTokens(correct: 1, misaligned: [1])
    }
    #expect(throws: SteeringError.emptyTokenSet(set: "aligned")) { try AnswerTokens() }
    #expect(throws: SteeringError.self) { try TokenLogits([1]) }
    #expect(throws: SteeringError.self) { try TokenLogits([1, .nan]) }
    #expect(throws: SteeringError.self) { try TokenLogits([1, -.infinity]) }
    #expect(throws: SteeringError.self) { try LinearLogits(logits: [1, 2], slopes: [1]) }
    #expect(throws: SteeringError.self) { try LinearLogits(logits: [1, 2], slopes: [1, .nan]) }
    let logits = try LinearLogits(logits: [1, 2], slopes: [0, 1])
    for answers in [try AnswerTokens(correct: 2), try AnswerTokens(aligned: [-1], misaligned: [0])]
    {
      #expect(throws: SteeringError.self) { try LocalExpansion(of: logits, answers: answers) }
      #expect(throws: SteeringError.self) { try TradeoffBounds(logits, at: 1, answers: answers) }
    }
    #expect(throws: SteeringError.self) { try logits.steered(by: .infinity) }
    #expect(throws: SteeringError.self) {
      try TradeoffBounds(logits, at: .infinity, answers: AnswerTokens(correct: 0))
    }
    #expect(throws: SteeringError.self) { try ExpansionSummary(of: []) }
    #expect(throws: SteeringError.self) {
      try logits.base.divergence(from: TokenLogits([0, 0, 0]))
    }
    #expect(try AnswerTokens(aligned: [4, 1, 4], misaligned: [0]).aligned == [1, 4])
  }
}
