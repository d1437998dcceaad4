import ArgumentParser
import Plumbline

/// `plumbline epistemics score DUMP`.
struct EpistemicsScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score every answer of a dump, one row an answer.",
    discussion: """
      The columns are sample, label, seen (whether the answer taught a fitted score) and one uncertainty a score: \
      higher is less to be trusted. Written as CSV, to standard output or --output, or as arrays if --output ends in \
      .npz.
      """)

  @OptionGroup(title: "Dump") var dump: DumpOptions

  @Option(
    help: ArgumentHelp("What `epistemics fit --save` wrote.", valueName: "name.json"))
  var fitted: String?

  @Flag(help: "Score although the dump is of another model, site or token than --fitted.")
  var force = false

  @OptionGroup(title: "Scores") var scores: EpistemicsOptions

  @Option(help: ArgumentHelp("The file, .csv or .npz.", valueName: "path"))
  var output: String?

  @Flag(help: "Write nothing but the scores and errors.")
  var quiet = false

  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func run() throws {
    resources.apply()
    let dump = try dump.open()
    let fitted = try FittedScores(fitted, for: dump, isForced: force)
    var destinations = Destinations()
    destinations.add(output, option: "--output")
    try destinations.check(inputs: dump.filePaths + fitted.paths)
    let scorers = fitted.scorers + (try scores.scorers(of: dump, isLearning: false))
    guard !scorers.isEmpty else {
      throw ToolFailure(
        .usage,
        "\(dump.path) has no log-probabilities and tokenCounts of answers to score; give --fitted for feature gaps"
      )
    }
    let table = try AnswerScoreTable(
      of: dump, scorers: scorers, selection: try scores.selection(of: dump))
    for remark in table.remarks where !quiet { Console.note("plumbline: \(remark)") }
    guard let output else { return try Console.write(table.commaSeparated) }
    if output.hasSuffix(".npz") {
      try table.writeNPZ(to: output)
    } else {
      try AtomicFile.write(Array(table.commaSeparated.utf8), to: output)
    }
  }
}
