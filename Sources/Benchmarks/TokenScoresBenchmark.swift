import Foundation
import Plumbline

/// Scores of tokens streamed from a file of logits, against reading the file and against PyTorch's log-softmax.
struct TokenScoresBenchmark: Benchmark, Contestant {
  static let name = "token-scores-streaming"
  private static let targetRatio = 1.5
  private static let tolerance = 1e-4
  private static let fileByteCount = 520_000_000
  private static let repeatCount = 5

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    guard try workspace.freeByteCount() > Self.fileByteCount else {
      throw BenchmarkFailure("the disk has less than the 0.5 GB that the logits need")
    }
    return try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_logits", on: folder)
      var ours: [MeasuredRun] = []
      var reading: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        reading.append(try workspace.runPeer("reading", on: folder))
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("token_scores", on: folder))
      }
      let whole = try Comparison(ours: ours, peer: peer)
      let read = try Comparison(ours: ours, peer: reading)
      guard let kurtosisSeconds = try ours.map({ try $0.report() }).compactMap(\.values.last).min()
      else { throw BenchmarkFailure("the streaming reports no time with kurtosis") }
      let differences = zip(whole.ours.values, whole.peer.values).map { abs($0 - $1) / abs($1) }
      let difference = differences.max() ?? .infinity
      let ratio = whole.ours.seconds / read.peer.seconds
      let withKurtosis = kurtosisSeconds / read.peer.seconds
      return BenchmarkRow(
        claim:
          "Normaliser, entropy, margin and self-certainty of (2000, 128,256) float16 logits, 489 MiB, mapped, "
          + "page cache warm",
        ours: Quantity.seconds(whole.ours.seconds) + ", with kurtosis "
          + Quantity.seconds(kurtosisSeconds),
        peer: Quantity.seconds(read.peer.seconds) + ", " + read.peerName
          + " adding up the mapped file on as many threads",
        ratio: Quantity.ratio(ratio) + ", with kurtosis " + Quantity.ratio(withKurtosis),
        cpuTime: read.cpuTime, peakMemory: read.peakMemory, target: "≤ 1.5× of reading",
        isMet: ratio <= Self.targetRatio && difference <= Self.tolerance,
        remarks: [
          "\(whole.peerName) takes \(Quantity.seconds(whole.peer.seconds)), "
            + "\(Quantity.ratio(whole.ratio)), for the same numbers and no kurtosis by log_softmax in float32, "
            + "64 tokens at a time. The means over tokens differ by at most "
            + "\(Quantity.scientific(difference)), relatively."
        ])
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let dump = try ActivationDump.open(
      DumpArguments(files: [.logits: "\(folder)/logits.npy"]))
    let logits = try dump.array(.logits, for: "the benchmark")
    var (best, bestProcessor) = (Double.infinity, Double.infinity)
    var bestWithKurtosis = Double.infinity
    var found: [TokenDistribution] = []
    for _ in 0..<repeatCount {
      var watch = Stopwatch()
      found = try TokenDistribution.read(from: logits)
      best = min(best, watch.seconds)
      bestProcessor = min(bestProcessor, watch.cpuSeconds)
      watch = Stopwatch()
      _ = try TokenDistribution.read(from: logits, includingKurtosis: true)
      bestWithKurtosis = min(bestWithKurtosis, watch.seconds)
    }
    let quantities: [(TokenDistribution) -> Double] = [
      { $0.normalizer }, { $0.entropy }, { $0.meanLogProbability },
      { exp($0.largestLogProbability) - exp($0.secondLogProbability) },
    ]
    let means = quantities.map { quantity in
      found.reduce(0) { $0 + quantity($1) } / Double(found.count)
    }
    return ContestantReport(
      seconds: best, cpuSeconds: bestProcessor, values: means + [bestWithKurtosis], versions: [:])
  }
}
