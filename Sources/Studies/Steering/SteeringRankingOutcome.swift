public import Activations
public import Evaluation
internal import Steering

/// What a ``SteeringRankingExperiment`` found.
public struct SteeringRankingOutcome: Outcome {
  /// The dump of the prompts.
  public let dump: ActivationDump
  /// The dumps of the other sweeps.
  public let testDumps: [ActivationDump]
  /// Every setting with its resolved value.
  public let settings: [String: SettingValue]
  /// All vectors are ranked.
  public var isComplete: Bool { true }
  /// There is at least one.
  public var isEmpty: Bool { ranked.isEmpty }
  /// Nothing.
  public var warnings: [String] { [] }

  let criterion: SteeringRankingExperiment.Criterion
  let divergence: Double
  /// The vectors, the best first, on the prompts that choose.
  let ranked: [RankedVector]
  /// The best on the prompts that had no part in the choice; `nil` if none can be called best.
  let heldOut: RankedVector?
  let promptCounts: (chosen: Int, heldOut: Int)
  private let seed: UInt64

  init(
    dump: ActivationDump, testDumps: [ActivationDump],
    criterion: SteeringRankingExperiment.Criterion, divergence: Double, ranked: [RankedVector],
    heldOut: RankedVector?, promptCounts: (chosen: Int, heldOut: Int),
    settings: [String: SettingValue], seed: UInt64
  ) {
    self.dump = dump
    self.testDumps = testDumps
    self.criterion = criterion
    self.divergence = divergence
    self.ranked = ranked
    self.heldOut = heldOut
    self.promptCounts = promptCounts
    self.settings = settings
    self.seed = seed
  }

  /// The method and the layer of the vector that was chosen; `nil` if none can be called best.
  public var best: (method: String, layer: Int?)? {
    heldOut.map { ($0.vector.name, $0.vector.layer) }
  }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: The numbers of each vector by rank, in category `choosing`, then those of the best in category
  ///   `held-out`.
  public func records(study: String?, analysis: String?) -> [Record] {
    func records(_ vector: RankedVector, category: String) -> [Record] {
      vector.measurements.map { measurement in
        var record = Record(
          measurement, method: vector.vector.name, layer: vector.vector.layer)
        record.study = study
        record.analysis = analysis
        record.dump = dump.path
        record.category = category
        record.seed = seed
        record.flags += vector.flags
        return record
      }
    }
    return ranked.flatMap { records($0, category: "choosing") }
      + (heldOut.map { records($0, category: "held-out") } ?? [])
  }
}
