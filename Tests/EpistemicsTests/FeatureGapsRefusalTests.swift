import Activations
import Epistemics
import Evaluation
import LinearAlgebra
import Testing

/// What feature gaps refuse, with a sentence that says what to do, and what they allow with a flag.
@Suite struct FeatureGapsRefusalTests {
  private let drawn: PlantedFeatures.Drawn

  init() throws { drawn = try PlantedFeatures().draw(seed: 20) }

  private func fit(
    _ settings: FeatureGaps = .shallow, contrasts: [Int]? = nil, validation: [Int]? = nil
  ) throws -> FittedFeatureGaps {
    try settings.fit(
      contrasts: drawn.featureContrasts(identifiers: contrasts),
      validation: drawn.judgedValidation(identifiers: validation))
  }

  private func error(_ body: () throws -> Void) -> EpistemicsError? {
    do {
      try body()
      return nil
    } catch {
      return error as? EpistemicsError
    }
  }

  @Test func variantsAreFoundAgainBySettings() throws {
    #expect(try Settings.variant(of: FeatureGaps()) == nil)
    for variant in FeatureGaps.variants {
      let method = try Settings.decode(FeatureGaps.self, overrides: variant.overrides)
      #expect(try Settings.variant(of: method) == variant.name)
    }
    let defaults = FeatureGaps()
    #expect(defaults.ignoredLayerCount == 7 && defaults.inversePenalty == 1)
    #expect(defaults.maximumIterationCount == 200 && !defaults.standardize)
  }

  @Test func settingsThatNoFitCanHaveAreRefused() {
    for (name, change) in [
      ("ignoredLayerCount", { $0.ignoredLayerCount = -1 }),
      ("inversePenalty", { $0.inversePenalty = 0 }),
      ("inversePenalty", { $0.inversePenalty = .nan }),
      ("maximumIterationCount", { $0.maximumIterationCount = 0 }),
    ] as [(String, (inout FeatureGaps) -> Void)] {
      let text = error { _ = try fit(FeatureGaps.shallow.with(change)) }?.description ?? ""
      #expect(text.contains("\"\(name)\" of feature-gaps cannot be"), "\(text)")
    }
  }

  @Test func labelsAreOneZeroOrMinusOne() throws {
    var labels = drawn.validationLabels
    labels[17] = 2
    let states = try LayeredStates(drawn.validation)
    let found = error { _ = try JudgedAnswers(states: states, labels: labels) }
    #expect(found == .invalidLabel(label: 2, sample: 17))
    #expect(found?.description.contains("expected 1 for correct, 0 for incorrect or −1") == true)
  }

  @Test func oneClassIsRefused() throws {
    let states = try LayeredStates(drawn.validation)
    let labels = drawn.validationLabels.map { $0 == 1 ? 1 : -1 }
    let found = error { _ = try JudgedAnswers(states: states, labels: labels) }
    #expect(
      found == .oneLabel(what: "the set", label: 1, count: labels.count { $0 == 1 }))
    let none = error { _ = try JudgedAnswers(states: states, labels: labels.map { _ in -1 }) }
    #expect(none == .notEnough(what: "attempted answers in the set", count: 0, minimum: 2))
  }

  @Test func samplesThatServeTwiceAreRefusedUnlessThePaperSplitSaysSo() throws {
    let training = Array(0..<80)
    let validation = Array(78..<198)
    let found = error { _ = try fit(contrasts: training, validation: validation) }
    #expect(
      found
        == .overlap(
          first: "the contrasts", second: "the validation answers", count: 2, example: 78))
    let paper = FeatureGaps.shallow.with { $0.split = .paper }
    let fitted = try fit(paper, contrasts: training, validation: validation)
    let flag = try #require(fitted.flags.first { $0.name == "paper-split" })
    #expect(flag.detail?.contains("2 of the contrasts") == true)
    let seen = try fitted.scores(
      of: LayeredStates(drawn.test), identifiers: Array(197..<397))
    #expect(seen.flags.map(\.name) == ["includes-training-samples"])
    let apart = try fit(contrasts: training, validation: Array(80..<200))
    #expect(apart.flags.isEmpty)
    for identifiers in [Array(199..<399), Array(79..<279)] {
      let reused = error {
        _ = try apart.scores(of: LayeredStates(drawn.test), identifiers: identifiers)
      }
      guard case .overlap(first: "the answers to score", _, _, _)? = reused else {
        Issue.record("\(String(describing: reused))")
        continue
      }
    }
    #expect(
      try apart.scores(of: LayeredStates(drawn.test), identifiers: Array(200..<400)).flags == [])
    #expect(try fit().flags.map(\.name) == ["split-not-checked"])
  }

  @Test func controlsRefuseTestAnswersThatTheFitHasSeen() throws {
    let found = error {
      _ = try FeatureGaps.shallow.controls(
        contrasts: drawn.featureContrasts(identifiers: Array(0..<80)),
        validation: drawn.judgedValidation(identifiers: Array(80..<200)),
        test: drawn.judgedTest(identifiers: Array(199..<399)), randomCount: 1,
        permutationCount: 0)
    }
    #expect(
      found
        == .overlap(
          first: "the test answers", second: "the validation answers", count: 1, example: 199))
  }

  /// With half of the answers for each, neither half sees the other's labels.
  @Test func aSeparateRegressionHasAnswersThatChoseNoLayer() throws {
    let settings = FeatureGaps.shallow.with { $0.split = .separateRegression }
    let fitted = try fit(settings)
    // Every other attempted answer of each class, from the second on, fits the regression.
    var turn = [false, false]
    let regression = drawn.validationLabels.map { label in
      defer { turn[label].toggle() }
      return turn[label]
    }
    var half = drawn
    let kept = regression.indices.filter { !regression[$0] }
    half.validation = drawn.validation.map { $0.selectingRows(kept) }
    half.validationLabels = kept.map { drawn.validationLabels[$0] }
    #expect(try half.fit().features.map(\.choice) == fitted.features.map(\.choice))
    let rest = regression.indices.filter { regression[$0] }
    let states = drawn.validation.map { $0.selectingRows(rest) }
    let scores = try fitted.scores(of: LayeredStates(states)).scores
    let ensemble = try LogisticEnsemble(
      scores: scores, labels: rest.map { drawn.validationLabels[$0] })
    for (own, other) in zip(ensemble.weights, fitted.ensemble.weights) {
      #expect(abs(own - other) < 1e-9)
    }
    // One identifier is one sample, which serves for one thing only: all answers choose, and none is left.
    let whole = error {
      _ = try fit(settings, validation: drawn.validationLabels.map { _ in 3 })
    }
    #expect(whole == .notEnough(what: "attempted answers in the regression", count: 0, minimum: 2))
  }

  @Test func contrastsWithoutADirectionAreRefusedAtEligibleLayersOnly() throws {
    var equal = drawn
    let first = drawn.contrasts[1].pairs[0]
    for layer in [0, 3] {
      equal = drawn
      equal.contrasts[1].pairs[layer] = try ContrastPairs(
        positive: first.positive, negative: first.positive)
      let found = error { _ = try equal.fit() }
      if layer == 0 {
        #expect(found == nil)
      } else {
        guard case .noDirection("context-reliance", 3, let reason)? = found else {
          Issue.record("\(String(describing: found))")
          continue
        }
        #expect(reason.contains("the same states"))
      }
    }
    // All pairs differ alike: there is a mean contrast, and no component. Eighths subtract exactly.
    let coarse = Matrix<Float>(
      rowCount: first.count, columnCount: first.width,
      elements: first.positive.elements.map { ($0 * 8).rounded() / 8 })
    var moved = coarse
    moved.subtractFromRows([Float](repeating: 0.5, count: first.width))
    equal = drawn
    equal.contrasts[1].pairs[3] = try ContrastPairs(positive: coarse, negative: moved)
    guard case .noDirection(_, 3, let reason)? = error({ _ = try equal.fit() }) else {
      Issue.record("a direction of equal contrasts")
      return
    }
    #expect(reason.contains("differ by the same vector"))
    _ = try equal.fit(FeatureGaps.shallow.with { $0.direction = .differenceOfMeans })
    // Two opposite contrasts have no mean.
    let opposite = try ContrastPairs(
      positive: coarse.selectingRows([0, 1]), negative: coarse.selectingRows([1, 0]))
    equal.contrasts[1].pairs[3] = opposite
    let means = error {
      _ = try equal.fit(FeatureGaps.shallow.with { $0.direction = .differenceOfMeans })
    }
    guard case .noDirection(_, 3, let missing)? = means else {
      Issue.record("a direction of no mean")
      return
    }
    #expect(missing.contains("mean contrast is zero"))
    let controls = try FeatureGaps.shallow.controls(
      contrasts: equal.featureContrasts(), validation: equal.judgedValidation(),
      test: equal.judgedTest(), randomCount: 1, permutationCount: 0)
    #expect(controls.differenceOfMeans == nil && controls.random.count == 1)
  }

  /// Answers that are all alike have a ratio of 0 at every layer.
  @Test func withoutABetterLayerTheIgnoredFirstOneIsChosenAsReleased() throws {
    var flat = drawn
    flat.validation = drawn.validation.enumerated().map { layer, states in
      layer == 0
        ? states
        : Matrix(rowCount: states.rowCount, columnCount: states.columnCount, repeating: 1)
    }
    #expect(try flat.fit().features.map(\.choice.layer) == [1, 1, 1])
    let released = FeatureGaps.shallow.with { $0.ignoredLayers = .scoreZero }
    let fitted = try flat.fit(released)
    #expect(fitted.features.map(\.choice.layer) == [0, 0, 0])
    #expect(fitted.features.allSatisfy { $0.choice.sign == 1 && $0.choice.areaUnderROC == 0.5 })
    #expect(fitted.flags.contains { $0.name == "ignored-layer-chosen" })
    // Where a layer is better, it is chosen, whether or not layer 0 has a direction.
    var equal = drawn
    for feature in equal.contrasts.indices {
      let first = drawn.contrasts[feature].pairs[0]
      equal.contrasts[feature].pairs[0] = try ContrastPairs(
        positive: first.positive, negative: first.positive)
    }
    #expect(
      try equal.fit(released).features.map(\.choice) == drawn.fit().features.map(\.choice))
    equal.validation = flat.validation
    guard case .noDirection(_, 0, _)? = error({ _ = try equal.fit(released) }) else {
      Issue.record("a direction at the embeddings")
      return
    }
  }

  @Test func noEligibleLayerIsRefused() {
    for rule in FeatureGaps.IgnoredLayers.allCases {
      let settings = FeatureGaps().with { $0.ignoredLayers = rule }
      #expect(
        error { _ = try fit(settings) } == .noEligibleLayer(layerCount: 6, ignoredCount: 7))
    }
  }

  @Test func shapesThatDoNotFitAreRefused() throws {
    let fitted = try drawn.fit()
    let states = drawn.test
    let narrow = states.map { Matrix($0.view.columns(0..<39)) }
    #expect(
      error { _ = try fitted.scores(of: LayeredStates(narrow)) }
        == .mismatch(what: "the width of the states, as in the fit,", expected: 40, actual: 39))
    #expect(
      error { _ = try fitted.scores(of: LayeredStates(Array(states[..<5]))) }
        == .mismatch(what: "the layers of the states, as in the fit,", expected: 6, actual: 5))
    var bad = states
    bad[2][3, 4] = .nan
    #expect(
      error { _ = try LayeredStates(bad) }
        == .notFinite(what: "the states of layer 2", row: 3, column: 4))
    let pair = drawn.contrasts[0].pairs[0]
    let single = try ContrastPairs(
      positive: pair.positive.selectingRows([0]), negative: pair.negative.selectingRows([0]))
    var one = drawn
    one.contrasts[0].pairs[2] = single
    guard case .notEnough(_, 1, 2)? = error({ _ = try one.fit() }) else {
      Issue.record("a direction of one contrast")
      return
    }
    #expect(
      error { _ = try FeatureContrasts([drawn.contrasts[0], drawn.contrasts[0]]) }
        == .repeatedFeature(name: "context-comprehension"))
    #expect(
      error { _ = try fit(contrasts: [1, 2]) }
        == .mismatch(
          what: "the identifiers of \"context-comprehension\", one a contrast,", expected: 80,
          actual: 2))
  }

  @Test func tokenCountsMustAddUp() throws {
    let fitted = try drawn.fit()
    let tokens = try LayeredStates(drawn.test)
    for (counts, words) in [
      ([100, 99], "have 199 tokens together, and there are states of 200"),
      ([200, 0], "answer 1 has 0 tokens"), ([201, -1], "answer 1 has -1 tokens"),
      ([.max, .max], "tokens together"),
    ] {
      let found = error { _ = try fitted.tokenScores(of: tokens, tokenCounts: counts) }
      guard case .invalidTokenCounts(let problem)? = found else {
        Issue.record("\(counts) fit")
        continue
      }
      #expect(problem.contains(words), "\(problem)")
    }
  }
}
