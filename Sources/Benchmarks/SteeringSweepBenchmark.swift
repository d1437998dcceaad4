import Foundation
import Plumbline

/// A sweep of 101 norms at the last layer, against the loop that a PyTorch user writes, and against what cannot be
/// done without: one product and an exponential for each prompt, token and norm.
struct SteeringSweepBenchmark: Benchmark, Contestant {
  static let name = "steering-sweep"
  private static let targetRatio = 20.0
  private static let targetOverhead = 1.3
  private static let targetByteCount = 2 << 30
  private static let tolerance = 1e-4
  private static let coefficients = (0...100).map { Double($0) / 25 - 2 }

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_sweep_dump", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("steering_sweep", on: folder))
      }
      let comparison = try Comparison(ours: ours, peer: peer)
      guard let least = try ours.map({ try $0.report() }).compactMap(\.values.last).min() else {
        throw BenchmarkFailure("the sweep reports no cost of its parts")
      }
      var own = comparison.ours
      own.values.removeLast()
      let difference = zip(own.values, comparison.peer.values).map { abs($0 - $1) / abs($1) }.max()
      let overhead = own.seconds / least
      let peak = MeasuredRun.minimum(ours).peak
      return BenchmarkRow(
        claim: "Norm sweep: 256 prompts × width 4096 × 128,000 tokens × 101 norms",
        ours: Quantity.seconds(own.seconds),
        peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName
          + ", one product a norm",
        ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
        peakMemory: comparison.peakMemory,
        target: "≥ 20×, ≤ 1.3 × its product and exponentials, under 2 GiB",
        isMet: comparison.ratio >= Self.targetRatio && overhead <= Self.targetOverhead
          && peak < Self.targetByteCount && difference ?? .infinity <= Self.tolerance,
        remarks: [
          "\(comparison.peer.note ?? ""), and their time multiplied. The product and one vectorised "
            + "exponential a prompt, token and norm alone take \(Quantity.seconds(least)), of which the sweep "
            + "is \(Quantity.ratio(overhead)). Mean log-probabilities differ by "
            + "\(Quantity.scientific(difference ?? .infinity)), relatively."
        ])
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let dump = try ActivationDump.open(folder)
    let vector = try ArrayFile.open("\(folder)/vector.npy").doubles()
    let samples = Array(0..<dump.sampleCount)
    let states = try dump.activations(layer: 0).activations
    let head = try FinalHead(dump)
    let watch = Stopwatch()
    let sweep = try LastLayerSweep(
      head: head, states: states, answers: try PromptAnswers(dump, samples: samples))
    let found = try sweep.outcomes(along: [vector], coefficients: coefficients)[0]
    let (seconds, cpuSeconds) = (watch.seconds, watch.cpuSeconds)
    let means = stride(from: 0, through: 100, by: 25).map { place in
      samples.reduce(0) { $0 + found.correct[place, $1] } / Double(samples.count)
    }
    return ContestantReport(
      seconds: seconds, cpuSeconds: cpuSeconds,
      values: means + [try leastSeconds(dump, states: states)], versions: [:])
  }

  /// The time of the product with the unembedding, and of as many exponentials as the sweep takes.
  private static func leastSeconds(
    _ dump: ActivationDump, states: Matrix<Float>
  ) throws -> Double {
    guard let unembedding = dump.arrays[.unembedding],
      let vocabulary = unembedding.count(of: .vocabulary)
    else { throw BenchmarkFailure("the dump has no unembedding") }
    let watch = Stopwatch()
    for first in stride(from: 0, to: vocabulary, by: 1024) {
      let tokens = Array(first..<min(first + 1024, vocabulary))
      let rows = try unembedding.matrix(rows: .vocabulary, at: tokens, columns: .width)
      let logits = product(of: states.view, and: rows.view, rightTransposed: true)
      Parallel.forEach(states.rowCount) { prompt in
        var values = logits.row(prompt)
        for _ in coefficients {
          var span = values.mutableSpan
          Elementwise.exponential(&span)
          // So that arguments stay in the usual range, and nothing can be left out.
          values[0] = -1
        }
      }
    }
    return watch.seconds
  }
}
