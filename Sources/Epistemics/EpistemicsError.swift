public import Activations
public import Evaluation
public import LinearAlgebra
public import Optimization
internal import TextSuggestions

/// Why an answer's uncertainty could not be learned or computed.
public enum EpistemicsError: Error, Equatable, Sendable {
  /// A score's name that the catalogue lacks.
  case unknownScore(name: String, known: [String])
  /// The activations could not be read.
  case activations(ActivationsError)
  /// A decomposition failed.
  case linearAlgebra(LinearAlgebraError)
  /// A regression could not be fitted.
  case optimization(OptimizationError)
  /// A setting or a metric was refused.
  case evaluation(EvaluationError)
  /// An answer has no token, so that it has no score.
  case noTokens(sample: Int)
  /// What is known of a token is impossible.
  case invalidToken(TokenPlace, problem: String)
  /// Values of tokens that do not fit the answers.
  case tokenCount(what: String, count: Int, expected: Int)
  /// A score needs something of the tokens that was not read.
  case missingIngredient(score: String, ingredient: TokenIngredient, problem: String)
}

extension EpistemicsError: CustomStringConvertible {
  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .unknownScore(let name, let known):
      "there is no score \"\(name)\"; \(Suggestion.phrase(for: name, among: known))"
    case .activations(let error): error.description
    case .linearAlgebra(let error): error.description
    case .optimization(let error): error.description
    case .evaluation(let error): error.description
    case .noTokens(let sample):
      "the answer of sample \(sample) has no token (tokenCounts is 0), so that it has no score; leave "
        + "the sample out, or export the answer's tokens"
    case .invalidToken(let place, let problem):
      "token \(place.token) of the answer of sample \(place.sample) (both counted from 0) \(problem)"
    case .tokenCount(let what, let count, let expected):
      "there are \(count) \(what), but the answers have \(expected) tokens in all; the counts of "
        + "tokens must add up to them"
    case .missingIngredient(let score, let ingredient, let problem):
      "\(score) needs the \(ingredient.meaning) of every token, and \(problem); it comes from "
        + ingredient.sourcesInWords
    }
  }
}
