public import Activations
internal import Evaluation
internal import Probes

/// Measures saved probes on a dump that they were not fitted on.
public struct ProbeApplication: Sendable {
  /// The saved probes.
  public var saved: SavedProbes
  /// The dump to score.
  public var dump: ActivationDump
  /// The layers; by default all that a probe was saved for.
  public var layers: [Int]
  /// The seed of intervals and permutations.
  public var seed: UInt64 = 0
  /// How many label permutations give chance and p values.
  public var permutationCount = 1000
  /// The level of intervals.
  public var level = 0.95
  /// Digests of files that have been read before, by which the probes' own dump is known.
  public var digests = FileDigests()

  /// Prepares to score a whole dump.
  ///
  /// - Parameters:
  ///   - saved: The saved probes.
  ///   - dump: The dump.
  public init(saved: SavedProbes, dump: ActivationDump) {
    self.saved = saved
    self.dump = dump
    layers = Set(saved.probes.map(\.layer)).sorted()
  }

  /// Scores the dump.
  ///
  /// - Parameters:
  ///   - cancellation: Ends the run after the probe in hand.
  ///   - progress: Called after each probe.
  /// - Returns: What was measured.
  /// - Throws: ``StudyError`` if no probe was saved for the layers, `ActivationsError` or
  ///   `ProbeError` for a dump that the probes do not fit.
  public func run(
    cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (ExperimentProgress) -> Void = { _ in }
  ) throws -> ProbeOutcome {
    let chosen = saved.probes.filter { layers.contains($0.layer) }
    guard !chosen.isEmpty else {
      throw StudyError.usage(
        "no probe was saved for layers \(layers); there are "
          + "\(Set(saved.probes.map(\.layer)).sorted())")
    }
    let samples = SampleSelection(all: dump).attempted(in: dump).samples
    let blockOfSample = try dump.blocks().blockOfSample
    let groups = samples.map { blockOfSample[$0] }
    let unattempted = SampleSelection.remark(unattempted: dump.sampleCount - samples.count)
    let isTrainingDump = isTrainingDump
    let counter = ProgressCounter(total: chosen.count, report: progress)
    var cells: [ProbeCell] = []
    for probe in chosen {
      if cancellation.isCancelled { break }
      let measurer = ProbeMeasurer(
        layer: probe.layer, fold: probe.fold, trainPath: saved.origin.dump, seed: seed, level: level
      )
      let source = ProbeSource(
        dump: dump, layer: probe.layer,
        input: try ProbeCatalog.probe(named: probe.method).input(in: dump))
      var cell = try measurer.measure(
        probe.fitted, method: probe.name, on: try source.data(samples),
        of: dump, groups: groups)
      if isTrainingDump {
        cell.flags.append(
          Flag(
            "includes-training-samples",
            detail: "the probe was fitted on samples of this dump, so its numbers are too good"))
      }
      cells.append(cell)
      counter.advance()
    }
    let isComplete = cells.count == chosen.count
    try PermutationTest(permutationCount: permutationCount, seed: seed).apply(
      to: &cells, isComplete: isComplete)
    var methods: [MethodName] = []
    for probe in saved.probes where !methods.contains(probe.name) { methods.append(probe.name) }
    return ProbeOutcome(
      dump: dump, testDumps: [], methods: methods, selection: nil,
      settings: [
        "probes": .string(saved.origin.dump), "layers": .list(layers.map { .integer($0) }),
        "seed": .string("\(seed)"), "permutationCount": .integer(permutationCount),
        "level": .number(level),
      ],
      seed: seed, cells: cells, cuts: [], remarks: unattempted.map { [$0] } ?? [],
      isComplete: isComplete)
  }

  /// Whether the probes were fitted on samples of the dump.
  ///
  /// The contents decide, not the path: the dump may have been copied, or exported anew in its place.
  /// Only where the probes do not know the contents of theirs is it the path.
  private var isTrainingDump: Bool {
    saved.origin.fingerprint?.isShared(with: dump, digests: digests)
      ?? (DumpIdentity.place(of: saved.origin.dump) == DumpIdentity.place(of: dump))
  }
}
