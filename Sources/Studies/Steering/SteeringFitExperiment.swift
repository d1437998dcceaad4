public import Activations
internal import Evaluation
internal import LinearAlgebra
public import Steering

/// Extracts steering vectors layer by layer, and says how far to trust each.
///
/// Vectors are learned from training samples; how well they tell the two sides apart is measured on held-out ones,
/// beside random directions.
public struct SteeringFitExperiment: Sendable {
  /// The dump.
  public var dump: ActivationDump
  /// The methods with their settings.
  public var methods: [any SteeringMethod]
  /// The layers, in order.
  public var layers: [Int]
  /// Which samples are used.
  public var selection: SampleSelection
  /// Which states are the positive side.
  public var sides = SteeringSides.stored
  /// How samples are cut into training and held-out ones.
  public var partition = Partition.holdout(testFraction: 0.4)
  /// Into how many blocks groups are cut for the cone of each direction; no cone with 0.
  public var coneBlockCount = 10
  /// How many random directions are read for comparison; none with 0.
  public var randomDirectionCount = 100
  /// The seed of the split and of what methods draw.
  public var seed: UInt64 = 0
  /// The level of intervals.
  public var level = 0.95

  /// The methods that are fitted if none are named: those that can read the dump's states.
  ///
  /// - Parameter dump: The dump.
  /// - Returns: Names of methods; components of pair differences only where there are pairs.
  public static func defaultMethods(for dump: ActivationDump) -> [String] {
    let pairs =
      SteeringSource(dump: dump, sides: .stored).hasPairs
      ? [PairwiseComponentSteering.identifier] : []
    return [DifferenceOfMeansSteering.identifier] + pairs + [LogisticSteering.identifier]
  }

  /// Creates an experiment over all samples and layers of a dump.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - methods: The methods with their settings.
  public init(dump: ActivationDump, methods: [any SteeringMethod]) {
    self.dump = dump
    self.methods = methods
    layers = Array(0..<max(dump.layerCount, 1))
    selection = SampleSelection(all: dump)
  }

  /// Runs the experiment.
  ///
  /// - Parameters:
  ///   - cancellation: Ends the run after the layer in hand; what is done is returned.
  ///   - progress: Called after each layer.
  /// - Returns: What was found.
  /// - Throws: `ActivationsError`, `SteeringError` or ``StudyError`` for data or settings that cannot be used.
  public func run(
    cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (ExperimentProgress) -> Void = { _ in }
  ) throws -> SteeringFitOutcome {
    let source = SteeringSource(dump: dump, sides: sides)
    try source.check()
    let names = try methodNames()
    guard case .holdout = partition else {
      throw StudyError.usage("steering vectors are learned from one split; give a test fraction")
    }
    let cut = try partition.cuts(of: selection, in: dump, seed: seed)[0]
    let counter = ProgressCounter(total: layers.count, report: progress)
    var cells: [SteeringCell] = []
    var isComplete = true
    for layer in layers {
      if cancellation.isCancelled {
        isComplete = false
        break
      }
      let training = try source.states(layer: layer, samples: cut.train)
      let test = try source.states(layer: layer, samples: cut.test)
      let measurer = SteeringMeasurer(
        training: training, test: test, layer: layer, seed: seed, level: level,
        coneBlockCount: coneBlockCount, randomDirectionCount: randomDirectionCount,
        isPostNorm: dump.manifest.finalLayer == .postNorm && layer == dump.layerCount - 1)
      let control = try measurer.control()
      for (method, name) in zip(methods, names) {
        cells.append(try measurer.cell(of: method, named: name, control: control))
      }
      counter.advance()
    }
    return SteeringFitOutcome(
      dump: dump, methods: names, hasPairs: source.hasPairs, trainCount: cut.train.count,
      testCount: cut.test.count, selection: selection.summary, settings: try settings(),
      seed: seed, cells: SteeringFitOutcome.withNeighbours(cells), isComplete: isComplete)
  }

  private func methodNames() throws -> [MethodName] {
    guard !methods.isEmpty else { throw StudyError.usage("no steering method was chosen") }
    var seen: Set<MethodName> = []
    return try methods.map { method in
      let name = try SteeringFactory.name(of: method)
      guard seen.insert(name).inserted else {
        throw StudyError.usage("the method \(name) was asked for twice; name each method once")
      }
      return name
    }
  }

  private func settings() throws -> [String: SettingValue] {
    var resolved: [String: SettingValue] = [:]
    for method in methods {
      resolved[try SteeringFactory.name(of: method).description] = try Settings.resolved(method)
    }
    return [
      "methods": .object(resolved), "layers": .list(layers.map { .integer($0) }),
      "sides": .string(sides.rawValue), "split": .string(partition.summary(in: dump)),
      "where": selection.summary.map { .string($0) } ?? .null, "seed": .string("\(seed)"),
      "coneBlockCount": .integer(coneBlockCount),
      "randomDirectionCount": .integer(randomDirectionCount), "level": .number(level),
    ]
  }
}
