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

  @OptionGroup(title: "Dump") var dump: DumpOptions
  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func run() throws {
    resources.apply()
    let dump = try dump.open()
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.check(inputs: dump.filePaths)
    let progress = ProgressReporter(isShown: output.showsProgress)
    let inspection = try dump.inspect { done, total in
      progress.report(
        ExperimentProgress(completedCount: done, totalCount: total, what: "layers of arrays"))
    }
    progress.finish()
    let report = InspectionReport(inspection, of: dump, style: output.style)
    switch output.format {
    case .table: try output.deliver(report.lines().joined(separator: "\n") + "\n")
    case .json: try output.deliver(try report.json())
    case .csv: try output.deliver(report.commaSeparated())
    }
    if let problem = report.nonFiniteProblem { throw ToolFailure(.badData, problem) }
  }
}
