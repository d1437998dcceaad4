import ArgumentParser
import Plumbline

/// `plumbline epistemics evaluate DUMP`.
struct EpistemicsEvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare scores of answers on held-out answers: metrics, intervals, differences.",
    discussion: """
      Feature gaps are learned from the answers that do not test, or taken from --fitted. All scores are then compared \
      on the same test answers, by metrics that are exact where answers tie, with intervals by group and paired \
      differences; feature gaps also beside random directions and permuted labels.
      """)

  @OptionGroup(title: "Dump") var dump: DumpOptions

  @Option(
    help: ArgumentHelp("What `epistemics fit --save` wrote.", valueName: "name.json"))
  var fitted: String?

  @Flag(help: "Evaluate although the dump is of another model, site or token than --fitted.")
  var force = false

  @OptionGroup(title: "Scores") var scores: EpistemicsOptions

  @Option(
    help: ArgumentHelp(
      "Metrics, separated by commas, or variants as METRIC/VARIANT; the first ranks.",
      valueName: "a,b"))
  var metric: String?

  @Option(
    name: .customLong("metric-set"),
    help: ArgumentHelp(
      "Change a metric's setting, such as prediction-rejection-ratio.maxRejection=0.5.",
      valueName: "metric.setting=value"))
  var metricSettings: [String] = []

  @Option(
    help: ArgumentHelp(
      "Hold all scores against this one; every pair if not given.", valueName: "score"))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "The share of answers that tests, unless the dump says which do.", valueName: "share"))
  var testFraction = 0.4

  @Option(help: "Seeds of random directions beside feature gaps.")
  var randomDirections = 20

  @Option(help: "Permutations of labels beside feature gaps.")
  var permutations = 200

  @Option(help: "Resamples for intervals, at least 100.")
  var resamples = 1000

  @Option(help: "The seed of the split, of random directions and of resampling.")
  var seed: UInt64 = 0

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func validate() throws {
    if !(testFraction > 0 && testFraction < 1) {
      throw ValidationError("--test-fraction is \(testFraction); it lies between 0 and 1")
    }
    if resamples < 100 { throw ValidationError("--resamples is \(resamples); it is at least 100") }
    for (name, value) in [
      ("--random-directions", randomDirections), ("--permutations", permutations),
    ] where value < 0 {
      throw ValidationError("\(name) is \(value); it is 0 or more")
    }
  }

  func run() throws {
    resources.apply()
    let dump = try dump.open()
    let fitted = try FittedScores(fitted, for: dump, isForced: force)
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.check(inputs: dump.filePaths + fitted.paths)
    let scorers =
      fitted.scorers + (try scores.scorers(of: dump, isLearning: fitted.scorers.isEmpty))
    let request = try MethodRequest(
      metric ?? AnswerScorerFactory.defaultMetricNames.joined(separator: ","),
      settings: metricSettings)
    var experiment = EpistemicsExperiment(
      dump: dump, scorers: scorers,
      metrics: try request.names.map { name in
        try AnswerScorerFactory.metric(named: name, assignments: request.assignments(of: name))
      })
    experiment.reference = reference
    experiment.selection = try scores.selection(of: dump)
    experiment.testFraction = testFraction
    experiment.randomCount = randomDirections
    experiment.permutationCount = permutations
    experiment.resampleCount = resamples
    experiment.seed = seed
    let progress = ProgressReporter(isShown: output.showsProgress)
    defer { progress.finish() }
    let outcome = try experiment.run { progress.report($0) }
    progress.finish()
    try output.deliver(
      ResultPresentation(command: "epistemics evaluate", outcomes: [outcome]),
      quiet: output.quiet)
  }
}
