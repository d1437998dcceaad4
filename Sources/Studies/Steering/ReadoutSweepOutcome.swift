public import Activations
public import Evaluation
internal import Steering

/// What is read from moving states, and how far they are from known ones.
struct ReadoutLine: Sendable {
  let readings: ReadoutSweep
  let distances: ReferenceDistances
}

/// By how much a vector shifts the reading of something else.
struct ReadoutDrift: Sendable {
  let attribute: String
  let value: String
  /// In standard deviations of that reading over the training states, per unit of the coefficient.
  let shift: Double
  let sampleCount: Int
}

/// The metrics of a sweep of read-outs, by their names in records.
enum ReadoutMetric {
  static let probability = "readout-probability"
  static let flippedShare = "flipped-share"
  static let mahalanobis = "mahalanobis-ratio"
  static let length = "length-ratio"
  static let neighbour = "nearest-neighbour-ratio"
  static let area = "readout-auroc"
  static let cosine = "cosine-to-readout"
  static let slope = "readout-slope"
  static let flip = "flip-coefficient"
  static let drift = "readout-drift"
}

/// What a ``ReadoutSweepExperiment`` measured.
public struct ReadoutSweepOutcome: Outcome {
  /// The dump.
  public let dump: ActivationDump
  /// No other dumps.
  public var testDumps: [ActivationDump] { [] }
  /// Every setting with its resolved value.
  public let settings: [String: SettingValue]
  /// A sweep is measured whole.
  public var isComplete: Bool { true }
  /// It has values.
  public var isEmpty: Bool { false }
  /// What the sweep as a whole is flagged with.
  public var warnings: [String] { flags.map { "\($0)" } }

  let vector: SweptVector
  let trainCount: Int
  let stateCount: Int
  let controlCount: Int
  let flags: [Flag]
  /// One point a coefficient, ascending.
  let points: [SweepPoint]
  /// How well sides are read, how the vector lies to what reads them, and where states flip.
  let summary: [Measurement]
  /// What else is read differently, the largest shift first.
  let drifts: [ReadoutDrift]
  private let seed: UInt64

  init(
    dump: ActivationDump, vector: SweptVector, coefficients: [Double], trainCount: Int,
    groups: Grouping, line: ReadoutLine, controls: [ReadoutLine], readingArea: Measurement,
    cosine: Double, drifts: [ReadoutDrift], settings: [String: SettingValue], seed: UInt64,
    level: Double, flags: [Flag]
  ) throws {
    self.dump = dump
    self.vector = vector
    self.trainCount = trainCount
    self.settings = settings
    self.flags = flags
    self.seed = seed
    self.drifts = drifts.sorted { $0.shift.magnitude > $1.shift.magnitude }
    stateCount = groups.sampleCount
    controlCount = controls.count
    points = try coefficients.map { coefficient in
      try Self.point(
        at: coefficient, line: line, controls: controls, groups: groups, seed: seed, level: level)
    }
    func number(_ metric: String, _ value: Double) -> Measurement {
      Measurement(
        metric: metric, value: .finite(value), sampleCount: groups.sampleCount,
        groupCount: groups.count)
    }
    var area = readingArea
    area.metric = ReadoutMetric.area
    summary = [
      area, number(ReadoutMetric.cosine, cosine),
      number(ReadoutMetric.slope, line.readings.slope),
      try Self.flip(line.readings, groups: groups, seed: seed, level: level),
    ]
  }

  private static func point(
    at coefficient: Double, line: ReadoutLine, controls: [ReadoutLine], groups: Grouping,
    seed: UInt64, level: Double
  ) throws -> SweepPoint {
    func mean(_ values: [Double]) -> Double { SweepCurves.mean(values) }
    func number(_ metric: String, _ value: Double?) -> Measurement {
      Measurement(
        metric: metric, value: value.map { .finite($0) } ?? .undefined("every state is zero"),
        sampleCount: groups.sampleCount, groupCount: groups.count)
    }
    func distances(_ line: ReadoutLine) -> [Measurement] {
      let squares = [coefficient, 0].map {
        mean(line.distances.squaredMahalanobisDistances(at: $0))
      }
      let nearest = [coefficient, 0].map { mean(line.distances.nearestDistances(at: $0)) }
      let lengths = line.distances.lengthRatios(at: coefficient).compactMap { $0 }
      return [
        number(
          ReadoutMetric.mahalanobis,
          squares[1] > 0 ? (squares[0] / squares[1]).squareRoot() : nil),
        number(ReadoutMetric.length, lengths.isEmpty ? nil : mean(lengths)),
        number(ReadoutMetric.neighbour, nearest[1] > 0 ? nearest[0] / nearest[1] : nil),
      ]
    }
    let probabilities = line.readings.probabilities(at: coefficient)
    let interval = try GroupBootstrap(groups: groups, seed: seed).outcomeOfMean(
      probabilities, level: level)
    var flipped = try Accuracy.measure(
      correct: probabilities.map { $0 > 0.5 }, groups: groups, level: level)
    flipped.metric = ReadoutMetric.flippedShare
    let read = Measurement(
      metric: ReadoutMetric.probability, value: .finite(mean(probabilities)),
      interval: interval.interval, sampleCount: groups.sampleCount, groupCount: groups.count,
      flags: interval.flags)
    let random = controls.map { mean($0.readings.probabilities(at: coefficient)) }
    return SweepPoint(
      coefficient: coefficient, measurements: [read, flipped] + distances(line),
      controls: random.isEmpty ? [] : [number(ReadoutMetric.probability, mean(random))])
  }

  /// The median coefficient at which a state of the negative side reads as positive.
  private static func flip(
    _ readings: ReadoutSweep, groups: Grouping, seed: UInt64, level: Double
  ) throws -> Measurement {
    func undefined(_ reason: String) -> Measurement {
      Measurement(
        metric: ReadoutMetric.flip, value: .undefined(reason), sampleCount: groups.sampleCount,
        groupCount: groups.count)
    }
    guard let flips = readings.flipCoefficients else {
      return undefined("the vector does not move the reading")
    }
    guard readings.slope > 0 else {
      return undefined("the vector moves the reading away from the positive side")
    }
    return try Median.measure(
      flips, metric: ReadoutMetric.flip, groups: groups, level: level, seed: seed)
  }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: The points of the sweep by coefficient, then what holds for all, then the drift of other readings.
  public func records(study: String?, analysis: String?) -> [Record] {
    func record(_ measurement: Measurement, coefficient: Double? = nil) -> Record {
      var record = Record(measurement, method: vector.name, layer: vector.layer)
      record.study = study
      record.analysis = analysis
      record.dump = dump.path
      record.coefficient = coefficient
      record.seed = seed
      record.flags += flags.filter { !record.flags.contains($0) }
      return record
    }
    let swept = points.flatMap { point in
      point.measurements.map { record($0, coefficient: point.coefficient) }
        + point.controls.map { measurement in
          var control = record(measurement, coefficient: point.coefficient)
          control.control = RandomSteering.identifier
          return control
        }
    }
    let shifts = drifts.map { drift in
      var shift = record(
        Measurement(
          metric: ReadoutMetric.drift, value: .finite(drift.shift),
          sampleCount: drift.sampleCount, groupCount: 0))
      shift.category = "\(drift.attribute) = \(drift.value)"
      shift.unit = "standard deviations"
      return shift
    }
    return swept + summary.map { record($0) } + shifts
  }
}
