internal import Activations
internal import Probes
internal import Synchronization

/// Reads the data of one layer as probes want it.
struct ProbeSource: Sendable {
  let dump: ActivationDump
  let layer: Int
  let input: ProbeInput

  /// Some samples of the layer.
  func data(_ samples: [Int]) throws(ActivationsError) -> ProbeData {
    switch input {
    case .contrastPairs:
      .pairs(try dump.contrastPairs(layer: layer, rows: samples, variants: .separatePairs))
    case .rows: .rows(try dump.activations(layer: layer, rows: samples))
    }
  }
}

/// Counts finished pieces of work from any thread.
final class ProgressCounter: Sendable {
  private let total: Int
  private let completed = Mutex(0)
  private let report: @Sendable (ExperimentProgress) -> Void

  init(total: Int, report: @escaping @Sendable (ExperimentProgress) -> Void) {
    self.total = total
    self.report = report
  }

  func advance() {
    completed.withLock { completed in
      completed += 1
      report(
        ExperimentProgress(completedCount: completed, totalCount: total, what: "layers"))
    }
  }
}
