import ArgumentParser
import Plumbline

/// `plumbline steer`: steering vectors.
struct SteerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steer",
    abstract:
      "Extract steering vectors, sweep their norm, rank them, and write them for other tools.",
    subcommands: [
      SteerFitCommand.self, SteerSweepCommand.self, SteerRankCommand.self,
      SteerExportCommand.self,
    ])
}

/// `plumbline steer fit DUMP`.
struct SteerFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Extract steering vectors layer by layer, and say how far to trust each.",
    usage: """
      plumbline steer fit DUMP [options]
      plumbline steer fit --positive FILE --negative FILE --axes AXES [options]
      """,
    discussion: """
      Vectors are learned from training samples: contrast pairs, or states of label 1 against those of \
      label 0. How well they tell the sides apart is measured on held-out samples, beside random directions.
      """)

  @OptionGroup(title: "Dump") var dump: DumpOptions
  @OptionGroup(title: "Steering") var steering: SteeringOptions

  @Option(help: ArgumentHelp("Save the vectors as NAME.json.", valueName: "name.json"))
  var save: String?

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func run() throws {
    resources.apply()
    let dump = try dump.open()
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.add(parameters: save, option: "--save")
    try destinations.check(inputs: dump.filePaths)
    let interruption = Interruption()
    let progress = ProgressReporter(isShown: output.showsProgress)
    defer { progress.finish() }
    let outcome = try steering.experiment(on: dump).run(
      cancellation: interruption.cancellation
    ) { progress.report($0) }
    progress.finish()
    try [outcome as any Outcome].checkAnyMeasured()
    let digests = FileDigests()
    var deliveries = Deliveries()
    if let save {
      deliveries.attempt {
        try ParameterFile.write(
          SavedVectors(outcome, digests: digests), kind: SavedVectors.kind, to: save)
      }
    }
    deliveries.attempt {
      try output.deliver(
        ResultPresentation(command: "steer fit", outcomes: [outcome], digests: digests),
        quiet: output.quiet)
    }
    try deliveries.check()
    if !outcome.isComplete { throw ExitCode(ExitStatus.interrupted.rawValue) }
  }
}
