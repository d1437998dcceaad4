import Foundation
import Plumbline

/// The exact silhouette by float64 products, against scikit-learn's by float32 ones.
struct SilhouetteBenchmark: Benchmark, Contestant {
  static let name = "silhouette"
  private static let targetRatio = 2.0
  private static let tolerance = 1e-4

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_cluster_data", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("silhouette", on: folder))
      }
      let comparison = try Comparison(ours: ours, peer: peer)
      let difference = comparison.largestRelativeDifference
      return BenchmarkRow(
        claim: "Exact silhouette: (10000, 4096) float32 in memory, two classes",
        ours: Quantity.seconds(comparison.ours.seconds),
        peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName
          + " silhouette_score",
        ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
        peakMemory: comparison.peakMemory, target: "≥ 2×",
        isMet: comparison.ratio >= Self.targetRatio && difference <= Self.tolerance,
        remarks: [
          "Ours multiplies in float64, scikit-learn in float32; the values differ by "
            + Quantity.scientific(difference) + ", relatively."
        ])
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let data = try ClusterData(in: folder)
    let points = try LabelledPoints(
      try ArrayFile.matrix("\(folder)/activations.npy"), labels: data.labels)
    let watch = Stopwatch()
    let value = try SilhouetteIndex().value(of: points)
    return ContestantReport(
      seconds: watch.seconds, cpuSeconds: watch.cpuSeconds, values: [value.doubleValue],
      versions: [:])
  }
}
