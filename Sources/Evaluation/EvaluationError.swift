/// What can be wrong with the input of an evaluation or with a method's settings.
public enum EvaluationError: Error, Equatable, Sendable {
  /// There are no samples.
  case noSamples(metric: String)
  /// All labels agree where two classes are needed.
  case oneClass(metric: String, label: Bool, count: Int)
  /// All samples are in one cluster where several are compared.
  case oneCluster(metric: String, count: Int)
  /// A value is NaN or infinite.
  case nonFinite(what: String, position: Int)
  /// Two arrays that belong together differ in length.
  case countMismatch(what: String, count: Int, expectedFrom: String, expected: Int)
  /// No permutation within the groups changes the labels.
  case nothingToPermute(samples: Int, groups: Int)
  /// A parameter of the evaluation is outside its range.
  case parameterOutOfRange(name: String, value: String, allowed: String)
  /// A value is outside the range that it must have.
  case valueOutOfRange(what: String, position: Int, value: Double, allowed: String)
  /// A metric of uncertainties that the catalogue does not have.
  case unknownMetric(name: String, suggestion: String?, known: [String])
  /// A setting that the method does not have.
  case unknownSetting(method: String, name: String, suggestion: String?, known: [String])
  /// A setting whose value cannot be used.
  case invalidSetting(method: String, name: String, value: String, expected: String)
  /// A method whose defaults cannot be written down; a mistake in the method's type.
  case unreadableSettings(method: String, reason: String)
}

extension EvaluationError: CustomStringConvertible {
  /// One paragraph: what is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .noSamples(let metric):
      return "\(metric) needs at least 1 sample, got none; check the split and the filters"
    case .oneClass(let metric, let label, let count):
      return "\(metric) needs both classes, but all \(count) labels are \(label); "
        + "check the labels or use a larger test split"
    case .oneCluster(let metric, let count):
      return "\(metric) compares clusters, but all \(count) samples are in one; "
        + "it needs at least 2 clusters"
    case .nonFinite(let what, let position):
      return "\(what) at position \(position) (counted from 0) is NaN or infinite; "
        + "every value must be finite"
    case .countMismatch(let what, let count, let expectedFrom, let expected):
      return "\(count) \(what) do not fit \(expected) \(expectedFrom); the counts must agree"
    case .nothingToPermute(let samples, let groups):
      return
        "no permutation changes the labels of these \(samples) samples in \(groups) groups: every "
        + "group holds one class, and groups of equal size agree; a permutation test needs groups "
        + "with both classes or groups of equal size that differ"
    case .parameterOutOfRange(let name, let value, let allowed):
      return "\(name) is \(value), but must be \(allowed)"
    case .valueOutOfRange(let what, let position, let value, let allowed):
      return "\(what) at position \(position) (counted from 0) is \(value), but must be \(allowed)"
    case .unknownMetric(let name, let suggestion, let known):
      let hint = suggestion.map { "; did you mean \"\($0)\"?" } ?? "."
      return "no metric of uncertainties is named \"\(name)\"\(hint) "
        + "There are: \(known.joined(separator: ", "))."
    case .unknownSetting(let method, let name, let suggestion, let known):
      let hint = suggestion.map { "; did you mean \"\($0)\"?" } ?? "."
      let list = known.isEmpty ? "It has no settings." : "It has: \(known.joined(separator: ", "))."
      return "\(method) has no setting \"\(name)\"\(hint) \(list)"
    case .invalidSetting(let method, let name, let value, let expected):
      return "the setting \"\(name)\" of \(method) cannot be \(value); it must be \(expected)"
    case .unreadableSettings(let method, let reason):
      return "the default settings of \(method) cannot be written down: \(reason); "
        + "this is a mistake in the method's type"
    }
  }
}
