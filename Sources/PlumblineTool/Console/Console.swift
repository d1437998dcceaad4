import Foundation
import Plumbline

/// Where the tool writes: results to standard output, everything else to standard error.
enum Console {
  /// Whether standard output is a terminal.
  static let isOutputTerminal = isatty(STDOUT_FILENO) == 1
  /// Whether standard error is a terminal.
  static let isErrorTerminal = isatty(STDERR_FILENO) == 1

  /// Colour on a terminal, unless NO_COLOR is set or the terminal is dumb.
  static var outputStyle: TerminalStyle {
    let environment = ProcessInfo.processInfo.environment
    let isColorRefused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return isOutputTerminal && !isColorRefused ? .color : .plain
  }

  /// Writes text to standard output.
  static func write(_ text: String) throws {
    try write(text, to: .standardOutput)
  }

  /// Writes a line to standard error; a closed standard error is no reason to fail.
  static func note(_ text: String) {
    try? write(text + "\n", to: .standardError)
  }

  private static func write(_ text: String, to handle: FileHandle) throws {
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw ToolFailure(
        .inputOutput,
        "the result could not be written to standard output: \(reason(error)); write to a file by "
          + "--output PATH, or keep the reader running")
    }
  }

  private static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return switch cause.map({ Int32($0.code) }) {
    case ENOSPC: "the device is full"
    case EPIPE, EBADF: "it is closed or its reader has gone"
    default: cause?.localizedFailureReason ?? "\(error)"
    }
  }
}
