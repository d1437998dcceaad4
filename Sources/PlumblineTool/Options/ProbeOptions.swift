import ArgumentParser
import Plumbline

/// Which probes are fitted, on what, and how they are controlled.
struct ProbeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Layers such as 0,3-6, or all.", valueName: "list"))
  var layers: LayerList?

  @Option(
    help: ArgumentHelp(
      "Methods, separated by commas, or variants as METHOD/VARIANT; see `plumbline methods`.",
      valueName: "a,b"))
  var method = ContrastConsistentSearch.identifier

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a setting, such as contrast-consistent-search.tries=20; may be repeated.",
      valueName: "method.setting=value"))
  var settings: [String] = []

  @Option(help: "Controls beside each method: none, default or all.")
  var controls = ProbeExperiment.Controls.standard

  @Option(
    help: ArgumentHelp(
      "Settings of a published implementation: "
        + Compatibility.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "name"))
  var compatibility: Compatibility?

  @Option(help: "Cross-validate in this many folds instead of one 60/40 split.")
  var folds: Int?

  @Flag(
    help: "Split single rows as published code does, parting pairs and groups; results are flagged."
  )
  var splitRows = false

  @Option(
    help: ArgumentHelp("The share of samples held out, 0.4 if not given.", valueName: "share"))
  var testFraction: Double?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Use only the samples with this value of their categories or another attribute, in --test dumps "
        + "too.", valueName: "attribute=value"))
  var selection: [String] = []

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 0

  func validate() throws {
    if folds != nil, splitRows {
      throw ValidationError("--folds and --split-rows exclude each other")
    }
    if selection.count > 1 {
      throw ValidationError(
        "--where chooses by one attribute; it was given \(selection.count) times")
    }
    if folds != nil, testFraction != nil {
      throw ValidationError("--folds and --test-fraction exclude each other")
    }
    if let testFraction, !(testFraction > 0 && testFraction < 1) {
      throw ValidationError("--test-fraction is \(testFraction); it lies between 0 and 1")
    }
    if let folds, folds < 2 {
      throw ValidationError("--folds is \(folds); at least 2 are needed")
    }
  }

  /// The experiment that these options describe on a dump.
  func experiment(on dump: ActivationDump, memory: MemorySize) throws -> ProbeExperiment {
    var experiment = ProbeExperiment(dump: dump, methods: try methods())
    experiment.layers = try layers?.layers(of: dump) ?? experiment.layers
    experiment.controls = controls
    experiment.seed = seed
    experiment.memoryByteCount = memory.byteCount
    if testFraction != nil, !splitRows, compatibility?.partition == nil, dump.parts != nil {
      throw ToolFailure(
        .usage,
        "--test-fraction cannot be had: \(dump.path) has the role split, which says what is held out; "
          + "leave the role out, or the option")
    }
    experiment.partition = partition
    if let selection = selection.first {
      let (attribute, value) = try Assignment.pair(
        selection, option: "--where", form: "attribute=value")
      experiment.selection = try SampleSelection(dump, where: attribute, is: value)
    }
    return experiment
  }

  /// What was asked for wins over what published code does.
  private var partition: Partition {
    if let folds { return .folds(folds) }
    if splitRows { return .rows(testFraction: testFraction ?? Split.defaultTestFraction) }
    let published = compatibility?.partition
    if case .rows(_, let randomState) = published, let testFraction {
      return .rows(testFraction: testFraction, randomState: randomState)
    }
    return published ?? .holdout(testFraction: testFraction ?? Split.defaultTestFraction)
  }

  private func methods() throws -> [any Probe] {
    let request = try MethodRequest(method, settings: settings)
    try checkCompatibility(of: request.names)
    return try request.names.map { name in
      try ProbeFactory.probe(
        named: name, compatibility: compatibility, assignments: request.assignments(of: name))
    }
  }

  /// Refuses a bundle that would change none of the methods.
  private func checkCompatibility(of names: [String]) throws {
    guard let compatibility else { return }
    let known = compatibility.overrides.keys.sorted()
    guard !names.contains(where: { known.contains(MethodName(parsing: $0).identifier) }) else {
      return
    }
    throw ToolFailure(
      .usage,
      "--compatibility \(compatibility.rawValue) is about \(known.joined(separator: ", ")), which "
        + "--method does not name")
  }
}
