import Plumbline

/// An error that ends the tool with a paragraph and an exit status.
struct ToolFailure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// The message as it is shown, with nothing in it that could steer a terminal.
  var text: String {
    message.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
      .joined(separator: "\n")
  }

  /// The failure that any error of the library amounts to.
  init(_ error: any Error) {
    switch error {
    case let error as ToolFailure: self = error
    case let error as ArrayFileError: self.init(ExitStatus(error.category), error.description)
    case let error as ActivationsError: self.init(ExitStatus(error), error.description)
    case let error as ProbeError: self.init(ExitStatus(error), error.description)
    case let error as AlignmentQualityError: self.init(ExitStatus(error), error.description)
    case let error as SteeringError: self.init(ExitStatus(error), error.description)
    case let error as EpistemicsError: self.init(ExitStatus(error), error.description)
    case let error as EvaluationError: self.init(ExitStatus(error), error.description)
    case let error as LinearAlgebraError: self.init(.badData, error.description)
    case let error as StudyError: self.init(ExitStatus(error), error.description)
    default:
      self.init(
        .bug, "\(error)\nThis is a bug in Plumbline; please report it with the command you ran.")
    }
  }
}

/// Exit statuses, those of sysexits.h.
enum ExitStatus: Int32 {
  case success = 0
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  case bug = 70
  case cannotCreate = 73
  case inputOutput = 74
  case interrupted = 130

  init(_ category: ArrayFileError.Category) {
    switch category {
    case .missingInput: self = .noInput
    case .badData: self = .badData
    case .cannotCreate: self = .cannotCreate
    case .inputOutput: self = .inputOutput
    }
  }

  init(_ error: ActivationsError) {
    switch error.category {
    case .usage: self = .usage
    case .missingInput: self = .noInput
    case .badData: self = .badData
    case .cannotCreate: self = .cannotCreate
    case .inputOutput: self = .inputOutput
    }
  }

  init(_ error: SteeringError) {
    switch error {
    case .unknownMethod, .invalidSetting, .notExportable, .layer: self = .usage
    case .activations(let error): self = ExitStatus(error)
    case .arrayFile(let error): self = ExitStatus(error.category)
    case .evaluation(let error): self = ExitStatus(error)
    default: self = .badData
    }
  }

  init(_ error: EpistemicsError) {
    switch error {
    case .unknownScore, .noEligibleLayer: self = .usage
    case .activations(let error): self = ExitStatus(error)
    case .evaluation(let error): self = ExitStatus(error)
    default: self = .badData
    }
  }

  init(_ error: ProbeError) {
    switch error {
    case .unknownMethod, .invalidSetting: self = .usage
    case .activations(let error): self = ExitStatus(error)
    case .evaluation(let error): self = ExitStatus(error)
    default: self = .badData
    }
  }

  init(_ error: AlignmentQualityError) {
    switch error {
    case .unknownMethod, .invalidSetting, .unsupportedCompatibility: self = .usage
    case .activations(let error): self = ExitStatus(error)
    case .evaluation(let error): self = ExitStatus(error)
    default: self = .badData
    }
  }

  init(_ error: EvaluationError) {
    switch error {
    case .unknownSetting, .invalidSetting, .unknownMetric: self = .usage
    default: self = .badData
    }
  }

  init(_ error: StudyError) {
    switch error {
    case .usage: self = .usage
    case .notFound: self = .noInput
    case .invalid: self = .badData
    }
  }
}
