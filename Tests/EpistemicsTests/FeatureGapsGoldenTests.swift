import Activations
import Epistemics
import Evaluation
import FoundationEssentials
import LinearAlgebra
import TestSupport
import Testing

/// What `Golden/generate_feature_gaps.py` wrote into `feature_gaps.json`.
private struct FeatureGapsGolden: Decodable {
  struct Inputs: Decodable {
    var ignored: Int
    var positive: [[[[Double]]]]
    var negative: [[[[Double]]]]
    var validation: [[[Double]]]
    var validationLabels: [Int]
    var test: [[[Double]]]
    var testLabels: [Int]
    var randomDirections: [[[Double]]]
  }

  struct Offer: Decodable {
    var layer: Int
    var sign: Double
    var area: Double
    var ratio: Double
  }

  struct Feature: Decodable {
    var best: Int
    var offers: [Offer]
    var testScores: [Double]
    var testArea: Double
    var testRatio: Double
  }

  struct Kind: Decodable {
    var features: [Feature]
    var weights: [Double]
    var intercept: Double
    var confidence: [Double]
    var testArea: Double
    var testRatio: Double
  }

  struct Outputs: Decodable {
    var means: [[[Double]]]
    var directions: [[[Double]]]
    var method: Kind
    var differenceOfMeans: Kind
    var random: Kind
  }

  var inputs: Inputs
  var outputs: Outputs

  static func read() throws -> FeatureGapsGolden {
    try goldenFile("feature_gaps.json", as: FeatureGapsGolden.self)
  }

  static func matrix(_ rows: [[Double]]) -> Matrix<Float> {
    Matrix(rows: rows.map { $0.map { Float($0) } })
  }

  func contrasts() throws -> FeatureContrasts {
    try FeatureContrasts(
      inputs.positive.indices.map { feature in
        let pairs = try inputs.positive[feature].indices.map { layer in
          try ContrastPairs(
            positive: Self.matrix(inputs.positive[feature][layer]),
            negative: Self.matrix(inputs.negative[feature][layer]))
        }
        return (name: "feature \(feature)", pairs: pairs)
      })
  }

  func validation() throws -> JudgedAnswers {
    try JudgedAnswers(
      states: LayeredStates(inputs.validation.map(Self.matrix)), labels: inputs.validationLabels)
  }

  func test() throws -> JudgedAnswers {
    try JudgedAnswers(
      states: LayeredStates(inputs.test.map(Self.matrix)), labels: inputs.testLabels)
  }

  var settings: FeatureGaps { FeatureGaps().with { $0.ignoredLayerCount = inputs.ignored } }
}

/// Oracle: NumPy and scikit-learn in float64 on the same float32 states; eigenvectors agree to 1e-9, logistic
/// regressions to 1e-6, and metrics, which only order matters to, to 1e-12.
@Suite struct FeatureGapsGoldenTests {
  private let golden: FeatureGapsGolden

  init() throws { golden = try FeatureGapsGolden.read() }

  private func expect(
    _ outcome: FeatureGapsOutcome, is expected: FeatureGapsGolden.Kind
  ) throws {
    for (own, other) in zip(outcome.features, expected.features) {
      #expect(own.choice.layer == other.best)
      let offer = other.offers[other.best]
      #expect(own.choice.sign == offer.sign)
      #expect(abs(own.choice.areaUnderROC - offer.area) < 1e-12)
      #expect(abs(own.choice.predictionRejectionRatio - offer.ratio) < 1e-12)
      #expect(abs(try #require(own.areaUnderROC.finiteValue) - other.testArea) < 1e-12)
      let ratio = try #require(own.predictionRejectionRatio.finiteValue)
      #expect(abs(ratio - other.testRatio) < 1e-12)
    }
    #expect(outcome.features.count == expected.features.count)
    #expect(
      Tolerance.largestDifference(outcome.ensemble.weights, expected.weights) < 1e-6)
    #expect(abs(outcome.ensemble.intercept - expected.intercept) < 1e-6)
    #expect(abs(try #require(outcome.areaUnderROC.finiteValue) - expected.testArea) < 1e-12)
    let ratio = try #require(outcome.predictionRejectionRatio.finiteValue)
    #expect(abs(ratio - expected.testRatio) < 1e-12)
  }

  @Test func aFitIsThatOfScikitLearn() throws {
    let fitted = try golden.settings.fit(
      contrasts: golden.contrasts(), validation: golden.validation())
    let expected = golden.outputs.method
    for (place, feature) in fitted.features.enumerated() {
      let other = expected.features[place]
      #expect(feature.choice.layer == other.best)
      // Ignored layers are not read, and come first.
      for (own, offer) in zip(feature.offers, other.offers[golden.inputs.ignored...]) {
        #expect(own.layer == offer.layer && own.sign == offer.sign)
        #expect(abs(own.areaUnderROC - offer.area) < 1e-12)
        #expect(abs(own.predictionRejectionRatio - offer.ratio) < 1e-12)
      }
      let axis = fitted.axes[place]
      let direction = golden.outputs.directions[place][other.best]
      #expect(Tolerance.largestDifference(axis.unit, direction) < 1e-9)
      let mean = golden.outputs.means[place][other.best]
      let offset = zip(mean, direction).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(axis.offset - offset) < 1e-9)
    }
    let scores = try fitted.scores(of: golden.test().states)
    for (place, other) in expected.features.enumerated() {
      #expect(Tolerance.largestDifference(scores.scores.column(place), other.testScores) < 1e-9)
    }
    #expect(Tolerance.largestDifference(scores.confidence, expected.confidence) < 1e-6)
    #expect(Tolerance.largestDifference(fitted.ensemble.weights, expected.weights) < 1e-6)
  }

  @Test func aTrialOfTheMethodAndOfTheMeanContrastIsThatOfScikitLearn() throws {
    let controls = try golden.settings.controls(
      contrasts: golden.contrasts(), validation: golden.validation(), test: golden.test(),
      randomCount: 0, permutationCount: 0)
    try expect(controls.method, is: golden.outputs.method)
    try expect(try #require(controls.differenceOfMeans), is: golden.outputs.differenceOfMeans)
  }

  @Test func givenDirectionsAreChosenFromAsByScikitLearn() throws {
    let axes = try golden.inputs.randomDirections.indices.map { feature in
      try golden.inputs.randomDirections[feature].indices.map { layer in
        try FeatureAxis(
          vector: golden.inputs.randomDirections[feature][layer],
          mean: golden.outputs.means[feature][layer])
      }
    }
    let layers = Array(golden.inputs.ignored..<axes[0].count)
    func scores(_ states: [[[Double]]]) -> LayeredScores {
      LayeredScores(
        features: axes.indices.map { "feature \($0)" }, layers: layers,
        values: axes.map { own in
          layers.map { layer in
            FeatureAxis.scores(of: FeatureGapsGolden.matrix(states[layer]), along: [own[layer]])
              .row(0)
          }
        })
    }
    let trial = try FeatureGapsTrial(
      golden.settings, validation: scores(golden.inputs.validation),
      test: scores(golden.inputs.test), testLabels: golden.inputs.testLabels)
    try expect(
      try trial.outcome(labels: golden.inputs.validationLabels), is: golden.outputs.random)
  }

  /// The specification of this method gives these numbers, to six digits, for states that were not rounded.
  @Test func theSpecifiedNumbersAreReached() throws {
    let controls = try golden.settings.controls(
      contrasts: golden.contrasts(), validation: golden.validation(), test: golden.test(),
      randomCount: 0, permutationCount: 0)
    let method = controls.method
    let numbers = [
      (method.ensemble.weights[0], 0.828764), (method.ensemble.weights[1], -0.352280),
      (method.ensemble.weights[2], 0.936233), (method.ensemble.intercept, -0.286338),
      (try #require(method.areaUnderROC.finiteValue), 0.945946),
      (try #require(method.predictionRejectionRatio.finiteValue), 0.883910),
      (method.features[2].choice.predictionRejectionRatio, 0.858349),
    ]
    for (own, specified) in numbers { #expect(abs(own - specified) < 5.1e-7) }
    #expect(method.features.map(\.choice.layer) == [3, 3, 3])
    #expect(method.features[1].choice.sign == -1)
    let means = try #require(controls.differenceOfMeans)
    #expect(means.features.map(\.choice.layer) == [3, 2, 3])
  }
}

/// Reads a file under `Golden`.
func goldenFile<Contents: Decodable>(
  _ name: String, as type: Contents.Type, file: String = #filePath
) throws -> Contents {
  let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
  let path = folder.joined(separator: "/") + "/Golden/" + name
  return try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path)))
}
