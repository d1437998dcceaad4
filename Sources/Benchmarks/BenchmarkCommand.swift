import Foundation

/// Measures every claim in one run and writes the table.
///
/// `Benchmarks contestant NAME FOLDER` is how it runs its own side of a benchmark in a process apart.
@main
struct BenchmarkCommand {
  private static let benchmarks: [any Benchmark] = [
    ContrastTrainingBenchmark(), ContrastMinimizationBenchmark(), LogisticRegressionBenchmark(),
    WideningBenchmark(), PeakMemoryBenchmark(), PermutationBenchmark(), ClusterIndicesBenchmark(),
    AllLayersBenchmark(), PairExtremesBenchmark(), SilhouetteBenchmark(),
    SteeringExtractionBenchmark(), SteeringSweepBenchmark(), UncertaintyMetricsBenchmark(),
    TokenScoresBenchmark(), FeatureGapsBenchmark(),
  ]

  static func main() {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      if arguments.first == "contestant", arguments.count == 3 {
        try compete(arguments[1], in: arguments[2])
      } else {
        try measure(try BenchmarkOptions(arguments))
      }
    } catch {
      note("\(error)")
      exit(1)
    }
  }

  private static func compete(_ name: String, in folder: String) throws {
    let contestants =
      benchmarks.compactMap { type(of: $0) as? any Contestant.Type } + [PairProductsContestant.self]
    guard let contestant = contestants.first(where: { $0.name == name }) else {
      throw BenchmarkFailure("no contestant is named \(name)")
    }
    let report = try JSONEncoder().encode(try contestant.run(in: folder))
    print(String(decoding: report, as: UTF8.self))
  }

  private static func measure(_ options: BenchmarkOptions) throws {
    let folder = URL(filePath: options.temporary).appending(
      path: "plumbline-benchmarks-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let executable = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let workspace = Workspace(
      folder: folder, python: options.python, peers: URL(filePath: options.peers),
      products: executable.deletingLastPathComponent(), repeatCount: options.repeatCount)
    var rows: [BenchmarkRow] = []
    var failures: [(name: String, cause: String)] = []
    for benchmark in benchmarks {
      let name = type(of: benchmark).name
      guard options.names.isEmpty || options.names.contains(name) else { continue }
      note("measuring \(name)")
      do {
        rows.append(try benchmark.measure(in: workspace))
      } catch {
        failures.append((name, "\(error)"))
      }
    }
    let versions = try workspace.runPeer("versions", on: folder).output
    let table = ResultsTable(
      rows: rows, failures: failures,
      peerVersions: versions.trimmingCharacters(in: .whitespacesAndNewlines),
      repeatCount: options.repeatCount
    ).markdown
    print(table)
    if let output = options.output {
      try table.write(toFile: output, atomically: true, encoding: .utf8)
    }
  }

  private static func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
