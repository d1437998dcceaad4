import Plumbline

/// Indices of all layers of a dump, against widening the same file once.
struct AllLayersBenchmark: Benchmark, Contestant {
  static let name = "all-layers"
  private static let targetRatios = (rootMeanSquare: 2.5, mean: 5.0)
  private static let fileByteCount = 2_800_000_000
  private static let repeatCount = 3

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    guard try workspace.freeByteCount() > Self.fileByteCount else {
      throw BenchmarkFailure("the disk has less than the 2.8 GB that the dump needs")
    }
    return try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_layers", on: folder)
      var runs: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        runs.append(try workspace.runContestant(Self.self, on: folder))
      }
      return try row(Times(runs), peak: MeasuredRun.minimum(runs).peak)
    }
  }

  private func row(_ best: Times, peak: Int) -> BenchmarkRow {
    let ratios = (
      rootMeanSquare: best.rootMeanSquare / best.widening, mean: best.mean / best.widening
    )
    return BenchmarkRow(
      claim: "Caliński–Harabasz, Xie–Beni and Davies–Bouldin of all 33 layers of (10000, 33, 4096) "
        + "float16, 2.7 GB, two classes, page cache warm",
      ours: Quantity.seconds(best.rootMeanSquare) + " with root mean square dispersion, "
        + Quantity.seconds(best.mean) + " with the mean one",
      peer: Quantity.seconds(best.widening) + ", our own widening of the file, once",
      ratio: Quantity.ratio(ratios.rootMeanSquare) + " and " + Quantity.ratio(ratios.mean),
      cpuTime: best.processorTimes.map(Quantity.seconds).joined(separator: ", "),
      peakMemory: Quantity.bytes(peak), target: "≤ 2.5× and ≤ 5× of widening",
      isMet: ratios.rootMeanSquare <= Self.targetRatios.rootMeanSquare
        && ratios.mean <= Self.targetRatios.mean,
      remarks: [
        "The peer is no other package, but what any pass over the dump must do: the same file is "
          + "widened to float32 in its order, a sample's layers at a time, into buffers used again, "
          + "on as many threads. All three run in one process, in turn, \(Self.repeatCount) times."
      ])
  }

  static func run(in folder: String) throws -> ContestantReport {
    let data = try ClusterData(in: folder)
    let file = try ArrayFile.open("\(folder)/activations.npy")
    let layers = try DumpPoints.layers(of: data.dump, role: .activations)
    let points = try LabelledPoints(layers[0], labels: data.labels)
    var times = Times()
    var values: [Double] = []
    for _ in 0..<repeatCount {
      times.note(\.widening, 0) { widen(file) }
      try times.note(\.rootMeanSquare, 1) {
        values = try indices(points, at: layers, dispersionPower: 2)
      }
      try times.note(\.mean, 2) {
        values += try indices(points, at: layers, dispersionPower: 1)
      }
    }
    return ContestantReport(
      seconds: times.rootMeanSquare, cpuSeconds: times.processorTimes[1], values: times.all,
      versions: [:], note: "the indices add up to \(values.reduce(0, +))")
  }

  private static func indices(
    _ points: LabelledPoints, at layers: [DumpPoints], dispersionPower: Double
  ) throws -> [Double] {
    var daviesBouldin = DaviesBouldinIndex()
    daviesBouldin.dispersionPower = dispersionPower
    let indices: [any ClusterIndex] = [CalinskiHarabaszIndex(), XieBeniIndex(), daviesBouldin]
    let ingredients = indices.reduce(into: Set<Ingredient>()) { $0.formUnion($1.ingredients) }
    return try ClusterMeasurer.measure(points, at: layers, ingredients).flatMap { measurements in
      try indices.map { try $0.value(of: measurements).doubleValue }
    }
  }

  /// Converts all elements in the order of the file, a sample's layers at a time.
  private static func widen(_ file: ArrayFile) {
    let shape = file.layout.shape
    let (sampleCount, elementCount) = (shape[0], shape[1] * shape[2])
    let blockSize = 64
    Parallel.forEach((sampleCount + blockSize - 1) / blockSize) { block in
      var buffer = Matrix<Float>(rowCount: 1, columnCount: elementCount)
      file.withBytes { bytes in
        for sample in block * blockSize..<min((block + 1) * blockSize, sampleCount) {
          let start = sample * elementCount * 2
          var target = buffer.mutableSpan
          Widening.float16(bytes.extracting(start..<start + elementCount * 2), into: &target)
        }
      }
      file.releasePages()
    }
  }
}

/// The best times of the three sides.
private struct Times {
  var widening = Double.infinity
  var rootMeanSquare = Double.infinity
  var mean = Double.infinity
  /// Processor times, in that order.
  var processorTimes = [Double](repeating: .infinity, count: 3)

  init() {}

  /// The best over processes.
  init(_ runs: [MeasuredRun]) throws {
    for run in runs {
      let values = try run.report().values
      guard values.count == 6 else { throw BenchmarkFailure("all-layers reports other times") }
      widening = min(widening, values[0])
      rootMeanSquare = min(rootMeanSquare, values[1])
      mean = min(mean, values[2])
      processorTimes = zip(processorTimes, values[3...]).map(min)
    }
  }

  var all: [Double] { [widening, rootMeanSquare, mean] + processorTimes }

  mutating func note(
    _ side: WritableKeyPath<Times, Double>, _ number: Int, _ work: () throws -> Void
  ) rethrows {
    let watch = Stopwatch()
    try work()
    self[keyPath: side] = min(self[keyPath: side], watch.seconds)
    processorTimes[number] = min(processorTimes[number], watch.cpuSeconds)
  }
}
