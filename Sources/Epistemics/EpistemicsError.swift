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
  /// A label is neither 1, 0 nor −1.
  case invalidLabel(label: Int, sample: Int)
  /// All answers that were attempted have one label.
  case oneLabel(what: String, label: Int, count: Int)
  /// There are fewer of something than are needed.
  case notEnough(what: String, count: Int, minimum: Int)
  /// Two things that belong together differ in number or width.
  case mismatch(what: String, expected: Int, actual: Int)
  /// A number that must be finite is not.
  case notFinite(what: String, row: Int, column: Int)
  /// A feature's contrasts have no direction at a layer.
  case noDirection(feature: String, layer: Int, reason: String)
  /// Every layer is ignored.
  case noEligibleLayer(layerCount: Int, ignoredCount: Int)
  /// Two features have one name.
  case repeatedFeature(name: String)
  /// Two sets that must be apart share samples.
  case overlap(first: String, second: String, count: Int, example: Int)
  /// The numbers of tokens of the answers are not those of the states.
  case invalidTokenCounts(problem: String)
  /// A metric that layers are chosen by has no value.
  case undefinedMetric(metric: String, reason: String)
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
    case .invalidLabel(let label, let sample):
      "the label of answer \(sample) is \(label); expected 1 for correct, 0 for incorrect or −1 for "
        + "not attempted: map the labels"
    case .oneLabel(let what, let label, let count):
      "all \(count) attempted answers of \(what) have the label \(label); both correct and incorrect "
        + "ones are needed: add answers of the other kind"
    case .notEnough(let what, let count, let minimum):
      "there are \(count) \(what), but at least \(minimum) are needed"
    case .mismatch(let what, let expected, let actual):
      "\(what) should be \(expected), but \(actual == 1 ? "is" : "are") \(actual); export them from the "
        + "same run"
    case .notFinite(let what, let row, let column):
      "\(what) hold a NaN or an infinity at row \(row), column \(column); correct the export, in "
        + "float32 if float16 overflowed"
    case .noDirection(let feature, let layer, let reason):
      "the contrasts of \"\(feature)\" have no direction at layer \(layer): \(reason)"
    case .noEligibleLayer(let layerCount, let ignoredCount):
      "the first \(ignoredCount) layers are ignored, but there are only \(layerCount); set "
        + "ignoredLayerCount below \(layerCount)"
    case .repeatedFeature(let name):
      "two features are named \"\(name)\"; give each a name of its own"
    case .overlap(let first, let second, let count, let example):
      "\(count) samples, such as \(example), are among \(first) and among \(second); numbers would be "
        + "too good: take other samples, or set split to paper, which says so in the results"
    case .invalidTokenCounts(let problem): "the numbers of tokens do not fit: \(problem)"
    case .undefinedMetric(let metric, let reason):
      "\(metric), by which layers are chosen, has no value: \(reason)"
    }
  }
}
