public import Activations
public import Evaluation
public import LinearAlgebra
internal import TextSuggestions

/// Why the quality of a layer could not be measured.
///
/// An index that has no value on data which can be read is no error: it is an ``IndexValue`` with a
/// reason.
public enum AlignmentQualityError: Error, Equatable, Sendable {
  /// There are no points.
  case noPoints
  /// What is known about each point is not known about as many points as there are.
  case countMismatch(what: String, count: Int, points: Int)
  /// A coordinate is NaN or infinite.
  case nonFinite(row: Int, column: Int)
  /// A setting has a value that no index can honour.
  case invalidSetting(method: String, name: String, value: String, expected: String)
  /// A peer's conventions were asked for that the index does not have.
  case unsupportedCompatibility(method: String, name: String, known: [String])
  /// A vector of zeros, which has no direction, where a cosine was asked for.
  case zeroVector(what: String, layer: Int)
  /// A count is too large for the products that it enters.
  case tooLarge(what: String, count: Int, limit: Int)
  /// A method name that the catalogue lacks.
  case unknownMethod(name: String, known: [String])
  /// The activations could not be read.
  case activations(ActivationsError)
  /// A decomposition failed.
  case linearAlgebra(LinearAlgebraError)
  /// A permutation, an interval or a setting was refused.
  case evaluation(EvaluationError)
}

extension AlignmentQualityError: CustomStringConvertible {
  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .noPoints:
      "an index needs at least 1 point, got none; check the filters and the labels"
    case .countMismatch(let what, let count, let points):
      "there are \(count) \(what) for \(points) points; give one for each point"
    case .nonFinite(let row, let column):
      "row \(row), column \(column) (counted from 0) is NaN or infinite; distances need finite "
        + "coordinates, so export the activations again or leave that sample out"
    case .invalidSetting(let method, let name, let value, let expected):
      "\(method).\(name) is \(value); expected \(expected)"
    case .unsupportedCompatibility(let method, let name, let known):
      "\(method) has no conventions of \(name); "
        + (known.isEmpty ? "it has only its own" : Suggestion.phrase(for: name, among: known))
    case .zeroVector(let what, let layer):
      "\(what) is all zeros at layer place \(layer) (from 0) and has no cosine; leave it out, or pool by "
        + "weights that all points share"
    case .tooLarge(let what, let count, let limit):
      "\(count) \(what) are more than the \(limit) that one product can hold; measure a sample of them"
    case .unknownMethod(let name, let known):
      "there is no method \"\(name)\"; \(Suggestion.phrase(for: name, among: known))"
    case .activations(let error): error.description
    case .linearAlgebra(let error): error.description
    case .evaluation(let error): error.description
    }
  }
}
