import ArgumentParser
import Foundation
import Plumbline

/// `plumbline steer rank DUMP…`.
struct SteerRankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank",
    abstract: "Rank layers and methods by what steering along their vectors pays.",
    usage: """
      plumbline steer rank DUMP --vectors NAME.json [options]
      plumbline steer rank SWEEP… [options]
      plumbline steer rank --evaluations FILE.json --blocks COUNT
      """,
    discussion: """
      With --vectors, every saved vector is swept at the last layer of the dump. Without, each dump holds a sweep \
      that was measured on the same prompts. Half of the prompts choose; the best is measured again on the others.

      With --evaluations, the rule by which refusal directions are chosen (Arditi et al. 2024), from scores that were \
      measured by running the model: a JSON list of position, layer, refusal_score, steering_score and kl_div_score.
      """)

  @Argument(help: ArgumentHelp("Dumps of prompts, or of measured sweeps.", valueName: "dump"))
  var dumps: [String] = []

  @Option(help: ArgumentHelp("Vectors saved by steer fit.", valueName: "path"))
  var vectors: String?

  @Option(help: ArgumentHelp("Only the vectors of this method.", valueName: "name"))
  var method: String?

  @Option(help: ArgumentHelp("Only the vectors of these layers, such as 2,4-6.", valueName: "list"))
  var layers: LayerList?

  @Option(
    help: ArgumentHelp(
      "What a coefficient of 1 means for --vectors: raw, distance-of-means, standard-deviation or state-norm.",
      valueName: "unit"))
  var unit = CoefficientUnit.distanceOfMeans

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Coefficients for --vectors, as lowest:highest:count or a list.", valueName: "grid"))
  var coefficients = CoefficientGrid.standard

  @Option(
    help: ArgumentHelp(
      "Rank by efficiency, efficiency-per-divergence or behaviour-at-divergence.",
      valueName: "criterion"))
  var by = SteeringRankingExperiment.Criterion.efficiencyPerDivergence

  @Option(
    help: ArgumentHelp(
      "The divergence at which vectors are compared, in nats.", valueName: "nats"))
  var divergence = 0.1

  @OptionGroup(title: "Prompts") var prompts: PromptOptions

  @Option(
    help: ArgumentHelp("The share of prompts that have no part in the choice.", valueName: "share"))
  var testFraction = 0.5

  @Option(
    help: ArgumentHelp("Scores of refusal directions, measured elsewhere.", valueName: "path"))
  var evaluations: String?

  @Option(help: ArgumentHelp("How many blocks that model has.", valueName: "count"))
  var blocks: Int?

  @Option(help: "The seed of the split and of resampling.")
  var seed: UInt64 = 0

  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Resources") var resources: ResourceOptions

  func validate() throws {
    guard (evaluations == nil) == (blocks == nil) else {
      throw ValidationError("--evaluations and --blocks go together")
    }
    if evaluations != nil {
      guard dumps.isEmpty, vectors == nil else {
        throw ValidationError("--evaluations has all that it needs; leave out dumps and --vectors")
      }
      return
    }
    if dumps.isEmpty { throw ValidationError("Missing expected argument '<dump> ...'") }
    if vectors != nil, dumps.count > 1 {
      throw ValidationError("--vectors are swept over the prompts of one dump")
    }
    if vectors == nil, method != nil || layers != nil {
      throw ValidationError("--method and --layers are for --vectors")
    }
    if !(divergence > 0 && divergence.isFinite) {
      throw ValidationError("--divergence is \(divergence); it is a number above 0")
    }
    if !(testFraction > 0 && testFraction < 1) {
      throw ValidationError("--test-fraction is \(testFraction); it lies between 0 and 1")
    }
  }

  func run() throws {
    resources.apply()
    if let evaluations, let blocks { return try select(evaluations, blockCount: blocks) }
    let opened = try dumps.map { try ActivationDump.open($0) }
    var destinations = Destinations()
    destinations.add(output.output, option: "--output")
    try destinations.check(inputs: opened.flatMap(\.filePaths))
    var experiment = SteeringRankingExperiment(
      source: try vectors.map { try lastLayer(opened[0], $0) } ?? .exported(opened))
    experiment.criterion = by
    experiment.divergence = divergence
    experiment.heldOutFraction = testFraction
    experiment.behaviour = try selection(prompts.behaviour, option: "--behaviour")
    experiment.helpfulness = try selection(prompts.helpfulness, option: "--helpfulness")
    experiment.settings.seed = seed
    try output.deliver(
      ResultPresentation(command: "steer rank", outcomes: [try experiment.run()]),
      quiet: output.quiet)
  }

  private func selection(
    _ text: String?, option: String
  ) throws -> (attribute: String, value: String)? {
    try text.map { try Assignment.pair($0, option: option, form: "attribute=value") }
  }

  private func lastLayer(
    _ dump: ActivationDump, _ path: String
  ) throws -> SteeringRankingExperiment.Source {
    let saved = try ParameterFile.read(SavedVectors.self, kind: SavedVectors.kind, from: path)
    let kept = saved.vectors.filter { vector in
      (method == nil || vector.method == method)
        && (layers?.contains(vector.direction.layer) ?? true)
    }
    guard !kept.isEmpty else {
      let names = Set(saved.vectors.map(\.method)).sorted().joined(separator: ", ")
      throw ToolFailure(
        .usage, "\(path) has vectors of \(names), and none that --method and --layers leave")
    }
    let candidates = try kept.map { vector in
      SteeringRankingExperiment.Candidate(
        method: vector.method, layer: vector.direction.layer,
        vector: try vector.direction.vector(in: unit))
    }
    return .lastLayer(dump, candidates, coefficients: coefficients.values)
  }

  /// Prints what the rule for refusal directions chooses.
  private func select(_ path: String, blockCount: Int) throws {
    guard let json = FileManager.default.contents(atPath: path) else {
      throw ToolFailure(.noInput, "there is no readable file at \(path)")
    }
    let selection = try RefusalDirectionSelection(
      of: try DirectionEvaluation.read(json), layerCount: blockCount)
    let report = RefusalSelectionReport(selection, path: path, blockCount: blockCount)
    switch output.format {
    case .table:
      try output.deliver(report.lines(style: output.style).joined(separator: "\n") + "\n")
    case .json: try output.deliver(try report.document().json())
    case .csv: try output.deliver(CommaSeparatedValues.text(report.records))
    }
  }
}
