import Foundation
import Plumbline

/// The pairwise component of one layer, and every other method of the catalogue, against scikit-learn's PCA.
struct SteeringExtractionBenchmark: Benchmark, Contestant {
  static let name = "steering-extraction"
  private static let targetRatio = 3.0
  private static let tolerance = 1e-6

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_steering_pairs", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("steering_component", on: folder))
      }
      let comparison = try Comparison(ours: ours, peer: peer)
      return BenchmarkRow(
        claim: "First pairwise component: 2000 pairs, width 4096, float32, one layer",
        ours: Quantity.seconds(comparison.ours.seconds),
        peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName + " PCA(1)",
        ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
        peakMemory: comparison.peakMemory, target: "≥ 3×",
        isMet: comparison.ratio >= Self.targetRatio
          && comparison.largestRelativeDifference <= Self.tolerance,
        remarks: [
          "The cosines of both sides' components to the difference of means differ by "
            + Quantity.scientific(comparison.largestRelativeDifference)
            + ", relatively. Other methods on the same layer, without diagnostics: "
            + (comparison.ours.note ?? "") + "."
        ])
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let states = try SteeringStates(
      positive: try ArrayFile.matrix("\(folder)/positive.npy"),
      negative: try ArrayFile.matrix("\(folder)/negative.npy"))
    let watch = Stopwatch()
    let component = try PairwiseComponentSteering().axis(of: states, seed: 0, layer: 0).vector
    let (seconds, cpuSeconds) = (watch.seconds, watch.cpuSeconds)
    var times: [String] = []
    for type in SteeringCatalog.all where type != PairwiseComponentSteering.self {
      times.append("\(type.identifier) " + (try time(type, on: states)))
    }
    return ContestantReport(
      seconds: seconds, cpuSeconds: cpuSeconds,
      values: [abs(cosine(component, states.differenceOfMeans))], versions: [:],
      note: times.joined(separator: ", "))
  }

  private static func time(
    _ type: any SteeringMethod.Type, on states: SteeringStates
  ) throws -> String {
    // There are fewer pairs than features, which a discriminant needs a ridge for.
    let ridge: SettingValue = type == DiscriminantSteering.self ? ["ridge": 0.01] : [:]
    func run<Method: SteeringMethod>(_ type: Method.Type) throws -> String {
      let method = try Settings.decode(type, overrides: ridge)
      let watch = Stopwatch()
      _ = try method.axis(of: states, seed: 0, layer: 0)
      return Quantity.seconds(watch.seconds)
    }
    return try run(type)
  }
}
