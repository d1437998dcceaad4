import Plumbline

/// Three cluster indices of one layer in a mapped file, against two of them by scikit-learn in memory.
struct ClusterIndicesBenchmark: Benchmark, Contestant {
  static let name = "cluster-indices"
  private static let targetRatio = 5.0
  private static let fileByteCount = 10_000 * 4096 * 4
  private static let memoryLimit = 64 << 20
  private static let tolerance = 1e-6

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_cluster_data", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("cluster_indices", on: folder))
      }
      let comparison = try Comparison(ours: ours, peer: peer)
      let peak = MeasuredRun.minimum(ours).peak
      return BenchmarkRow(
        claim: "Davies–Bouldin, Caliński–Harabasz and Xie–Beni: (10000, 4096) float32, two "
          + "classes, read from a mapped file in two passes",
        ours: Quantity.seconds(comparison.ours.seconds),
        peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName
          + ", the first two of them, in memory",
        ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
        peakMemory: comparison.peakMemory, target: "≥ 5×, < 64 MiB beyond the mapped file",
        isMet: comparison.ratio >= Self.targetRatio
          && peak < Self.fileByteCount + Self.memoryLimit
          && comparison.largestRelativeDifference <= Self.tolerance,
        remarks: [
          "The two indices differ from scikit-learn's by at most "
            + Quantity.scientific(comparison.largestRelativeDifference)
            + ", relatively: of float32 data it takes Davies–Bouldin's distances in float32, and ours "
            + "are float64 sums. Our peak counts the pages of the file that were resident at once; "
            + "the file has \(Quantity.bytes(Self.fileByteCount))."
        ])
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let watch = Stopwatch()
    let data = try ClusterData(in: folder)
    let points = try LabelledPoints(
      try DumpPoints(data.dump, role: .activations, layer: 0), labels: data.labels)
    let measurements = try ClusterMeasurer.measure(points, [.scatter, .ownDistances])
    let values = try [
      DaviesBouldinIndex().value(of: measurements),
      CalinskiHarabaszIndex().value(of: measurements),
    ].map(\.doubleValue)
    let xieBeni = try XieBeniIndex().value(of: measurements).doubleValue
    return ContestantReport(
      seconds: watch.seconds, cpuSeconds: watch.cpuSeconds, values: values, versions: [:],
      note: "Xie–Beni \(xieBeni)")
  }
}
