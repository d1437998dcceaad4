import ArgumentParser
import Plumbline

/// `plumbline probe`: fits probes on a dump, or applies saved ones.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Fit probes layer by layer, with controls and intervals; or apply saved ones.",
    usage: """
      plumbline probe DUMP [options]
      plumbline probe --positive FILE --negative FILE --axes AXES [options]
      plumbline probe apply PROBE DUMP [options]
      """,
    subcommands: [ProbeFitCommand.self, ProbeApplyCommand.self],
    defaultSubcommand: ProbeFitCommand.self)
}

/// `plumbline probe DUMP`.
struct ProbeFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Fit probes layer by layer (the default).")

  @OptionGroup(title: "Dump") var dump: DumpOptions
  @OptionGroup(title: "Probes") var probes: ProbeOptions

  @Option(help: ArgumentHelp("Measure the fitted probes on other dumps, too.", valueName: "dump"))
  var test: [String] = []

  @Flag(help: "Fit on each of the dumps and measure on all others.")
  var transfer = false

  @Option(help: ArgumentHelp("Save the fitted probes as NAME.json.", valueName: "name.json"))
  var save: String?

  @Option(help: ArgumentHelp("Write one row a scored sample, as CSV.", valueName: "path"))
  var scores: String?

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func validate() throws {
    if transfer, test.isEmpty {
      throw ValidationError("--transfer needs at least one other dump by --test")
    }
    if transfer, save != nil || scores != nil {
      throw ValidationError("--transfer fits on several dumps; --save and --scores need one")
    }
  }

  func run() throws {
    resources.apply()
    let own = try dump.open()
    let others = try test.map { try ActivationDump.open($0) }
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.add(parameters: save, option: "--save")
    destinations.add(scores, option: "--scores")
    try destinations.check(inputs: ([own] + others).flatMap(\.filePaths))
    let interruption = Interruption()
    let dumps = transfer ? [own] + others : [own]
    var outcomes: [ProbeOutcome] = []
    for (position, training) in dumps.enumerated() {
      var experiment = try probes.experiment(on: training, memory: resources.memory)
      experiment.testDumps =
        transfer
        ? ([own] + others).enumerated().filter { $0.offset != position }.map(\.element) : others
      let progress = ProgressReporter(isShown: output.showsProgress)
      defer { progress.finish() }
      outcomes.append(
        try experiment.run(cancellation: interruption.cancellation) { progress.report($0) })
    }
    try (outcomes as [any Outcome]).checkAnyMeasured()
    try deliver(outcomes)
    if outcomes.contains(where: { !$0.isComplete }) {
      throw ExitCode(ExitStatus.interrupted.rawValue)
    }
  }

  /// Writes all files and the result; one that cannot be written must not cost the others.
  private func deliver(_ outcomes: [ProbeOutcome]) throws {
    let digests = FileDigests()
    var deliveries = Deliveries()
    if let save {
      deliveries.attempt {
        try ParameterFile.write(
          SavedProbes(outcomes[0], digests: digests), kind: SavedProbes.kind, to: save)
      }
    }
    if let scores {
      deliveries.attempt {
        let text = ScoreTable.commaSeparated(outcomes[0].cells)
        try AtomicFile.write(Array(text.utf8), to: scores)
      }
    }
    deliveries.attempt {
      try output.deliver(
        ResultPresentation(command: "probe", outcomes: outcomes, digests: digests),
        quiet: output.quiet)
    }
    try deliveries.check()
  }
}
