import ArgumentParser
import Plumbline

/// `plumbline inspect`: what is in a dump, and what is wrong with it.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a dump, and what is wrong with it.",
    discussion: """
      Reads every element once. Ends with status 65 if the dump holds NaN or infinite values; what is \
      merely remarkable is listed as a warning.
      """)

  @OptionGroup var dump: DumpArguments
  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func run() throws {
    resources.apply()
    let inspection = try DumpInspection(of: try dump.open())
    let report = InspectionReport(inspection, style: output.style)
    switch output.format {
    case .table: try output.deliver(report.lines().joined(separator: "\n") + "\n")
    case .json: try output.deliver(try report.json())
    case .csv: try output.deliver(report.commaSeparated())
    }
    if inspection.hasNonFiniteValues { throw ExitCode(ExitStatus.badData.rawValue) }
  }
}
