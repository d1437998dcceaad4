/// Why a study or an experiment could not be set up.
public enum StudyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was asked for contradicts itself or names something that does not exist.
  case usage(String)
  /// A file or folder is missing.
  case notFound(String)
  /// A recipe or the data cannot be used.
  case invalid(String)

  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .usage(let text), .notFound(let text), .invalid(let text): text
    }
  }
}
