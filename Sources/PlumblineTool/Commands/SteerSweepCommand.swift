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
      """,
    discussion: """
      Without --vectors, the sweep that the dump holds, measured by running the model. With them, the sweep at \
      the last layer, computed from the dump's last states, final norm and unembedding: exact for a vector of the \
      last layer, and an approximation, which says so, for one of an earlier layer.
      """)

  @OptionGroup(title: "Dump") var dump: DumpOptions

  @Option(
    help: ArgumentHelp(
      "Saved vectors (steer fit --save), or a file of control vectors.", valueName: "path"))
  var vectors: String?

  @Option(help: ArgumentHelp("Which of the saved vectors.", valueName: "name"))
  var method: String?

  @Option(help: ArgumentHelp("The layer of the vector.", valueName: "number"))
  var layer: Int?

  // A grid may begin with a minus.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Coefficients as lowest:highest:count, or a list, for --vectors; -2:2:41 if not given.",
      valueName: "grid"))
  var coefficients: CoefficientGrid?

  @Option(
    help: ArgumentHelp(
      "Measure behaviour on the samples with this value of an attribute only.",
      valueName: "attribute=value"))
  var behaviour: String?

  @Option(
    help: ArgumentHelp(
      "Measure helpfulness on the samples with this value of an attribute only.",
      valueName: "attribute=value"))
  var helpfulness: String?

  @Option(
    help: ArgumentHelp(
      "What one unit of behaviour is worth in helpfulness.", valueName: "weight"))
  var weight = 1.0

  @Option(
    help: ArgumentHelp("The loss of helpfulness that is acceptable.", valueName: "share"))
  var tolerance = 0.05

  @Option(help: "Random directions swept beside --vectors.")
  var randomDirections = 20

  @Flag(help: "Scale each state back to its length; for --vectors.")
  var preserveNorm = false

  @Option(help: "The seed of resampling and of random directions.")
  var seed: UInt64 = 0

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func validate() throws {
    if vectors == nil, method != nil || layer != nil || preserveNorm {
      throw ValidationError("--method, --layer and --preserve-norm are for --vectors")
    }
    if randomDirections < 0 {
      throw ValidationError("--random-directions is \(randomDirections); it is 0 or more")
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
    var experiment = SteeringSweepExperiment(dump: dump)
    if let vectors { experiment.source = .lastLayer(try swept(vectors)) }
    if let behaviour {
      experiment.behaviour = try SampleSelection(dump, option: "--behaviour", text: behaviour)
    }
    if let helpfulness {
      experiment.helpfulness = try SampleSelection(
        dump, option: "--helpfulness", text: helpfulness)
    }
    experiment.settings.weight = weight
    experiment.settings.tolerance = tolerance
    experiment.settings.seed = seed
    let outcome = try experiment.run()
    try output.deliver(
      ResultPresentation(command: "steer sweep", outcomes: [outcome]), quiet: output.quiet)
  }

  private func swept(_ path: String) throws -> SteeringSweepExperiment.LastLayer {
    let chosen = try ChosenVectors(path, method: method, layer: layer)
    guard let found = chosen.vectors.first, chosen.vectors.count == 1 else {
      throw ToolFailure(
        .usage,
        "\(path) has vectors of layers \(chosen.layerList); choose one by --layer")
    }
    var last = SteeringSweepExperiment.LastLayer(
      vector: found.vector, layer: found.layer, method: chosen.method,
      coefficients: (coefficients ?? .standard).values)
    last.randomDirectionCount = randomDirections
    last.preservesNorm = preserveNorm
    return last
  }
}
