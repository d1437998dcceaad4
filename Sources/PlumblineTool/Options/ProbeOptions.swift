import ArgumentParser
import Plumbline

/// Which probes are fitted, on what, and how they are controlled.
struct ProbeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Layers such as 0,3-6, or all.", valueName: "list"))
  var layers: LayerList?

  @Option(
    help: ArgumentHelp(
      "Methods, separated by commas; see `plumbline methods`.", valueName: "a,b"))
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
    name: .customLong("where"),
    help: ArgumentHelp(
      "Use only the samples with this value of their categories or another attribute, in --test dumps "
        + "too.", valueName: "attribute=value"))
  var selection: String?

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 0

  func validate() throws {
    if folds != nil, splitRows {
      throw ValidationError("--folds and --split-rows exclude each other")
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
    if let folds { experiment.partition = .folds(folds) }
    if splitRows { experiment.partition = .rows(testFraction: Split.defaultTestFraction) }
    if let selection {
      let (attribute, value) = try Self.pair(selection, option: "--where", form: "attribute=value")
      experiment.selection = try SampleSelection(dump, where: attribute, is: value)
    }
    return experiment
  }

  private func methods() throws -> [any Probe] {
    var assignments: [String: [String: String]] = [:]
    let names = method.split(separator: ",").map(String.init)
    for setting in settings {
      let (name, value) = try Self.pair(setting, option: "--set", form: "method.setting=value")
      guard let dot = name.firstIndex(of: ".") else {
        throw ToolFailure(.usage, "--set \(setting) names no method; write method.setting=value")
      }
      let method = String(name[..<dot])
      guard names.contains(method) else {
        throw ToolFailure(
          .usage, "--set \(setting) is for \(method), which --method does not name")
      }
      assignments[method, default: [:]][String(name[name.index(after: dot)...])] = value
    }
    return try names.map { name in
      try ProbeFactory.probe(
        named: name, overrides: compatibility?.overrides[name] ?? [:],
        assignments: assignments[name] ?? [:])
    }
  }

  private static func pair(_ text: String, option: String, form: String) throws -> (String, String)
  {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw ToolFailure(.usage, "\(option) \"\(text)\" should have the form \(form)")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }
}
