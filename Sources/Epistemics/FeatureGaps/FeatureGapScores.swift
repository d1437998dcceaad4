public import Evaluation
public import LinearAlgebra
internal import Optimization

/// What fitted feature gaps say about some answers.
public struct FeatureGapScores: Sendable, Equatable {
  /// The names of the features.
  public let features: [String]
  /// The sign of each feature: signed scores are higher for answers that are more likely correct.
  public let signs: [Double]
  /// (answers, features): raw, unsigned scores at the chosen layers.
  public let scores: Matrix<Double>
  /// The log-odds that each answer is correct.
  public let logits: [Double]
  /// What a reader must know.
  public let flags: [Flag]

  init(
    features: [String], signs: [Double], scores: Matrix<Double>, ensemble: LogisticEnsemble,
    flags: [Flag]
  ) {
    self.features = features
    self.signs = signs
    self.scores = scores
    logits = (0..<scores.rowCount).map { ensemble.logit(of: scores.row($0)) }
    self.flags = flags
  }

  /// The probability that each answer is correct, from 0 to 1; higher is more certain.
  public var confidence: [Double] { logits.map { LogisticLoss.probability(ofLogit: $0) } }

  /// 1 − confidence, from 0 to 1, to full precision; higher is less certain.
  public var uncertainty: [Double] { logits.map { LogisticLoss.probability(ofLogit: -$0) } }

  /// The signed scores of one feature alone; higher is more certain.
  ///
  /// - Parameter feature: The feature's place.
  /// - Returns: One score an answer, in the units of the states.
  public func signedScores(feature: Int) -> [Double] {
    scores.column(feature).map { signs[feature] * $0 }
  }
}

/// What fitted feature gaps say about every token of some answers.
public struct TokenFeatureScores: Sendable, Equatable {
  /// (tokens, features): raw, unsigned scores, one answer's tokens after the other's.
  public let tokens: Matrix<Double>
  /// How many tokens each answer has.
  public let tokenCounts: [Int]
  /// The answers, each by the mean of its tokens' scores.
  public let answers: FeatureGapScores

  init(
    _ tokens: Matrix<Double>, tokenCounts: [Int], features: [String], signs: [Double],
    ensemble: LogisticEnsemble, flags: [Flag]
  ) {
    self.tokens = tokens
    self.tokenCounts = tokenCounts
    var means = Matrix<Double>(rowCount: tokenCounts.count, columnCount: tokens.columnCount)
    var first = 0
    for (answer, count) in tokenCounts.enumerated() {
      for feature in 0..<tokens.columnCount {
        let sum = (first..<first + count).reduce(0) { $0 + tokens[$1, feature] }
        means[answer, feature] = sum / Double(count)
      }
      first += count
    }
    answers = FeatureGapScores(
      features: features, signs: signs, scores: means, ensemble: ensemble, flags: flags)
  }

  /// Refuses counts that are not those of the tokens.
  static func check(_ tokenCounts: [Int], total: Int) throws(EpistemicsError) {
    for (answer, count) in tokenCounts.enumerated() where count < 1 {
      throw .invalidTokenCounts(
        problem: "answer \(answer) has \(count) tokens; an answer needs at least 1, so leave it out"
      )
    }
    var sum = 0
    for count in tokenCounts {
      let (next, overflow) = sum.addingReportingOverflow(count)
      sum = overflow ? .max : next
    }
    guard sum == total else {
      throw .invalidTokenCounts(
        problem:
          "the answers have \(sum) tokens together, and there are states of \(total); export "
          + "counts and states from the same run")
    }
  }
}
