import Plumbline

/// Feature gaps of three features at the 26 eligible layers of 33, read from a float16 dump, against the released way by
/// scikit-learn.
struct FeatureGapsBenchmark: Benchmark, Contestant {
  static let name = "feature-gaps-fit"
  private static let targetRatio = 10.0
  /// Components of the peer are approximate, so that ranks of single answers may differ.
  private static let tolerance = 1e-2

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_feature_gaps", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("feature_gaps", on: folder))
      }
      let comparison = try Comparison(ours: ours, peer: peer)
      return BenchmarkRow(
        claim: "Feature gaps fit: 3 features × 33 layers × 256 samples × width 4096, float16 dump",
        ours: Quantity.seconds(comparison.ours.seconds),
        peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName
          + " PCA(1) and 1000 shuffles a layer",
        ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
        peakMemory: comparison.peakMemory, target: "≥ 10×",
        isMet: comparison.ratio >= Self.targetRatio
          && comparison.largestRelativeDifference <= Self.tolerance,
        remarks: [
          "The peer spends \(comparison.peer.note ?? ""); its components are approximate, and areas at the "
            + "chosen layers differ by \(Quantity.scientific(comparison.largestRelativeDifference)), relatively."
        ])
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let watch = Stopwatch()
    let dump = try ActivationDump.open(folder)
    let labels = dump.labels ?? []
    let fitted = try FeatureGaps().fit(
      contrasts: try FeatureContrasts(dump),
      validation: try JudgedAnswers(states: try LayeredStates(dump), labels: labels))
    let confidence = try fitted.scores(of: try LayeredStates(dump)).logits
    let area = try AreaUnderROC.value(scores: confidence, labels: labels.map { $0 == 1 })
    return ContestantReport(
      seconds: watch.seconds, cpuSeconds: watch.cpuSeconds,
      values: fitted.features.map(\.choice.areaUnderROC) + [area], versions: [:])
  }
}
