internal import Evaluation

/// Every score of answers that a recipe or the command line can name and that needs their tokens only.
public enum AnswerScoreCatalog {
  /// The scores, in the order in which help lists them.
  public static let all: [any AnswerScore.Type] = [
    SequenceNegativeLogLikelihood.self, MeanNegativeLogLikelihood.self, Perplexity.self,
    ChowQuantile.self, MinimumTokenProbability.self, GeometricMeanProbability.self,
    ArithmeticMeanProbability.self, TokenEntropy.self, SelfCertainty.self, ProbabilityMargin.self,
    TopNegentropy.self, ProbabilityKurtosis.self,
  ]

  /// The names of all scores.
  public static var identifiers: [String] { all.map { $0.identifier } }

  /// The score of a name.
  ///
  /// - Parameter identifier: A name such as `perplexity`.
  /// - Returns: The score's type.
  /// - Throws: ``EpistemicsError/unknownScore(name:known:)``.
  public static func score(
    named identifier: String
  ) throws(EpistemicsError) -> any AnswerScore.Type {
    for type in all where type.identifier == identifier { return type }
    throw .unknownScore(name: identifier, known: identifiers)
  }
}
