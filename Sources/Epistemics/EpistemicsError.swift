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
    }
  }
}
