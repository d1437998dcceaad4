import Foundation
import Plumbline

/// PRR and AUROC with intervals, against the packages' functions in a loop over resamples.
struct UncertaintyMetricsBenchmark: Benchmark, Contestant {
  static let name = "uncertainty-metrics"
  private static let targetRatio = 20.0
  private static let tolerance = 1e-9
  private static let resampleCount = 1000

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_answers", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("uncertainty_metrics", on: folder))
      }
      let comparison = try Comparison(ours: ours, peer: peer)
      return BenchmarkRow(
        claim: "PRR and AUROC of 2000 answers with 1000 resamples, and 2000 times one left out",
        ours: Quantity.seconds(comparison.ours.seconds),
        peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName
          + ", 1000 resamples alone, chance by the mean",
        ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
        peakMemory: comparison.peakMemory, target: "≥ 20×",
        isMet: comparison.ratio >= Self.targetRatio
          && comparison.largestRelativeDifference <= Self.tolerance,
        remarks: [
          "The peer has the formulas of lm-polygraph 0.7.0 and scikit-learn's roc_auc_score, but not the "
            + "packages' thousand shuffles of every resample. "
            + (comparison.peer.note ?? "") + ". The values differ by "
            + Quantity.scientific(comparison.largestRelativeDifference) + ", relatively. Ours: "
            + (comparison.ours.note ?? "") + "."
        ])
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let uncertainty = try ArrayFile.open("\(folder)/uncertainty.npy").doubles()
    let correct = try ArrayFile.open("\(folder)/correct.npy").doubles()
    let groups = Grouping(ungrouped: correct.count)
    let comparison = UncertaintyComparison(seed: 1, resampleCount: resampleCount)
    let scores = [UncertaintyScore("score", uncertainty)]
    let watch = Stopwatch()
    let evaluation = try comparison.evaluate(
      scores, quality: correct, groups: groups,
      metrics: [PredictionRejectionRatio(), UncertaintyAreaUnderROC()])
    let (seconds, cpuSeconds) = (watch.seconds, watch.cpuSeconds)
    let every = UncertaintyMetricCatalog.all.filter { !$0.needsProbabilities }.map { $0.init() }
    let everyWatch = Stopwatch()
    _ = try comparison.evaluate(scores, quality: correct, groups: groups, metrics: every)
    return ContestantReport(
      seconds: seconds, cpuSeconds: cpuSeconds,
      values: evaluation.entries.compactMap { $0.measurement.value.finiteValue }, versions: [:],
      note: "all \(every.count) metrics of an order take \(Quantity.seconds(everyWatch.seconds))")
  }
}
