public import Activations
internal import Evaluation
internal import LinearAlgebra
internal import Optimization
public import Probes

/// Fits probes on a dump layer by layer and measures them on held-out samples, with controls.
///
/// Layers are independent: each draws from its own streams of random numbers, so one layer alone gives
/// the same bytes as in a sweep, and any number of threads gives the same as one.
public struct ProbeExperiment: Sendable {
  /// Which controls run beside a method.
  public enum Controls: String, Sendable, CaseIterable {
    /// None: only the method.
    case none
    /// Random directions, shuffled labels, known attributes and the supervised ceiling.
    case standard = "default"
    /// Those, and how far the probe agrees with the leading principal component.
    case all
  }

  /// The dump that methods are fitted on.
  public var dump: ActivationDump
  /// Dumps that the fitted methods are measured on as well: all samples that ``selection`` chooses there.
  public var testDumps: [ActivationDump] = []
  /// The methods with their settings.
  public var methods: [any Probe]
  /// The layers, in order.
  public var layers: [Int]
  /// Which samples are used.
  public var selection: SampleSelection
  /// How samples are cut into sides.
  public var partition = Partition.holdout(testFraction: Split.defaultTestFraction)
  /// Which controls run.
  public var controls = Controls.standard
  /// The seed of everything random.
  public var seed: UInt64 = 0
  /// How many random directions the control draws.
  public var randomDirectionCount = 1000
  /// How many label permutations give chance and p values.
  public var permutationCount = 1000
  /// The level of intervals.
  public var level = 0.95
  /// The most bytes that layers measured side by side may take.
  public var memoryByteCount = 2 << 30

  /// Creates an experiment over all samples and layers of a dump.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - methods: The methods with their settings.
  public init(dump: ActivationDump, methods: [any Probe]) {
    self.dump = dump
    self.methods = methods
    layers = Array(0..<max(dump.layerCount, 1))
    selection = SampleSelection(all: dump)
  }

  /// Runs the experiment.
  ///
  /// - Parameters:
  ///   - cancellation: Ends the run after the layers in hand; what is done is returned.
  ///   - progress: Called after each layer, from any thread.
  /// - Returns: What was measured.
  /// - Throws: `ActivationsError`, `ProbeError` or ``StudyError`` for data or settings that cannot
  ///   be used.
  /// - Complexity: That of fitting each method once a layer and fold, one layer's samples in memory.
  public func run(
    cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (ExperimentProgress) -> Void = { _ in }
  ) throws -> ProbeOutcome {
    let attempted = selection.attempted(in: dump)
    try checkRequest(samples: attempted.samples)
    let cuts = try partition.cuts(of: attempted, in: dump, seed: seed)
    let blocks = try dump.blocks()
    let otherTests = try testDumps.map { try OtherTest($0, selection: selection) }
    let work = cuts.flatMap { cut in layers.map { (cut, $0) } }
    let counter = ProgressCounter(total: work.count, report: progress)
    let measureLayer: @Sendable (Int) throws -> [ProbeCell]? = { index in
      if cancellation.isCancelled { return nil }
      let (cut, layer) = work[index]
      let cells = try measure(
        layer: layer, cut: cut, groups: blocks.blockOfSample, elsewhere: otherTests)
      counter.advance()
      return cells
    }
    let results =
      fitsSideBySide(cuts)
      ? try Parallel.map(work.count, measureLayer) : try work.indices.map(measureLayer)
    var cells = results.compactMap { $0 }.flatMap { $0 }
    let isComplete = !results.contains { $0 == nil }
    try PermutationTest(permutationCount: permutationCount, seed: seed).apply(
      to: &cells, isComplete: isComplete)
    return ProbeOutcome(
      dump: dump, testDumps: testDumps, methods: try methods.map(ProbeFactory.name),
      selection: selection.summary, settings: try settings(), seed: seed, cells: cells, cuts: cuts,
      remarks: remarks(attempted, otherTests), isComplete: isComplete)
  }

  /// Which samples were left out.
  private func remarks(_ attempted: SampleSelection, _ otherTests: [OtherTest]) -> [String] {
    let leftOut = selection.samples.count - attempted.samples.count
    return [SampleSelection.remark(unattempted: leftOut)].compactMap { $0 }
      + otherTests.compactMap {
        SampleSelection.remark(unattempted: $0.unattemptedCount, of: $0.dump.path)
      }
  }

  /// Refuses requests whose results could not be told apart, or would measure training samples.
  private func checkRequest(samples: [Int]) throws {
    guard !methods.isEmpty else { throw StudyError.usage("no method was chosen") }
    var names: Set<MethodName> = []
    for method in methods {
      let name = try ProbeFactory.name(of: method)
      guard names.insert(name).inserted else {
        throw StudyError.usage("the method \(name) was asked for twice; name each method once")
      }
    }
    try checkStates()
    for other in testDumps {
      if let mismatch = DumpIdentity.mismatch(of: other.manifest, with: dump.manifest) {
        throw StudyError.usage("\(other.path) cannot be tested on: \(mismatch)")
      }
    }
    try checkLabels(of: samples)
    var places: Set<String> = [DumpIdentity.place(of: dump)]
    for other in testDumps where !places.insert(DumpIdentity.place(of: other)).inserted {
      throw StudyError.usage(
        "the dump \(other.path) was given twice; the probes are measured on held-out samples of the "
          + "dump that they are fitted on anyway, so name only other dumps to test on, each once")
    }
  }

  /// Refuses dumps without the hidden states that a method reads, and says what reads those there are.
  private func checkStates() throws {
    for method in methods {
      let type = type(of: method)
      let needed: [ArrayRole] =
        type.input(in: dump) == .contrastPairs ? [.positive, .negative] : [.activations]
      for other in [dump] + testDumps where needed.contains(where: { other.arrays[$0] == nil }) {
        let ready = ProbeCatalog.all.filter { $0.missingRoles(in: other).isEmpty }
          .map { $0.identifier }
        throw StudyError.invalid(
          "\(type.identifier) needs \(needed.map(\.identifier).joined(separator: " and ")), which "
            + "\(other.path) does not have; "
            + (ready.isEmpty
              ? "no probe can be fitted on it: export activations, or positive and negative"
              : "what can be fitted on it is --method \(ready.joined(separator: ","))"))
      }
    }
  }

  /// Refuses labels of other classes than two, and opposites of one class, wherever a split puts them.
  private func checkLabels(of samples: [Int]) throws {
    guard let labels = dump.labels else { return }
    let chosen = Set(samples)
    for sample in samples where labels[sample] != 0 && labels[sample] != 1 {
      throw StudyError.invalid(
        "probes tell label 1 from label 0, but sample \(sample) of \(dump.path) has label "
          + "\(labels[sample]); write labels of 0 and 1, or choose the samples of two classes")
    }
    guard let opposites = dump.opposites,
      let method = methods.first(where: { type(of: $0).needsOpposites })
    else { return }
    for sample in samples {
      guard let opposite = opposites[sample], chosen.contains(opposite),
        labels[sample] == labels[opposite]
      else { continue }
      throw ProbeError.oppositesOfOneClass(
        method: type(of: method).identifier, sample: sample, opposite: opposite,
        label: labels[sample])
    }
  }

  /// Whether as many layers as there are threads fit into memory at once.
  private func fitsSideBySide(_ cuts: [TrainTest]) -> Bool {
    let samples = cuts.map { $0.train.count + $0.test.count }.max() ?? 0
    // Two sides in float32, and a normalised copy of them.
    let layerByteCount = 4.0 * Double(samples) * Double(dump.width * MemoryLayout<Float>.size)
    return layerByteCount * Double(Parallel.threadCount) <= Double(memoryByteCount)
  }

  /// The samples of another dump that fitted methods are measured on.
  private struct OtherTest: Sendable {
    let dump: ActivationDump
    let samples: [Int]
    let groups: [Int]
    let unattemptedCount: Int

    init(_ dump: ActivationDump, selection: SampleSelection) throws {
      self.dump = dump
      let matching = try selection.matching(in: dump)
      samples = matching.attempted(in: dump).samples
      unattemptedCount = matching.samples.count - samples.count
      let blockOfSample = try dump.blocks().blockOfSample
      groups = samples.map { blockOfSample[$0] }
    }
  }

  private func measure(
    layer: Int, cut: TrainTest, groups: [Int], elsewhere otherTests: [OtherTest]
  ) throws -> [ProbeCell] {
    var cells: [ProbeCell] = []
    for input in ProbeInput.allCases {
      let methods = methods.filter { type(of: $0).input(in: dump) == input }
      guard !methods.isEmpty else { continue }
      let measurer = ProbeMeasurer(
        layer: layer, fold: cut.name, trainPath: dump.path, seed: seed, level: level)
      let source = ProbeSource(dump: dump, layer: layer, input: input)
      let training = try source.data(cut.train)
      let test = try source.data(cut.test)
      let dataFlags = flags(of: cut, training: training, test: test)
      for method in methods {
        let testGroups = cut.test.map { groups[$0] }
        let name = try ProbeFactory.name(of: method)
        let fitted: any FittedProbe
        do {
          fitted = try fit(method, training, layer: layer)
        } catch {
          guard case .noDirection(_, let reason) = error else { throw error }
          cells.append(
            try measurer.undefined(
              reason, method: name, isOriented: method.learnsFromLabels, on: test, of: dump,
              groups: testGroups, flags: dataFlags))
          continue
        }
        var cell = try measurer.measure(
          fitted, method: name, on: test, of: dump, groups: testGroups)
        cell.flags = dataFlags + cell.flags
        if controls != .none {
          let runner = ProbeControlRunner(
            experiment: self, measurer: measurer, method: method, training: training, test: test)
          try runner.addControls(to: &cell)
        }
        cells.append(cell)
        for other in otherTests {
          cells.append(
            try measureElsewhere(
              fitted, name, measurer, on: other, input: input, training: training))
        }
      }
    }
    return cells
  }

  /// What is wrong with the data before any method sees them.
  private func flags(of cut: TrainTest, training: ProbeData, test: ProbeData) -> [Flag] {
    var flags: [Flag] = []
    if training.isConstant {
      flags.append(Flag("constant-layer", detail: "every training sample has the same activations"))
    } else {
      flags += repetitionFlags(training: training, test: test)
    }
    if cut.leakedTestCount > 0 {
      flags.append(
        Flag(
          "leaking-split",
          detail: "\(cut.leakedTestCount) of \(cut.test.count) test samples have a partner among "
            + "the training samples"))
    }
    return flags
  }

  /// Whether test samples have the very activations of training samples.
  private func repetitionFlags(training: ProbeData, test: ProbeData) -> [Flag] {
    let known = Set(training.fingerprints)
    let repeatedCount = test.fingerprints.count { known.contains($0) }
    guard repeatedCount > 0 else { return [] }
    return [
      Flag(
        "duplicated-rows",
        detail: "\(repeatedCount) of \(test.sampleCount) test samples repeat a training sample "
          + "exactly; put duplicates in one group")
    ]
  }

  private func measureElsewhere(
    _ fitted: any FittedProbe, _ method: MethodName, _ measurer: ProbeMeasurer,
    on other: OtherTest, input: ProbeInput, training: ProbeData
  ) throws -> ProbeCell {
    let data = try ProbeSource(dump: other.dump, layer: measurer.layer, input: input)
      .data(other.samples)
    var cell = try measurer.measure(
      fitted, method: method, on: data, of: other.dump, groups: other.groups)
    cell.flags = repetitionFlags(training: training, test: data) + cell.flags
    return cell
  }

  private func fit(_ method: some Probe, _ training: ProbeData, layer: Int) throws(ProbeError)
    -> any FittedProbe
  {
    try method.fit(training, seed: seed, layer: layer)
  }

  /// Every setting with its resolved value.
  private func settings() throws(EvaluationError) -> [String: SettingValue] {
    var resolved: [String: SettingValue] = [:]
    for method in methods {
      resolved[try ProbeFactory.name(of: method).description] =
        try ProbeFactory.resolvedSettings(of: method)
    }
    return [
      "methods": .object(resolved), "layers": .list(layers.map { .integer($0) }),
      "partition": .string(partition.summary(in: dump)), "controls": .string(controls.rawValue),
      "where": selection.summary.map { .string($0) } ?? .null, "seed": .string("\(seed)"),
      "randomDirectionCount": .integer(randomDirectionCount),
      "permutationCount": .integer(permutationCount), "level": .number(level),
    ]
  }
}
