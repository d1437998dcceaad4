import ArgumentParser
import Plumbline

/// `plumbline probe apply`: scores another dump with saved probes.
struct ProbeApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Score a dump of the same model with saved probes.")

  @Argument(
    help: ArgumentHelp("What `plumbline probe --save` wrote.", valueName: "probe.json"))
  var probe: String

  @OptionGroup(title: "Dump") var dump: DumpOptions

  @Option(help: ArgumentHelp("Layers such as 0,3-6, or all.", valueName: "list"))
  var layers: LayerList?

  @Flag(help: "Apply the probes although the dump is of another model, site or token.")
  var force = false

  @Option(help: ArgumentHelp("Write one row a scored sample, as CSV.", valueName: "path"))
  var scores: String?

  @Option(help: "The seed of intervals and permutations.")
  var seed: UInt64 = 0

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func run() throws {
    resources.apply()
    let saved = try ParameterFile.read(SavedProbes.self, kind: SavedProbes.kind, from: probe)
    let target = try dump.open()
    if !force, let mismatch = saved.origin.mismatch(with: target) {
      throw ToolFailure(.badData, "\(mismatch); --force applies them all the same")
    }
    var application = ProbeApplication(saved: saved, dump: target)
    application.seed = seed
    if let layers { application.layers = try layers.layers(of: target) }
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    destinations.add(scores, option: "--scores")
    try destinations.check(inputs: target.filePaths + [probe])
    let interruption = Interruption()
    let progress = ProgressReporter(isShown: output.showsProgress)
    let outcome = try application.run(cancellation: interruption.cancellation) {
      progress.report($0)
    }
    progress.finish()
    try [outcome].checkAnyMeasured()
    // A file that cannot be written must not cost the results too.
    var deliveries = Deliveries()
    if let scores {
      deliveries.attempt {
        try AtomicFile.write(Array(ScoreTable.commaSeparated(outcome.cells).utf8), to: scores)
      }
    }
    deliveries.attempt {
      try output.deliver(
        ResultPresentation(
          command: "probe apply", outcomes: [outcome], digests: application.digests),
        quiet: output.quiet)
    }
    try deliveries.check()
    if !outcome.isComplete { throw ExitCode(ExitStatus.interrupted.rawValue) }
  }
}
