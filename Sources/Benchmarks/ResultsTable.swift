import Foundation
import Plumbline

/// The measured rows as a page of Markdown.
struct ResultsTable {
  let rows: [BenchmarkRow]
  /// Benchmarks that could not run, with the cause.
  let failures: [(name: String, cause: String)]
  /// The versions of the peers.
  let peerVersions: String
  let repeatCount: Int

  var markdown: String {
    var lines = [
      "# Benchmarks", "",
      "Written by `make bench`. Each side runs in a process of its own, ours and the peer's in turn; "
        + "times are the minimum over \(repeatCount) or more runs; peak memory is of the whole process, "
        + "and its own row ran once. The machine is shared, so read ratios: absolute times change "
        + "from run to run. CPU time is of the work that is timed, all threads together.",
      "", machine, "",
    ]
    lines.append(Self.line(BenchmarkRow.header))
    lines.append(Self.line(BenchmarkRow.header.map { _ in "---" }))
    lines += rows.map { Self.line($0.cells) }
    lines.append("")
    lines += rows.flatMap(\.remarks).map { "- " + $0 }
    lines += failures.map { "- `\($0.name)` did not run: \($0.cause)." }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }

  private var machine: String {
    let platform = Platform.current
    return "Machine: \(Self.processor), \(platform.cores) cores, "
      + "\(Parallel.threadCount) threads; \(platform.blas); core \(platform.core); "
      + "Swift \(platform.swift); \(peerVersions)."
  }

  /// The processor's name, where the system tells it in a file.
  private static var processor: String {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return ProcessInfo.processInfo.operatingSystemVersionString
    }
    func field(_ name: String) -> String {
      let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
      return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "?"
    }
    return "\(field("model name")) (family \(field("cpu family")), model \(field("model\t")))"
  }
}
