import ArgumentParser
import Plumbline

/// `plumbline steer sweep DUMP`.
struct SteerSweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Sweep a vector's norm: behaviour against helpfulness, their bounds, where it pays.",
    usage: """
      plumbline steer sweep DUMP [options]
      plumbline steer sweep DUMP --vectors NAME.json --method METHOD --layer N [options]
      plumbline steer sweep DUMP --steered OTHER --at COEFFICIENT [options]
      plumbline steer sweep DUMP --readout --method METHOD --layer N [options]
      """,
    discussion: """
      Without --vectors, the sweep that the dump holds, measured by running the model. With them, the sweep at \
      the last layer, computed from the dump's last states, final norm and unembedding: exact for a vector of the \
      last layer, and an approximation, which says so, for one of an earlier layer.

      With --steered, the sweep along the line that each prompt's last state takes between two exports, one of them \
      under steering: an approximation for a vector of any layer, which says so.

      With --readout, what is read from held-out states of the vector's layer as they move along it, how far they \
      are then from states that the model was seen in, and what else is read differently. That needs no unembedding, \
      and is what a dump without one gets. Without --vectors the vector is what --method finds in the training samples.
      """)

  @OptionGroup(title: "Dump") var dump: DumpOptions

  @Option(
    help: ArgumentHelp(
      "Saved vectors (steer fit --save), or a file of control vectors.", valueName: "path"))
  var vectors: String?

  @Flag(help: "Sweep what is read from the states, without the model's head.")
  var readout = false

  @Option(
    help: ArgumentHelp(
      "Which of the saved vectors; without --vectors, what finds one.", valueName: "name"))
  var method: String?

  @Option(help: ArgumentHelp("The layer of the vector.", valueName: "number"))
  var layer: Int?

  // A grid may begin with a minus.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Coefficients as lowest:highest:count, or a list; -2:2:41 if not given, 0:2:21 for --readout. A measured "
        + "sweep has its own.", valueName: "grid"))
  var coefficients: CoefficientGrid?

  @OptionGroup(title: "Prompts") var prompts: PromptOptions

  @Option(
    help: ArgumentHelp(
      "What one unit of behaviour is worth in helpfulness.", valueName: "weight"))
  var weight = 1.0

  @Option(
    help: ArgumentHelp("The loss of helpfulness that is acceptable.", valueName: "share"))
  var tolerance = 0.05

  @Option(help: "Random directions swept beside the vector.")
  var randomDirections = 20

  @Option(
    help: ArgumentHelp(
      "For --readout: the positive side, stored or labels.", valueName: "side"))
  var sides = SteeringSides.stored

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "For --readout: use only the samples with this value of an attribute.",
      valueName: "attribute=value"))
  var selection: String?

  @Option(
    help: ArgumentHelp(
      "For --readout: the share of samples held out, unless the dump says which are; as for steer fit.",
      valueName: "share"))
  var testFraction = 0.4

  @Option(
    help: ArgumentHelp(
      "A dump of the same prompts, exported with the vector added --at times: the sweep is extrapolated from both.",
      valueName: "dump"))
  var steered: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The coefficient of --steered.", valueName: "number"))
  var at: Double?

  @Flag(help: "Scale each state back to its length; for --vectors.")
  var preserveNorm = false

  @Option(
    help: ArgumentHelp(
      "What is done at each coefficient, for --vectors: add, add-outward, ablate, set, raise or lower.",
      valueName: "operation"))
  var operation = SteeringOperation.Family.add

  @Option(
    help: ArgumentHelp(
      "What a coefficient of 1 means: raw, distance-of-means, standard-deviation or state-norm.",
      valueName: "unit"))
  var unit = CoefficientUnit.raw

  @Option(help: "The seed of resampling and of random directions.")
  var seed: UInt64 = 0

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func validate() throws {
    if vectors == nil, preserveNorm || operation != .add {
      throw ValidationError("--preserve-norm and --operation are for --vectors")
    }
    if readout, prompts.isGiven || preserveNorm || operation != .add {
      throw ValidationError(
        "--behaviour, --helpfulness, --preserve-norm and --operation are about what the model says, "
          + "and --readout is not")
    }
    if (steered == nil) != (at == nil) {
      throw ValidationError("--steered and --at go together")
    }
    if steered != nil, readout || vectors != nil || method != nil {
      throw ValidationError("--steered has all that it needs; leave out vectors and --readout")
    }
    if randomDirections < 0 {
      throw ValidationError("--random-directions is \(randomDirections); it is 0 or more")
    }
    if !(testFraction > 0 && testFraction < 1) {
      throw ValidationError("--test-fraction is \(testFraction); it lies between 0 and 1")
    }
    for (name, value) in [("--weight", weight), ("--tolerance", tolerance)]
    where !(value > 0 && value.isFinite) {
      throw ValidationError("\(name) is \(value); it is a number above 0")
    }
  }

  func run() throws {
    resources.apply()
    let dump = try dump.open()
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.check(inputs: dump.filePaths)
    let outcome: any Outcome =
      isReadout(dump) ? try readoutExperiment(dump).run() : try headExperiment(dump).run()
    try output.deliver(
      ResultPresentation(command: "steer sweep", outcomes: [outcome]), quiet: output.quiet)
  }

  /// Whether only read-outs can be swept, or are asked for.
  private func isReadout(_ dump: ActivationDump) -> Bool {
    if readout { return true }
    return vectors == nil
      ? method != nil : dump.arrays[.unembedding] == nil && !prompts.isGiven
  }

  private func headExperiment(_ dump: ActivationDump) throws -> SteeringSweepExperiment {
    guard vectors != nil || layer == nil else {
      throw ToolFailure(
        .usage,
        "--layer is for --vectors, or for --method; the sweep of a dump is at the layer where it was measured"
      )
    }
    var experiment = SteeringSweepExperiment(dump: dump)
    if let vectors {
      let found = try chosen(vectors)
      var last = SteeringSweepExperiment.LastLayer(
        vector: found.vector, layer: found.layer, method: found.method,
        coefficients: (coefficients ?? .standard).values)
      last.randomDirectionCount = randomDirections
      last.preservesNorm = preserveNorm
      last.operation = operation
      last.unit = unit
      experiment.source = .lastLayer(last)
    }
    if let steered, let at {
      experiment.source = .linearResponse(
        steered: try ActivationDump.open(steered), at: at,
        coefficients: (coefficients ?? .standard).values)
    }
    if let behaviour = prompts.behaviour {
      experiment.behaviour = try SampleSelection(dump, option: "--behaviour", text: behaviour)
    }
    if let helpfulness = prompts.helpfulness {
      experiment.helpfulness = try SampleSelection(
        dump, option: "--helpfulness", text: helpfulness)
    }
    experiment.settings.weight = weight
    experiment.settings.tolerance = tolerance
    experiment.settings.seed = seed
    return experiment
  }

  private func readoutExperiment(_ dump: ActivationDump) throws -> ReadoutSweepExperiment {
    var experiment: ReadoutSweepExperiment
    if let vectors {
      let found = try chosen(vectors)
      experiment = ReadoutSweepExperiment(
        dump: dump, source: .vector(found.vector, method: found.method), layer: found.layer)
    } else {
      guard let layer else {
        throw ToolFailure(
          .usage, "a sweep of read-outs is at one layer; choose it by --layer")
      }
      let name = method ?? DifferenceOfMeansSteering.identifier
      experiment = ReadoutSweepExperiment(
        dump: dump, source: .method(try SteeringFactory.method(named: name)), layer: layer)
    }
    experiment.coefficients = coefficients?.values ?? experiment.coefficients
    experiment.unit = unit
    experiment.sides = sides
    experiment.partition = .holdout(testFraction: testFraction)
    experiment.randomDirectionCount = randomDirections
    experiment.seed = seed
    if let selection {
      experiment.selection = try SampleSelection(dump, option: "--where", text: selection)
    }
    return experiment
  }

  private func chosen(
    _ path: String
  ) throws -> (vector: [Double], layer: Int, method: String) {
    let chosen = try ChosenVectors(path, method: method, layer: layer)
    guard let found = chosen.vectors.first, chosen.vectors.count == 1 else {
      throw ToolFailure(
        .usage,
        "\(path) has vectors of layers \(chosen.layerList); choose one by --layer")
    }
    guard unit != .raw else { return (found.vector, found.layer, chosen.method) }
    guard let extracted = chosen.extracted.first(where: { $0.layer == found.layer }) else {
      throw ToolFailure(
        .usage,
        "\(path) does not say what a coefficient of \(unit.rawValue) is; vectors saved by steer fit do"
      )
    }
    return (try extracted.vector(in: unit), found.layer, chosen.method)
  }
}
