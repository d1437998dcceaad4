public import Activations
internal import Evaluation
internal import Probes
internal import Steering

/// Runs the analyses of a study on its dumps.
public struct StudyRunner: Sendable {
  /// The study.
  public let study: Study
  /// Its dumps by path, each opened once.
  public let dumps: [String: ActivationDump]
  private let memoryByteCount: Int

  /// Opens a study's dumps.
  ///
  /// - Parameters:
  ///   - study: The study.
  ///   - memoryByteCount: The most bytes that layers measured side by side may take.
  /// - Throws: `ActivationsError` if one cannot be opened.
  public init(_ study: Study, memoryByteCount: Int = 2 << 30) throws(ActivationsError) {
    self.study = study
    self.memoryByteCount = memoryByteCount
    var dumps: [String: ActivationDump] = [:]
    for path in study.analyses.flatMap({ [$0.dumpPath] + $0.testPaths }) where dumps[path] == nil {
      dumps[path] = try ActivationDump.open(path)
    }
    self.dumps = dumps
  }

  /// Runs one analysis.
  ///
  /// - Parameters:
  ///   - analysis: One of the study's.
  ///   - cancellation: Ends the run after the layers in hand.
  ///   - progress: Called after each layer.
  /// - Returns: What was measured.
  /// - Throws: As ``ProbeExperiment/run(cancellation:progress:)``, or ``StudyError`` for an analysis that
  ///   does not fit the dump.
  public func run(
    _ analysis: Study.Analysis, cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (ExperimentProgress) -> Void = { _ in }
  ) throws -> any Outcome {
    let dump = try dump(at: analysis.dumpPath)
    guard let layers = LayerList(analysis.layers) else {
      throw StudyError.invalid(
        "analysis \"\(analysis.name)\": layers is \"\(analysis.layers)\"; write all, or numbers and "
          + "ranges such as 0,3-6")
    }
    guard analysis.selection.count <= 1 else {
      throw StudyError.invalid("analysis \"\(analysis.name)\": where chooses by one attribute only")
    }
    let selection = try analysis.selection.first.map {
      try SampleSelection(dump, where: $0.key, is: $0.value)
    }
    if let readout = analysis.sweep?.readout {
      var experiment = ReadoutSweepExperiment(
        dump: dump, source: .method(try SteeringFactory.method(named: readout.method)),
        layer: readout.layer)
      experiment.seed = study.seed
      experiment.sides = readout.sides
      experiment.selection = selection ?? experiment.selection
      return try experiment.run()
    }
    if let request = analysis.sweep {
      var experiment = SteeringSweepExperiment(dump: dump)
      experiment.settings.seed = study.seed
      if let (attribute, value) = request.behaviour {
        experiment.behaviour = try SampleSelection(dump, where: attribute, is: value)
      }
      if let (attribute, value) = request.helpfulness {
        experiment.helpfulness = try SampleSelection(dump, where: attribute, is: value)
      }
      return try experiment.run()
    }
    if let request = analysis.epistemics {
      var experiment = try EpistemicsExperiment(request, dump: dump)
      experiment.seed = study.seed
      experiment.selection = selection ?? experiment.selection
      return try experiment.run(progress: progress)
    }
    if let request = analysis.steering {
      var experiment = SteeringFitExperiment(dump: dump, methods: try request.methods(for: dump))
      experiment.seed = study.seed
      experiment.sides = request.sides
      experiment.layers = try layers.layers(of: dump)
      experiment.selection = selection ?? experiment.selection
      return try experiment.run(cancellation: cancellation, progress: progress)
    }
    if let request = analysis.quality {
      var experiment = try QualityExperiment(request, dump: dump)
      experiment.seed = study.seed
      experiment.memoryByteCount = memoryByteCount
      experiment.layers = try layers.layers(of: dump)
      experiment.selection = selection ?? experiment.selection
      return try experiment.run(cancellation: cancellation, progress: progress)
    }
    var experiment = ProbeExperiment(dump: dump, methods: try methods(of: analysis))
    experiment.testDumps = try analysis.testPaths.map(self.dump(at:))
    experiment.seed = study.seed
    experiment.partition = analysis.compatibility?.partition ?? experiment.partition
    experiment.memoryByteCount = memoryByteCount
    experiment.layers = try layers.layers(of: dump)
    experiment.selection = selection ?? experiment.selection
    return try experiment.run(cancellation: cancellation, progress: progress)
  }

  private func methods(of analysis: Study.Analysis) throws -> [any Probe] {
    try analysis.methods.sorted { $0.key < $1.key }.map { name, settings in
      try ProbeFactory.probe(
        named: name, compatibility: analysis.compatibility, overrides: settings)
    }
  }

  private func dump(at path: String) throws(StudyError) -> ActivationDump {
    guard let dump = dumps[path] else {
      throw .invalid("\(path) is no dump of the study \(study.name)")
    }
    return dump
  }
}
