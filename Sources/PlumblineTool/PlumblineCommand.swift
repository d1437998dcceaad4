import ArgumentParser
import Foundation
import Plumbline

/// The tool: what was typed is parsed here, run by a subcommand, and ends with an exit status.
@main
struct PlumblineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plumbline",
    abstract: "Probes what a language model represents, from its exported activations.",
    discussion: """
      Start with `plumbline demo`, then `plumbline inspect DUMP`, `plumbline probe DUMP` and \
      `plumbline quality DUMP` on your own arrays, `plumbline steer fit DUMP` for steering vectors, and \
      `plumbline epistemics evaluate DUMP` for how far to trust answers. Results go to standard output, \
      everything else to standard error.
      """,
    version: versionText,
    subcommands: [
      DemoCommand.self, InspectCommand.self, ProbeCommand.self, QualityCommand.self,
      SteerCommand.self, EpistemicsCommand.self, MethodsCommand.self,
    ])

  private static var versionText: String {
    let platform = Platform.current
    return """
      plumbline \(plumblineVersion)
      Swift \(platform.swift)
      OpenBLAS \(platform.blas)
      core \(platform.core), \(platform.threads) threads on \(platform.cores) processors
      """
  }

  static func main() {
    // A file beyond the size that the system allows is a write that fails, not the end of the tool.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as ToolFailure {
      Console.note("plumbline: \(failure.text)")
      exit(withCode: ExitCode(failure.status.rawValue))
    } catch let code as ExitCode {
      exit(withError: code)
    } catch {
      if isUsage(error) { exit(withError: error) }
      let failure = ToolFailure(error)
      Console.note("plumbline: \(failure.text)")
      exit(withCode: ExitCode(failure.status.rawValue))
    }
  }

  private static func exit(withCode code: ExitCode) -> Never { exit(withError: code) }

  /// Whether the parser raised the error, so that it knows best how to show it.
  private static func isUsage(_ error: any Error) -> Bool {
    let status = exitCode(for: error)
    return status == .validationFailure || status == .success
  }
}
