import Foundation
import Plumbline

/// float16 to float32 on one thread, into a destination used again, against NumPy's cast.
struct WideningBenchmark: Benchmark, Contestant {
  static let name = "widening"
  private static let targetRatio = 6.0
  private static let repeatCount = 50

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_halves", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("widening", on: folder))
      }
      let comparison = try Comparison(ours: ours, peer: peer)
      return BenchmarkRow(
        claim: "float16 to float32: 2000 × 4096, one thread, destination used again",
        ours: Quantity.seconds(comparison.ours.seconds),
        peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName + " astype",
        ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
        peakMemory: comparison.peakMemory, target: "≥ 6×",
        isMet: comparison.ratio >= Self.targetRatio
          && comparison.largestRelativeDifference == 0,
        remarks: comparison.peer.note.map { ["NumPy's \($0)."] } ?? [])
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let file = try ArrayFile.open("\(folder)/halves.npy")
    var widened = Matrix<Float>(rowCount: file.layout.shape[0], columnCount: file.layout.shape[1])
    var (best, bestProcessor) = (Double.infinity, Double.infinity)
    file.withBytes { bytes in
      for _ in 0..<repeatCount {
        let watch = Stopwatch()
        var elements = widened.mutableSpan
        Widening.float16(bytes, into: &elements)
        best = min(best, watch.seconds)
        bestProcessor = min(bestProcessor, watch.cpuSeconds)
      }
    }
    let sum = widened.elements.reduce(0) { $0 + Double($1) }
    return ContestantReport(
      seconds: best, cpuSeconds: bestProcessor, values: [sum],
      versions: [:], note: nil)
  }
}
