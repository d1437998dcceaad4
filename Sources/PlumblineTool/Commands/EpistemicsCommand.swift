import ArgumentParser
import Plumbline

/// `plumbline epistemics`: how far to trust an answer.
struct EpistemicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "epistemics",
    abstract: "Score how far to trust answers: feature gaps, scores of their tokens, metrics.",
    subcommands: [
      EpistemicsFitCommand.self, EpistemicsScoreCommand.self, EpistemicsEvaluateCommand.self,
    ])
}

/// `plumbline epistemics fit DUMP`.
struct EpistemicsFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit feature gaps: directions from contrasts, layers and a regression from labels.",
    discussion: """
      Directions come from the dump's contrasts, without labels. Layers, signs and the regression come from labelled \
      answers (1 right, 0 wrong, −1 not attempted) that are no test answers: the dump's own split, or --test-fraction. \
      As many of the first layers are ignored as released, 7 of 33, or as large a share of a shallower model.
      """)

  @OptionGroup(title: "Dump") var dump: DumpOptions

  @Option(help: ArgumentHelp("feature-gaps, or a variant of it.", valueName: "name"))
  var method = FeatureGaps.identifier

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a setting, such as feature-gaps.ignoredLayerCount=2; may be repeated.",
      valueName: "method.setting=value"))
  var settings: [String] = []

  @Option(help: ArgumentHelp("Features, separated by commas; all if not given.", valueName: "a,b"))
  var features: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Use only the answers with this value of an attribute.", valueName: "attribute=value"))
  var selection: String?

  @Option(
    help: ArgumentHelp(
      "The share of answers left for testing, unless the dump says which are.", valueName: "share"))
  var testFraction = 0.4

  @Option(help: "The seed of the split and of random directions.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Save what was learned as NAME.json.", valueName: "name.json"))
  var save: String?

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func validate() throws {
    if !(testFraction > 0 && testFraction < 1) {
      throw ValidationError("--test-fraction is \(testFraction); it lies between 0 and 1")
    }
  }

  func run() throws {
    resources.apply()
    let dump = try dump.open()
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.add(parameters: save, option: "--save")
    try destinations.check(inputs: dump.filePaths)
    let request = try MethodRequest(method, settings: settings)
    let scorer = try AnswerScorerFactory.scorer(
      named: method, assignments: request.assignments(of: method))
    guard case .featureGaps(let gaps) = scorer else {
      throw ToolFailure(
        .usage, "\(method) has nothing to learn; `plumbline epistemics score` computes it")
    }
    var experiment = EpistemicsFitExperiment(dump: dump)
    experiment.method = gaps
    experiment.features = features?.split(separator: ",").map(String.init)
    experiment.testFraction = testFraction
    experiment.seed = seed
    if let selection {
      experiment.selection = try SampleSelection(dump, option: "--where", text: selection)
    }
    let outcome = try experiment.run()
    let digests = FileDigests()
    var deliveries = Deliveries()
    if let save {
      deliveries.attempt {
        try ParameterFile.write(
          SavedFeatureGaps(outcome, digests: digests), kind: SavedFeatureGaps.kind, to: save)
      }
    }
    deliveries.attempt {
      try output.deliver(
        ResultPresentation(command: "epistemics fit", outcomes: [outcome], digests: digests),
        quiet: output.quiet)
    }
    try deliveries.check()
  }
}
