import ArgumentParser
import Plumbline

/// Which steering vectors are extracted, from what.
struct SteeringOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Layers such as 0,3-6, or all.", valueName: "list"))
  var layers: LayerList?

  @Option(
    help: ArgumentHelp(
      "Methods, separated by commas, or variants as METHOD/VARIANT; a few that can read the dump if not "
        + "given. See `plumbline methods`.", valueName: "a,b"))
  var method: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a setting, such as linear-discriminant.ridge=0.01; may be repeated.",
      valueName: "method.setting=value"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "The positive side of contrast pairs: stored, or labels (the side that says what the label says).",
      valueName: "side"))
  var sides = SteeringSides.stored

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Use only the samples with this value of their categories or another attribute.",
      valueName: "attribute=value"))
  var selection: String?

  @Option(
    help: ArgumentHelp(
      "The share of samples held out, unless the dump says which are.", valueName: "share"))
  var testFraction = 0.4

  @Option(
    help: ArgumentHelp(
      "Into how many blocks samples are cut for the cone of each vector; 0 for no cone.",
      valueName: "count"))
  var coneBlocks = 10

  @Option(help: "The seed of the split and of what methods draw.")
  var seed: UInt64 = 0

  func validate() throws {
    if !(testFraction > 0 && testFraction < 1) {
      throw ValidationError("--test-fraction is \(testFraction); it lies between 0 and 1")
    }
    if coneBlocks != 0, coneBlocks < 4 {
      throw ValidationError("--cone-blocks is \(coneBlocks); it is 0, or at least 4")
    }
  }

  /// The experiment that these options describe on a dump.
  func experiment(on dump: ActivationDump) throws -> SteeringFitExperiment {
    let names =
      method ?? SteeringFitExperiment.defaultMethods(for: dump).joined(separator: ",")
    let request = try MethodRequest(names, settings: settings)
    let methods = try request.names.map { name in
      try SteeringFactory.method(named: name, assignments: request.assignments(of: name))
    }
    var experiment = SteeringFitExperiment(dump: dump, methods: methods)
    experiment.layers = try layers?.layers(of: dump) ?? experiment.layers
    experiment.sides = sides
    experiment.partition = .holdout(testFraction: testFraction)
    experiment.coneBlockCount = coneBlocks
    experiment.seed = seed
    if let selection {
      experiment.selection = try SampleSelection(dump, option: "--where", text: selection)
    }
    return experiment
  }
}

extension SampleSelection {
  /// The samples that an option of the form `attribute=value` names.
  init(_ dump: ActivationDump, option: String, text: String) throws {
    let (attribute, value) = try Assignment.pair(text, option: option, form: "attribute=value")
    try self.init(dump, where: attribute, is: value)
  }
}
