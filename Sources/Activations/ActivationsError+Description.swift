internal import ArrayFiles
internal import LinearAlgebra

extension ActivationsError: CustomStringConvertible {
  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .dumpNotFound(let path, let problem):
      "there is no dump at '\(path)': \(problem)"
    case .fileNotFound(let role, let path):
      "the array \(role) should be in '\(path)', but there is no such file; "
        + "export it, or correct the manifest"
    case .parametersNotFound(let path):
      "no parameters were saved at '\(path)': there is no such file; name the .json file that was "
        + "saved, and keep its .safetensors file beside it"
    case .invalidManifest(let path, let keyPath, let problem):
      keyPath.isEmpty ? "'\(path)': \(problem)" : "'\(path)': \(keyPath) \(problem)"
    case .invalidArray(let role, let file, let problem):
      "the array \(role) (\(file)) \(problem)"
    case .countMismatch(let count, let found):
      "the arrays do not agree about the number of \(count): "
        + found.map { "\($0.role) has \($0.count)" }.joined(separator: ", ")
        + "; export them from the same run"
    case .invalidValue(let role, let file, let sample, let problem):
      "the array \(role) (\(file)), sample \(sample): \(problem)"
    case .missingRoles(let missing, let purpose, let present):
      "\(purpose) needs \(Self.listed(missing)), which the dump does not have "
        + "(it has: \(present.joined(separator: ", "))); export \(missing.count == 1 ? "it" : "them")"
    case .nonFinite(let place): Self.description(of: place)
    case .outOfRange(let what, let value, let count):
      "there is no \(what) \(value): the dump has \(count), "
        + (count > 0 ? "numbered 0 to \(count - 1)" : "that is none")
    case .tooFew(let what, let actual, let required):
      "needs at least \(required) \(what), got \(actual); export more prompts"
    case .shapeMismatch(let what, let expected, let actual):
      "\(what): expected \(expected), got \(actual)"
    case .split(let problem): "the data cannot be split: \(problem)"
    case .normalization(let problem): "the data cannot be normalised: \(problem)"
    case .parameterFile(let path, let problem): "'\(path)': \(problem)"
    case .arrayFile(let error): error.description
    case .linearAlgebra(let error): error.description
    }
  }

  private static func listed(_ roles: [String]) -> String {
    guard let last = roles.last, roles.count > 1 else { return roles.first ?? "" }
    return roles.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func description(of place: NonFiniteActivation) -> String {
    var text = "the array \(place.role) (\(place.file)) holds \(place.value) at "
    if let layer = place.layer { text += "layer \(layer), " }
    text += "row \(place.row), "
    if let variant = place.variant { text += "variant \(variant), " }
    text += "column \(place.column); every activation must be finite: "
    switch place.elementType {
    case .float16: return text + "float16 overflows beyond 65504, so export in float32"
    case .float64: return text + "correct the export (numbers beyond float32's 3.4e38 count too)"
    default: return text + "correct the export"
    }
  }
}
