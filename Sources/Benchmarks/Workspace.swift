import Foundation

/// Where benchmarks keep their data, and how they start processes.
struct Workspace {
  /// A temporary folder, removed at the end.
  let folder: URL
  /// The Python that has the peers.
  let python: String
  /// The folder of the peers' scripts.
  let peers: URL
  /// The folder that this executable and `plumbline` were built into.
  let products: URL
  /// How often each side runs.
  let repeatCount: Int

  /// Runs `body` with an empty folder of a name.
  func withFolder<Result>(_ name: String, _ body: (URL) throws -> Result) throws -> Result {
    let place = folder.appending(path: name)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    return try body(place)
  }

  /// The free bytes on the disk of the folder.
  func freeByteCount() throws -> Int {
    let attributes = try FileManager.default.attributesOfFileSystem(forPath: folder.path())
    return (attributes[.systemFreeSize] as? NSNumber)?.intValue ?? 0
  }

  /// Runs a peer's script on a folder.
  func runPeer(
    _ script: String, on data: URL, environment: [String: String] = [:]
  ) throws -> MeasuredRun {
    try run(
      [python, peers.appending(path: script + ".py").path(), data.path()],
      environment: environment)
  }

  /// Runs Plumbline's side of a benchmark in a process of its own.
  func runContestant(_ contestant: any Contestant.Type, on data: URL) throws -> MeasuredRun {
    try run([
      products.appending(path: "Benchmarks").path(), "contestant", contestant.name, data.path(),
    ])
  }

  /// Runs `plumbline`.
  func runTool(_ arguments: [String]) throws -> MeasuredRun {
    try run([products.appending(path: "plumbline").path()] + arguments)
  }

  /// Runs a command and waits for what it cost.
  private func run(
    _ command: [String], environment: [String: String] = [:]
  ) throws -> MeasuredRun {
    let report = folder.appending(path: "run.json")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      [python, peers.appending(path: "measured.py").path(), report.path()] + command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchmarkFailure("\(command[0]) could not be run")
    }
    let cost = try JSONDecoder().decode(Cost.self, from: Data(contentsOf: report))
    guard cost.exitStatus == 0 else {
      throw BenchmarkFailure(
        "`\(command.joined(separator: " "))` ended with status \(cost.exitStatus)")
    }
    return MeasuredRun(
      seconds: cost.seconds, cpuSeconds: cost.cpuSeconds, peakByteCount: cost.peakByteCount,
      output: String(decoding: output, as: UTF8.self))
  }

  private struct Cost: Decodable {
    let exitStatus: Int
    let seconds: Double
    let cpuSeconds: Double
    let peakByteCount: Int
  }
}
