import ArgumentParser
import Plumbline

/// Which indices are measured, on which points.
struct QualityOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Layers such as 0,3-6, or all.", valueName: "list"))
  var layers: LayerList?

  @Option(
    help: ArgumentHelp(
      "Indices, separated by commas, or variants as METHOD/VARIANT; the first one judges which layer is "
        + "best. See `plumbline methods`.", valueName: "a,b"))
  var method = QualityExperiment.defaultMethods.joined(separator: ",")

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a setting, such as davies-bouldin.dispersionPower=2; may be repeated.",
      valueName: "method.setting=value"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "Follow a peer's conventions in every index that has them: "
        + IndexCompatibility.peers.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "name"))
  var compatibility: IndexCompatibility?

  @Option(
    help: ArgumentHelp(
      "The activations that are points: "
        + PointChoice.Activations.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "name"))
  var points: PointChoice.Activations?

  @Option(
    help: ArgumentHelp(
      "What separates: labels, sides (of contrast pairs), or an attribute of the samples.",
      valueName: "name"))
  var classes = "labels"

  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(
      "Measure the samples with each value of an attribute separately, too, such as category.",
      valueName: "attribute"))
  var category: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Use only the samples with this value of their categories or another attribute.",
      valueName: "attribute=value"))
  var selection: [String] = []

  @Flag(help: "Measure companion geometry, too.")
  var geometry = false

  @Option(
    help: ArgumentHelp(
      "Pool the layers, cross-validated: "
        + PoolingRule.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: ", ")
        + ".",
      valueName: "rule"))
  var pool: PoolingRule?

  @Option(
    help: ArgumentHelp(
      "How far apart --pool hinge wants pairs of the classes.", valueName: "distance"))
  var margin: Double?

  @Option(help: "Label permutations for chance and p values; 0 for none.")
  var permutations = 1000

  @Option(help: "The seed of permutations and folds.")
  var seed: UInt64 = 0

  func validate() throws {
    if selection.count > 1 {
      throw ValidationError(
        "--where chooses by one attribute; it was given \(selection.count) times")
    }
    if permutations < 0 {
      throw ValidationError("--permutations is \(permutations); it is 0 or more")
    }
    if (pool == .hinge) != (margin != nil) {
      throw ValidationError("--pool hinge needs --margin, which is for nothing else")
    }
  }

  /// The experiment that these options describe on a dump.
  func experiment(on dump: ActivationDump, memory: MemorySize) throws -> QualityExperiment {
    var experiment = QualityExperiment(dump: dump, indices: try indices())
    experiment.layers = try layers?.layers(of: dump) ?? experiment.layers
    experiment.points = PointChoice(activations: points, classes: PointChoice.Classes(classes))
    experiment.category = category
    experiment.measuresGeometry = geometry
    experiment.pooling = pool
    experiment.poolingMargin = margin
    experiment.permutationCount = permutations
    experiment.seed = seed
    experiment.memoryByteCount = memory.byteCount
    if let selection = selection.first {
      let (attribute, value) = try Assignment.pair(
        selection, option: "--where", form: "attribute=value")
      experiment.selection = try SampleSelection(dump, where: attribute, is: value)
    }
    return experiment
  }

  private func indices() throws -> [any ClusterIndex] {
    let request = try MethodRequest(method, settings: settings)
    let indices = try request.names.map { name in
      try IndexFactory.index(
        named: name, compatibility: compatibility, assignments: request.assignments(of: name))
    }
    if let compatibility,
      !indices.contains(where: { type(of: $0).compatibilities.contains(compatibility) })
    {
      throw ToolFailure(
        .usage,
        "--compatibility \(compatibility.rawValue) is about no index that --method names; "
          + "`plumbline methods NAME` shows which peers an index can follow")
    }
    return indices
  }
}
