import Foundation

/// What a process cost, as the system says after it has ended.
struct MeasuredRun {
  /// Wall time of the whole process.
  let seconds: Double
  /// Processor time of the whole process.
  let cpuSeconds: Double
  /// The peak of resident memory, mapped files included.
  let peakByteCount: Int
  /// What it wrote to standard output.
  let output: String
}

extension MeasuredRun {
  /// The smallest of each cost over repeats.
  static func minimum(_ runs: [MeasuredRun]) -> (seconds: Double, cpu: Double, peak: Int) {
    (
      runs.map(\.seconds).min() ?? 0, runs.map(\.cpuSeconds).min() ?? 0,
      runs.map(\.peakByteCount).min() ?? 0
    )
  }

  /// The last line of the output as a report.
  func report() throws -> ContestantReport {
    guard let line = output.split(separator: "\n").last else {
      throw BenchmarkFailure("a contestant printed nothing")
    }
    return try JSONDecoder().decode(ContestantReport.self, from: Data(line.utf8))
  }
}
