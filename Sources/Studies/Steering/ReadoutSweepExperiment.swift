public import Activations
internal import Evaluation
internal import LinearAlgebra
public import Steering

/// Sweeps a vector over the states of one layer by what is read from them: a sweep for dumps without an unembedding.
///
/// A read-out of the two sides is learned from training samples, and held-out states of the negative side are moved
/// along the vector. It says at what strength they read as positive, how far they are then from states that the model was
/// seen in, and what else is read differently; nothing of what the model would say.
public struct ReadoutSweepExperiment: Sendable {
  /// What is added.
  public enum Source: Sendable {
    /// What a method finds in the training samples.
    case method(any SteeringMethod)
    /// A vector from elsewhere, and what found it.
    case vector([Double], method: String)
  }

  /// The dump.
  public var dump: ActivationDump
  /// What is added.
  public var source: Source
  /// The layer.
  public var layer: Int
  /// The strengths; 0 is put among them.
  public var coefficients = (0...20).map { Double($0) / 10 }
  /// What a coefficient of 1 means for the vector of a method.
  public var unit = CoefficientUnit.raw
  /// Which samples are used.
  public var selection: SampleSelection
  /// Which states are the positive side.
  public var sides = SteeringSides.stored
  /// How samples are cut into training and held-out ones.
  public var partition = Partition.holdout(testFraction: 0.4)
  /// How many random directions of the same length are swept beside it.
  public var randomDirectionCount = 20
  /// The seed of the split and of what is drawn.
  public var seed: UInt64 = 0
  /// The level of intervals.
  public var level = 0.95

  /// Creates an experiment over all samples of a dump.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - source: What is added.
  ///   - layer: The layer.
  public init(dump: ActivationDump, source: Source, layer: Int) {
    self.dump = dump
    self.source = source
    self.layer = layer
    selection = SampleSelection(all: dump)
  }

  /// Runs the experiment.
  ///
  /// - Returns: What was measured.
  /// - Throws: `ActivationsError`, `SteeringError` or ``StudyError`` for data or settings that cannot be used.
  public func run() throws -> ReadoutSweepOutcome {
    let states = SteeringSource(dump: dump, sides: sides)
    try states.check()
    guard case .holdout = partition else {
      throw StudyError.usage("a read-out is learned from one split; give a test fraction")
    }
    let cut = try partition.cuts(of: selection, in: dump, seed: seed)[0]
    let training = try states.states(layer: layer, samples: cut.train)
    let test = try states.states(layer: layer, samples: cut.test)
    let vector = try vector(from: training)
    let length = euclideanNorm(vector.elements.span)
    let swept = SweptVector(
      name: vector.method, layer: layer, norm: length, isMeasured: false)
    let readout = try LinearReadout.logistic(of: training, seed: seed, layer: layer)
    let reference = try ReferenceStates(training.together)
    let moved = test.negative
    func line(_ direction: [Double]) throws -> ReadoutLine {
      ReadoutLine(
        readings: try ReadoutSweep(readout, of: moved, along: direction),
        distances: try reference.distances(of: moved, along: direction))
    }
    let random = (0..<randomDirectionCount).map { draw in
      RandomSteering.unit(
        width: vector.elements.count, draw: UInt64(draw), seed: seed, layer: layer
      ).map { $0 * length }
    }
    return try ReadoutSweepOutcome(
      dump: dump, vector: swept, coefficients: Set(coefficients + [0]).sorted(),
      trainCount: cut.train.count, groups: Grouping(test.negativeGroups),
      line: try line(vector.elements), controls: try random.map(line),
      readingArea: try AreaUnderROC.measure(
        scores: readout.logits(of: test.together),
        labels: test.positiveGroups.map { _ in true } + test.negativeGroups.map { _ in false },
        groups: Grouping(test.positiveGroups + test.negativeGroups), level: level),
      cosine: Steering.cosine(readout.weights, vector.elements),
      drifts: try drifts(of: vector.elements, training: cut.train, states: states),
      settings: resolvedSettings(), seed: seed, level: level,
      flags: readout.isPenaltyChosen
        ? [] : [Flag("penalty-not-chosen", detail: "too few groups to hold some out")])
  }

  private func vector(
    from training: SteeringStates
  ) throws -> (method: String, elements: [Double]) {
    switch source {
    case .vector(let elements, let method):
      guard elements.count == training.width else {
        throw SteeringError.widthMismatch(
          what: "the steering vector", expected: training.width, actual: elements.count)
      }
      guard elements.contains(where: { $0 != 0 }) else {
        throw SteeringError.degenerate(
          method: method, reason: "the vector to be swept is zero")
      }
      return (method, elements)
    case .method(let method):
      let direction = try method.direction(of: training, seed: seed, layer: layer)
      return (try SteeringFactory.name(of: method).description, try direction.vector(in: unit))
    }
  }

  /// How far the vector shifts what else is known about samples: each value of an attribute against its others.
  private func drifts(
    of vector: [Double], training: [Int], states: SteeringSource
  ) throws -> [ReadoutDrift] {
    var drifts: [ReadoutDrift] = []
    for attribute in dump.attributes {
      let values = Set(training.map { attribute.values[$0] }).sorted()
      guard (2...Self.mostValues).contains(values.count) else { continue }
      // Of two values one says all.
      for value in values.count == 2 ? Array(values.suffix(1)) : values {
        let parts = [true, false].map { isValue in
          training.filter { (attribute.values[$0] == value) == isValue }
        }
        guard let sides = try sides(parts, of: states) else { continue }
        let readout = try LinearReadout.logistic(of: sides, seed: seed, layer: layer)
        let logits = readout.logits(of: sides.together)
        let mean = logits.reduce(0, +) / Double(logits.count)
        let variance =
          logits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logits.count)
        guard variance > 0 else { continue }
        drifts.append(
          ReadoutDrift(
            attribute: attribute.name, value: attribute.label(of: value),
            shift: dotProduct(readout.weights.span, vector.span) / variance.squareRoot(),
            sampleCount: training.count))
      }
    }
    return drifts
  }

  /// All states of some samples against all of others; `nil` where a part has too few to be read.
  private func sides(_ parts: [[Int]], of states: SteeringSource) throws -> SteeringStates? {
    guard parts.allSatisfy({ $0.count >= Self.fewestSamples }) else { return nil }
    let sides = try parts.map { samples in
      try states.everyState(layer: layer, samples: samples)
    }
    return try SteeringStates(
      positive: sides[0].activations, negative: sides[1].activations, isPaired: false,
      positiveGroups: sides[0].groups, negativeGroups: sides[1].groups)
  }

  /// An attribute with more values is an identity, and no concept.
  private static let mostValues = 6
  /// What fewer samples share is not read.
  private static let fewestSamples = 5

  private func resolvedSettings() -> [String: SettingValue] {
    [
      "source": "readout", "layer": .integer(layer), "sides": .string(sides.rawValue),
      "unit": .string(unit.rawValue), "split": .string(partition.summary(in: dump)),
      "where": selection.summary.map { .string($0) } ?? .null,
      "randomDirectionCount": .integer(randomDirectionCount), "seed": .string("\(seed)"),
      "level": .number(level),
    ]
  }
}

extension SteeringStates {
  /// The states of both sides, the positive ones first.
  fileprivate var together: Matrix<Float> {
    Matrix(rowCount: count, columnCount: width, elements: positive.elements + negative.elements)
  }
}
