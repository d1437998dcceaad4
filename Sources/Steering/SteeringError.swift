public import Activations
public import ArrayFiles
public import Evaluation
public import LinearAlgebra
public import Optimization
internal import TextSuggestions

/// Why a steering vector could not be extracted, applied, swept or written.
public enum SteeringError: Error, Equatable, Sendable {
  /// A side has no states.
  case emptySide(method: String, side: String)
  /// There are too few pairs, or states, to extract a direction from.
  case tooFew(method: String, what: String, count: Int, minimum: Int)
  /// The method compares the two sides of each pair, and the states are not paired.
  case needsPairs(method: String)
  /// A state holds NaN or an infinity.
  case nonFinite(what: String, row: Int, column: Int)
  /// The states do not determine a direction.
  case degenerate(method: String, reason: String)
  /// Two things that must have one width have not.
  case widthMismatch(what: String, expected: Int, actual: Int)
  /// A setting has a value that no method can honour.
  case invalidSetting(method: String, name: String, value: String, expected: String)
  /// A method name that the catalogue lacks.
  case unknownMethod(name: String, known: [String])
  /// The activations could not be read.
  case activations(ActivationsError)
  /// A decomposition failed.
  case linearAlgebra(LinearAlgebraError)
  /// A regression could not be fitted.
  case optimization(OptimizationError)
  /// A setting or a metric was refused.
  case evaluation(EvaluationError)
  /// A set of answer tokens is empty where it is compared with another one.
  case emptyTokenSet(set: String)
  /// A token is in both sets.
  case tokenInBothSets(token: Int)
  /// A token is not in the vocabulary.
  case tokenOutOfRange(set: String, token: Int, vocabularySize: Int)
  /// Values of a sweep, or what is computed from them, cannot be used.
  case invalidCurve(what: String, place: String?, reason: String)
  /// A file of direction evaluations cannot be read.
  case unreadableEvaluations(reason: String)
  /// Steering vectors of several layers do not make one control vector.
  case controlVector(problem: String)
  /// A file holds no steering vectors that can be read.
  case controlVectorFile(path: String, problem: String)
  /// A format cannot say what is to be written, or its readers would do something else.
  case notExportable(format: String, problem: String)
  /// A tool has no number for a layer, or means none by a number.
  case layer(numbering: String, problem: String)
  /// A file could not be read or written.
  case arrayFile(ArrayFileError)
}

extension SteeringError: CustomStringConvertible {
  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .emptySide(let method, let side):
      "\(method) compares two sides, and the \(side) side has no states; check the labels, the "
        + "filters and the split"
    case .tooFew(let method, let what, let count, let minimum):
      "\(method) needs at least \(minimum) \(what), got \(count); export more prompts"
    case .needsPairs(let method):
      "\(method) compares the two sides of each pair, and these states are two unpaired sets; give "
        + "the roles positive and negative, or choose a method that reads two sets, such as "
        + DifferenceOfMeansSteering.identifier
    case .nonFinite(let what, let row, let column):
      "\(what), row \(row), column \(column) (counted from 0) is NaN or infinite; export the "
        + "activations again, in float32 if they were float16, or leave that sample out"
    case .degenerate(let method, let reason):
      "\(method) finds no direction: \(reason)"
    case .widthMismatch(let what, let expected, let actual):
      "\(what) has width \(actual), expected \(expected); use arrays of one model and site"
    case .invalidSetting(let method, let name, let value, let expected):
      "\(method).\(name) is \(value); expected \(expected)"
    case .unknownMethod(let name, let known):
      "there is no steering method \"\(name)\"; \(Suggestion.phrase(for: name, among: known))"
    case .activations(let error): error.description
    case .linearAlgebra(let error): error.description
    case .optimization(let error): error.description
    case .evaluation(let error): error.description
    case .emptyTokenSet(let set):
      "the set of \(set) tokens is empty; give tokens of aligned and of misaligned answers, or a "
        + "correct token alone"
    case .tokenInBothSets(let token):
      "token \(token) is in the aligned and in the misaligned set; a token can be in one only"
    case .tokenOutOfRange(let set, let token, let vocabularySize):
      "the \(set) token \(token) is outside the vocabulary, 0 to \(vocabularySize - 1); use token "
        + "numbers of the same model's tokenizer"
    case .invalidCurve(let what, let place, let reason):
      "\(what) cannot be used\(place.map { " at \($0) (counted from 0)" } ?? ""): \(reason)"
    case .unreadableEvaluations(let reason):
      "the direction evaluations cannot be read: \(reason); expected a JSON array of objects with "
        + "position, layer, refusal_score, steering_score and kl_div_score, in which NaN may stand"
    case .controlVector(let problem): "the control vector \(problem)"
    case .controlVectorFile(let path, let problem):
      "'\(path)' \(problem)"
    case .notExportable(let format, let problem):
      "this cannot be written as \(format): \(problem)"
    case .layer(let numbering, let problem): "the numbering of \(numbering) \(problem)"
    case .arrayFile(let error): error.description
    }
  }
}
