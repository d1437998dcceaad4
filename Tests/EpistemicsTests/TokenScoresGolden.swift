import Epistemics
import Evaluation
import FoundationEssentials
import LinearAlgebra

/// What `Golden/generate_token_scores.py` wrote.
struct TokenScoresGolden: Decodable {
  struct Answer: Decodable {
    struct QuantileValue: Decodable {
      var alpha: Double
      var logProbability: Double
      var probability: Double
    }

    var logProbabilities: [Double]
    var logits: [[Double]]
    var k: Int
    var quantiles: [QuantileValue]
    var scores: [String: Double]

    func tokens() throws -> TokenizedAnswers {
      try TokenizedAnswers(
        counts: [logits.count], logProbabilities: logProbabilities,
        distributions: try logits.map { try TokenDistribution(logits: $0) },
        leadingLogits: try logits.enumerated().map { token, logits in
          try LeadingLogits(
            Array(logits.sorted(by: >).prefix(k)), place: TokenPlace(sample: 0, token: token))
        })
    }
  }

  var answers: [Answer]

  static func read(besides source: String = #filePath) throws -> TokenScoresGolden {
    let folder = source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/Golden/token_scores.json"
    return try JSONDecoder().decode(
      TokenScoresGolden.self, from: Data(contentsOf: URL(filePath: path)))
  }
}

/// The scores of the catalogue by name, with their variants.
enum ScoreNames {
  static let all = AnswerScoreCatalog.all.flatMap { type in
    [type.identifier] + type.variants.map { "\(type.identifier)/\($0.name)" }
  }

  static func score(
    _ name: String, _ overrides: SettingValue = [:]
  ) throws -> any AnswerScore {
    let name = MethodName(parsing: name)
    func make<Score: AnswerScore>(_ type: Score.Type) throws -> any AnswerScore {
      let variant = type.variants.first { $0.name == name.variant }
      let score = try Settings.decode(type, overrides: variant?.overrides ?? [:])
      return try Settings.change(score, overrides: overrides)
    }
    return try make(try AnswerScoreCatalog.score(named: name.identifier))
  }
}

extension TokenDistribution {
  /// Of logits in float64.
  init(logits: [Double], includingKurtosis: Bool = true) throws {
    try self.init(of: logits.span, includingKurtosis: includingKurtosis)
  }

  /// Of stored logits.
  ///
  /// `unsafe` marks `Span.bytes`, whose elements here have no padding.
  init<Raw: BitwiseCopyable>(
    stored: [Raw], _ element: Widening.Element, includingKurtosis: Bool = true
  ) throws {
    try unsafe self.init(
      of: stored.span.bytes, element: element, includingKurtosis: includingKurtosis)
  }
}
