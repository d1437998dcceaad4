public import Activations
public import Evaluation
public import LinearAlgebra
public import Optimization
internal import TextSuggestions

/// Why a probe could not be fitted or applied.
public enum ProbeError: Error, Equatable, Sendable {
  /// The probe reads another kind of data.
  case unsupportedInput(method: String, accepts: [ProbeInput], got: ProbeInput)
  /// There are too few samples to fit.
  case tooFewSamples(method: String, count: Int, minimum: Int)
  /// The method needs labels and there are none.
  case missingLabels(method: String)
  /// All training labels agree.
  case oneClass(method: String, label: Int)
  /// A label is neither 0 nor 1.
  case notBinary(method: String, label: Int)
  /// So many samples lack an opposite, the first of them being sample `first` of the dump.
  case missingOpposites(method: String, missing: Int, count: Int, first: Int)
  /// A sample and its opposite have one label.
  case oppositesOfOneClass(method: String, sample: Int, opposite: Int, label: Int)
  /// The data has another width than the probe was fitted on.
  case widthMismatch(expected: Int, actual: Int)
  /// A setting has a value that no fit can honour.
  case invalidSetting(method: String, name: String, value: String, expected: String)
  /// The data do not determine a direction.
  case noDirection(method: String, reason: String)
  /// No start of an iterative fit ended with a finite loss.
  case everyTryDiverged(method: String, tries: Int)
  /// A method name that the catalogue lacks.
  case unknownMethod(name: String, known: [String])
  /// The activations could not be normalised or read.
  case activations(ActivationsError)
  /// A decomposition failed.
  case linearAlgebra(LinearAlgebraError)
  /// A regression could not be fitted.
  case optimization(OptimizationError)
  /// A setting or a metric was refused.
  case evaluation(EvaluationError)
}

extension ProbeError: CustomStringConvertible {
  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .unsupportedInput(let method, let accepts, let got):
      "\(method) reads \(accepts.map(\.rawValue).joined(separator: " or ")), got "
        + "\(got.rawValue); name the arrays for those roles in the manifest or by flags"
    case .tooFewSamples(let method, let count, let minimum):
      "\(method) needs at least \(minimum) training samples, got \(count); export more prompts"
    case .missingLabels(let method):
      "\(method) learns from labels and the dump has none; add the role labels, "
        + "or choose an unsupervised method such as \(ContrastConsistentSearch.identifier)"
    case .oneClass(let method, let label):
      "\(method) needs both classes among the training samples, but every label is \(label); "
        + "check the labels array or change the split's seed"
    case .notBinary(let method, let label):
      "\(method) tells label 1 from label 0, got label \(label); "
        + "map the labels to 0 and 1, or leave those samples out"
    case .missingOpposites(let method, let missing, let count, _) where missing == count:
      "\(method) needs the opposite of every sample, and these \(count) samples have none; add the "
        + "role opposites, the row number of the sample that states the reverse of each"
    case .missingOpposites(let method, let missing, let count, let first):
      "\(method) needs the opposite of every sample, but \(missing) of these \(count) samples have "
        + "none, the first of them sample \(first); give their opposites, or leave those samples out"
    case .oppositesOfOneClass(let method, let sample, let opposite, let label):
      "\(method) tells a statement from its opposite by their labels, but sample \(sample) and its "
        + "opposite, sample \(opposite), both have label \(label); correct the labels or the "
        + "opposites, or measure without labels"
    case .widthMismatch(let expected, let actual):
      "the probe was fitted on activations of width \(expected), these have width \(actual); "
        + "apply it to a dump of the same model and site"
    case .invalidSetting(let method, let name, let value, let expected):
      "\(method).\(name) is \(value); expected \(expected)"
    case .noDirection(let method, let reason):
      "\(method) finds no direction: \(reason)"
    case .everyTryDiverged(let method, let tries):
      "none of the \(tries) tries of \(method) ended with a finite loss; "
        + "lower learningRate, or check the activations for huge values"
    case .unknownMethod(let name, let known):
      "there is no method \"\(name)\"; \(Suggestion.phrase(for: name, among: known))"
    case .activations(let error): error.description
    case .linearAlgebra(let error): error.description
    case .optimization(let error): error.description
    case .evaluation(let error): error.description
    }
  }
}
