import FoundationEssentials
import Steering

/// What `Golden/generate_tradeoff.py` wrote.
struct TradeoffGolden: Decodable {
  struct Softmax: Decodable {
    var probabilities: [Double]
    var slopes: [Double]
    var correct: Int
    var aligned: [Int]
    var misaligned: [Int]
    var coefficient: Double
    var meanSlope: Double
    var slopeVariance: Double
    var helpfulnessSlope: Double
    var helpfulnessCurvature: Double
    var behaviour: Double
    var behaviourSlope: Double
    var steered: [Double]
    var steeredBehaviour: Double
    var baseToSteered: Double
    var steeredToBase: Double
    var crossEntropyChange: Double
    var meanRelativeSlope: Double
    var meanSquaredRelativeSlope: Double
    var behaviourLower: Double
    var behaviourUpper: Double
    var helpfulnessUpper: Double
    var symmetricHelpfulnessUpper: Double
    var smallerHelpfulness: Double

    func logits() throws -> LinearLogits {
      try LinearLogits(logits: probabilities.map { logarithm($0) + 3 }, slopes: slopes)
    }

    func answers() throws -> AnswerTokens {
      try AnswerTokens(correct: correct, aligned: aligned, misaligned: misaligned)
    }
  }

  struct Alignment: Decodable {
    var name: String?
    var weighting: AlignmentWeighting
    var coefficients: [Double]
    var values: [Double]
    var counts: [Int]
    var linearized: [Double]
    var curve: [Double]
    var line: [Double]
    var lineNearZero: [Double]

    func fit() throws -> AlignmentFit {
      try AlignmentFit(
        coefficients: coefficients, behaviour: values, counts: counts, weighting: weighting)
    }
  }

  struct Helpfulness: Decodable {
    var scale: Double
    var floor: Double
    var coefficients: [Double]
    var values: [Double]
    var oddsAgainst: Double
    var growth: Double
    var peak: Double
    var lossByDifferences: Double
    var rSquared: Double
  }

  struct Quadratic: Decodable {
    var coefficients: [Double]
    var helpfulness: [[Double]]
    var groups: [Int]
    var parameters: [Double]
    var linearError: Double
    var pValue: Double
    var rSquared: Double
  }

  struct Regime: Decodable {
    var slope: Double
    var offset: Double
    var loss: Double
    var weight: Double
    var tolerance: Double
    var gain: Double
    var optimumBySearch: Double
    var netGain: Double
    var breakEven: Double
    var budget: Double
    var efficiency: Double
    var saturation: Double
  }

  var softmax: [Softmax]
  var published: [Alignment]
  var alignment: [Alignment]
  var helpfulness: [Helpfulness]
  var quadratic: Quadratic
  var regime: Regime

  static func read() throws -> TradeoffGolden {
    try JSONDecoder().decode(TradeoffGolden.self, from: goldenData("tradeoff.json"))
  }
}

/// The contents of a file under `Golden`.
func goldenData(_ name: String, file: String = #filePath) throws -> Data {
  let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
  return try Data(contentsOf: URL(filePath: folder.joined(separator: "/") + "/Golden/" + name))
}

/// Whether two numbers agree to a relative tolerance, and an absolute one where both are below 1.
func agree(_ first: Double, _ second: Double, within tolerance: Double) -> Bool {
  (first - second).magnitude <= tolerance * max(1, second.magnitude)
}
