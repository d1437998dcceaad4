import ArgumentParser
import Plumbline

/// `plumbline quality`: how well classes are separated, layer by layer.
struct QualityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quality",
    abstract: "Measure how well classes are separated, layer by layer and category by category.",
    usage: """
      plumbline quality DUMP [options]
      plumbline quality --activations FILE --labels FILE --axes AXES [options]
      """,
    discussion: """
      Cluster indices and the alignment quality index in all its readings, with the debiased separation \
      F_u, its interval and label permutations. Points are the role activations, or the positive sides of \
      contrast pairs.
      """)

  @OptionGroup(title: "Dump") var dump: DumpOptions
  @OptionGroup(title: "Quality") var quality: QualityOptions
  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func run() throws {
    resources.apply()
    let dump = try dump.open()
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.check(inputs: dump.filePaths)
    let experiment = try quality.experiment(on: dump, memory: resources.memory)
    let interruption = Interruption()
    let progress = ProgressReporter(isShown: output.showsProgress)
    defer { progress.finish() }
    let outcome = try experiment.run(cancellation: interruption.cancellation) {
      progress.report($0)
    }
    progress.finish()
    try [outcome as any Outcome].checkAnyMeasured()
    try output.deliver(
      ResultPresentation(command: "quality", outcomes: [outcome]), quiet: output.quiet)
    if !outcome.isComplete { throw ExitCode(ExitStatus.interrupted.rawValue) }
  }
}
