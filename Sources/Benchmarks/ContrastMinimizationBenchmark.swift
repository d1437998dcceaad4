import Foundation
import Plumbline

/// The contrast-consistent loss minimised by L-BFGS, against the published loop from equal starts.
///
/// The two are different estimators: what is compared is the time until the training loss is small.
struct ContrastMinimizationBenchmark: Benchmark, Contestant {
  static let name = "contrast-minimization"
  private static let targetRatio = 100.0
  private static let targetLoss = 1e-5

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_contrast_data", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("contrast_training", on: folder))
        ours.append(try workspace.runContestant(Self.self, on: folder))
      }
      return row(try Comparison(ours: ours, peer: peer))
    }
  }

  private func row(_ comparison: Comparison) -> BenchmarkRow {
    let losses = (ours: comparison.ours.values, peer: comparison.peer.values)
    let isLow =
      losses.ours.count == losses.peer.count
      && zip(losses.ours, losses.peer).allSatisfy { own, other in
        other > Self.targetLoss || own <= Self.targetLoss
      }
    return BenchmarkRow(
      claim: "L-BFGS CCS: 1000 pairs, width 4096, 10 tries, no penalty",
      ours: Quantity.seconds(comparison.ours.seconds),
      peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName
        + ", AdamW, 1000 epochs, one try after another",
      ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
      peakMemory: comparison.peakMemory,
      target: "≥ 100×, loss ≤ 1e-5 wherever AdamW's is",
      isMet: comparison.ratio >= Self.targetRatio && isLow,
      remarks: [
        "L-BFGS is another estimator than AdamW's 1000 epochs, not a faster one: it finds other "
          + "directions. Its losses end at \(Quantity.scientific(losses.ours.max() ?? .nan)) or less, "
          + "AdamW's from \(Quantity.scientific(losses.peer.min() ?? .nan)) to "
          + "\(Quantity.scientific(losses.peer.max() ?? .nan)). "
          + (comparison.ours.note ?? "")
      ])
  }

  static func run(in folder: String) throws -> ContestantReport {
    let pairs = try ContrastData.pairs(in: folder)
    let starts = try ContrastData.starts(in: folder)
    var method = ContrastConsistentSearch()
    method.optimizer = .lbfgs
    method.tries = starts.rowCount
    let watch = Stopwatch()
    let fitted = try method.fit(consume pairs, initialWeights: starts)
    let (seconds, cpuSeconds) = (watch.seconds, watch.cpuSeconds)
    let counts = fitted.minimizations.map { "\($0.iterationCount) (\($0.evaluationCount))" }
    return ContestantReport(
      seconds: seconds, cpuSeconds: cpuSeconds, values: fitted.trainingLosses, versions: [:],
      note: "Steps (evaluations) by try: " + counts.joined(separator: ", ") + ".")
  }
}
