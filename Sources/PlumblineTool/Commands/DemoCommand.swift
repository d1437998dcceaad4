import ArgumentParser
import Plumbline

/// `plumbline demo`: runs the ready studies and explains what comes out.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run the ready studies on the sample dumps that ship with Plumbline.")

  @Argument(help: ArgumentHelp("Studies to run.", valueName: "study"))
  var names = ["capitals", "polarity", "steering"]

  @Option(
    help: ArgumentHelp(
      "The folder of studies; if not given, probes/ here, in a parent folder, or beside the tool.",
      valueName: "folder"))
  var studies: String?

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func run() throws {
    resources.apply()
    let runners = try names.map { name in
      try StudyRunner(
        try Study(path: try StudyLocator.find(name, in: studies)),
        memoryByteCount: resources.memory.byteCount)
    }
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.check(inputs: runners.flatMap(\.dumps.values).flatMap(\.filePaths))
    let interruption = Interruption()
    var results: [(study: Study, outcomes: [any Outcome])] = []
    for runner in runners where !interruption.cancellation.isCancelled {
      results.append((runner.study, try outcomes(of: runner, interruption)))
    }
    let all = results.flatMap(\.outcomes)
    try all.checkAnyMeasured()
    try output.deliver(ResultPresentation(command: "demo", studies: results), quiet: output.quiet)
    if results.count < runners.count || all.contains(where: { !$0.isComplete }) {
      throw ExitCode(ExitStatus.interrupted.rawValue)
    }
  }

  /// What the analyses of a study measured, up to an interruption.
  private func outcomes(of runner: StudyRunner, _ interruption: Interruption) throws
    -> [any Outcome]
  {
    var outcomes: [any Outcome] = []
    for analysis in runner.study.analyses {
      let progress = ProgressReporter(isShown: output.showsProgress)
      defer { progress.finish() }
      let outcome = try runner.run(analysis, cancellation: interruption.cancellation) {
        progress.report($0)
      }
      outcomes.append(outcome)
      if !outcome.isComplete { break }
    }
    return outcomes
  }
}
