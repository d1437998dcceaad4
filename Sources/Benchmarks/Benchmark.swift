/// One claim about speed or memory, measured against what a user would otherwise run.
protocol Benchmark: Sendable {
  /// The name that `--only` and the contestant command take.
  static var name: String { get }

  /// Measures both sides, in turn and in processes of their own, and judges the claim.
  func measure(in workspace: Workspace) throws -> BenchmarkRow
}

/// A benchmark whose own side runs as a process of this executable: `Benchmarks contestant NAME FOLDER`.
protocol Contestant {
  /// The name of the benchmark.
  static var name: String { get }

  /// Does the work once and says what it cost.
  static func run(in folder: String) throws -> ContestantReport
}

/// What one side of a comparison prints as one line of JSON.
struct ContestantReport: Codable {
  /// Wall time of the work alone.
  var seconds: Double
  /// Processor time of the work alone, all threads together.
  var cpuSeconds: Double
  /// Results, to hold the two sides against each other.
  var values: [Double]
  /// The versions of what ran.
  var versions: [String: String]
  /// A remark for the table.
  var note: String?
}

/// What went wrong, in a sentence.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
