import Foundation
import Plumbline

/// Label permutations of three indices, against the matrix product that they need, in one process.
struct PermutationBenchmark: Benchmark, Contestant {
  static let name = "label-permutations"
  private static let targetRatio = 1.3
  private static let permutationCount = 1000
  private static let repeatCount = 3

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      var runs: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        runs.append(try workspace.runContestant(Self.self, on: folder))
      }
      let costs = try runs.map { try Costs($0.report()) }
      guard let ours = costs.map(\.seconds).min(), let peer = costs.map(\.productSeconds).min(),
        let cpu = costs.map(\.cpuSeconds).min(), let peerCPU = costs.map(\.productCPU).min(),
        let differences = costs.map(\.largestDifference).max()
      else { throw BenchmarkFailure("no side ran") }
      return BenchmarkRow(
        claim: "1000 label permutations of F_u, CH and XB: 10,000 × 4096 float32, two classes",
        ours: Quantity.seconds(ours),
        peer: Quantity.seconds(peer)
          + ", Plumbline's own product of (1000, 10000) and (10000, 4096) in float32",
        ratio: Quantity.ratio(peer / ours) + " (CPU " + Quantity.ratio(peerCPU / cpu) + ")",
        cpuTime: Quantity.seconds(cpu) + " / " + Quantity.seconds(peerCPU),
        peakMemory: Quantity.bytes(MeasuredRun.minimum(runs).peak) + " / same process",
        target: "≤ 1.3 times the product", isMet: ours <= Self.targetRatio * peer,
        remarks: [
          "The peer is the part that cannot be left out, not another library. Drawing the permutations, "
            + "reading and centring the points and evaluating the indices are ours. F under one "
            + "permutation agrees with float64 sums to \(Quantity.scientific(differences)) of its value."
        ])
    }
  }

  /// What the contestant reports: its own cost, and in its values that of the product and a check.
  private struct Costs {
    let (seconds, cpuSeconds): (Double, Double)
    let (productSeconds, productCPU): (Double, Double)
    let largestDifference: Double

    init(_ report: ContestantReport) throws {
      guard report.values.count == 3 else { throw BenchmarkFailure("the costs are incomplete") }
      (seconds, cpuSeconds) = (report.seconds, report.cpuSeconds)
      (productSeconds, productCPU) = (report.values[0], report.values[1])
      largestDifference = report.values[2]
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let matrix = activations()
    let points = try LabelledPoints(matrix, labels: (0..<matrix.rowCount).map { $0 % 2 })
    let measurements = try ClusterMeasurer.measure(points, [.scatter])
    let weights = Matrix<Float>(rowCount: permutationCount, columnCount: matrix.rowCount) {
      Float(($0 ^ $1) & 1)
    }
    var (best, bestProduct) = (Cost(), Cost())
    var difference = 0.0
    for _ in 0..<repeatCount {
      let productWatch = Stopwatch()
      let sums = product(of: weights.view, and: matrix.view)
      bestProduct.note(productWatch)
      guard sums.rowCount == permutationCount else { throw BenchmarkFailure("no product") }
      let watch = Stopwatch()
      let labels = try PermutedLabels(of: points, permutationCount: permutationCount, seed: 1)
      let permuted = try ScatterPermutation.scatters(
        of: points, measured: measurements, under: labels)
      let layer = ClusterPermutationTest.Layer(observed: measurements, permuted: permuted)
      _ = try ClusterPermutationTest.test(
        DebiasedSeparationIndex(debiasing: .bySample), on: [layer])
      _ = try ClusterPermutationTest.test(CalinskiHarabaszIndex(), on: [layer])
      _ = try ClusterPermutationTest.test(XieBeniIndex(), on: [layer])
      best.note(watch)
      difference = max(difference, try error(of: permuted, labels, matrix))
    }
    return ContestantReport(
      seconds: best.seconds, cpuSeconds: best.cpuSeconds,
      values: [bestProduct.seconds, bestProduct.cpuSeconds, difference], versions: [:], note: nil)
  }

  /// The best of repeats.
  private struct Cost {
    var seconds = Double.infinity
    var cpuSeconds = Double.infinity

    mutating func note(_ watch: Stopwatch) {
      (seconds, cpuSeconds) = (min(seconds, watch.seconds), min(cpuSeconds, watch.cpuSeconds))
    }
  }

  private static func activations() -> Matrix<Float> {
    var generator = SeededGenerator(seed: 12)
    return Matrix(rowCount: 10_000, columnCount: 4096) { row, column in
      Float(generator.nextNormal()) + (row & column & 1 == 1 ? 0.05 : 0) + Float(column % 5)
    }
  }

  /// How far F under the first permutation is from its float64 evaluation, over its value.
  private static func error(
    of permuted: PermutedScatters, _ labels: PermutedLabels, _ matrix: Matrix<Float>
  ) throws -> Double {
    let relabelled = try LabelledPoints(matrix, labels: labels.permutation.permutedLabels(0))
    let exact = try ClusterMeasurer.measure(relabelled, [.scatter]).scatter
    let ratio = permuted[0].between / permuted[0].within
    return abs(ratio / (exact.between / exact.within) - 1)
  }
}
