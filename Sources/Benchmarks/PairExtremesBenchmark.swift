import Foundation
import Plumbline

/// The certified Dunn index, against its own products alone, scikit-learn's distances and permetrics.
struct PairExtremesBenchmark: Benchmark, Contestant {
  static let name = "pair-extremes"
  private static let largestOverhead = 1.25
  private static let (distanceRatio, dunnRatio) = (2.4, 12.0)
  private static let matrixByteCount = 10_000 * 4096 * 4
  private static let memoryLimit = 256 << 20
  private static let tolerance = 1e-5

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_cluster_data", on: folder)
      var ours: [MeasuredRun] = []
      var products: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        products.append(try workspace.runContestant(PairProductsContestant.self, on: folder))
        peer.append(try workspace.runPeer("pairwise_distances", on: folder))
      }
      let dunn = try workspace.runPeer("dunn", on: folder)
      return try row(
        Comparison(ours: ours, peer: peer), Comparison(ours: products, peer: peer),
        dunn: Comparison(ours: ours, peer: [dunn]), peak: MeasuredRun.minimum(ours).peak)
    }
  }

  private func row(
    _ comparison: Comparison, _ products: Comparison, dunn: Comparison, peak: Int
  ) throws -> BenchmarkRow {
    let overhead = comparison.ours.seconds / products.ours.seconds
    let difference = comparison.largestRelativeDifference
    return BenchmarkRow(
      claim: "Certified Dunn index: (10000, 4096) float32 in memory, two classes",
      ours: Quantity.seconds(comparison.ours.seconds),
      peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName
        + " pairwise_distances",
      ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
      peakMemory: comparison.peakMemory,
      target: "≤ 1.25 × its products, ≥ 2.4×, ≥ 12× permetrics, < 256 MiB beyond the matrix",
      isMet: overhead <= Self.largestOverhead && comparison.ratio >= Self.distanceRatio
        && dunn.ratio >= Self.dunnRatio && difference <= Self.tolerance
        && peak < Self.matrixByteCount + Self.memoryLimit,
      remarks: [
        "The products of the same tiles alone take \(Quantity.seconds(products.ours.seconds)), so "
          + "that everything else makes \(Quantity.ratio(overhead)). permetrics takes "
          + "\(Quantity.seconds(dunn.peer.seconds)), \(Quantity.ratio(dunn.ratio)), for its own "
          + "index without certificate. scikit-learn's distances are float32, and give a Dunn index "
          + "that differs by \(Quantity.scientific(difference)), relatively."
      ])
  }

  static func run(in folder: String) throws -> ContestantReport {
    let data = try ClusterData(in: folder)
    let points = try LabelledPoints(
      try ArrayFile.matrix("\(folder)/activations.npy"), labels: data.labels)
    let watch = Stopwatch()
    let value = try GeneralizedDunnIndex().value(of: points)
    return ContestantReport(
      seconds: watch.seconds, cpuSeconds: watch.cpuSeconds, values: [value.doubleValue],
      versions: [:])
  }
}

/// The products of the tiles that the pairs of points have, and nothing else.
struct PairProductsContestant: Contestant {
  static let name = "pair-products"

  static func run(in folder: String) throws -> ContestantReport {
    let matrix = try ArrayFile.matrix("\(folder)/activations.npy")
    let blocks = (0..<10).map { ($0 * 1000)..<($0 * 1000 + 1000) }
    let pairs = blocks.flatMap { row in
      blocks.filter { $0.lowerBound >= row.lowerBound }.map { (row, $0) }
    }
    var tiles = [Matrix<Float>](repeating: Matrix(rowCount: 1000, columnCount: 1000), count: 4)
    let watch = Stopwatch()
    for batch in stride(from: 0, to: pairs.count, by: tiles.count) {
      Parallel.forEach(in: &tiles) { slot, tile in
        guard batch + slot < pairs.count else { return }
        let (rows, columns) = pairs[batch + slot]
        var target = tile.mutableSpan
        if rows == columns {
          Float.upperSymmetricProduct(
            of: matrix.view(rows: rows), transposed: false, into: &target, rowStride: 1000)
        } else {
          Float.accumulateProduct(
            of: matrix.view(rows: rows), transposed: false, and: matrix.view(rows: columns),
            transposed: true, scale: 1, into: &target, rowStride: 1000, destinationScale: 0)
        }
      }
    }
    return ContestantReport(
      seconds: watch.seconds, cpuSeconds: watch.cpuSeconds, values: [Double(tiles[0][1, 2])],
      versions: [:])
  }
}
