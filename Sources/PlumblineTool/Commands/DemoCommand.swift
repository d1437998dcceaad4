import ArgumentParser
import Plumbline

/// `plumbline demo`: runs the ready studies and explains what comes out.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Fit probes on the sample dumps that ship with Plumbline.")

  @Option(
    help: ArgumentHelp(
      "The folder of studies; if not given, probes/ here, in a parent folder, or beside the tool.",
      valueName: "folder"))
  var studies: String?

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func run() throws {
    resources.apply()
    let study = try Study(path: try StudyLocator.find("capitals", in: studies))
    let interruption = Interruption()
    var outcomes: [ProbeOutcome] = []
    let runner = try StudyRunner(study, memoryByteCount: resources.memory.byteCount)
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.check(inputs: runner.dump.filePaths)
    for analysis in study.analyses {
      let progress = ProgressReporter(isShown: output.showsProgress)
      defer { progress.finish() }
      let outcome = try runner.run(analysis, cancellation: interruption.cancellation) {
        progress.report($0)
      }
      outcomes.append(outcome)
      if !outcome.isComplete { break }
    }
    try outcomes.checkAnyMeasured()
    try output.deliver(
      ResultPresentation(command: "demo", outcomes: outcomes, study: study), quiet: output.quiet)
    if outcomes.contains(where: { !$0.isComplete }) {
      throw ExitCode(ExitStatus.interrupted.rawValue)
    }
  }
}
