import Foundation
import TestSupport
import Testing

#if os(Linux)
  /// Ctrl-C ends with what is finished, and pressed again at once.
  @Suite("Interruption", .timeLimit(.minutes(2)))
  struct InterruptionTests {
    /// Waits until the tool handles SIGINT itself, which the kernel shows as catching it.
    private func waitForHandler(of process: Process) throws {
      let place = "/proc/\(process.processIdentifier)/status"
      while process.isRunning {
        let status = (try? String(contentsOfFile: place, encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
        let mask = line.flatMap { UInt64($0.dropFirst(7).drop { $0.isWhitespace }, radix: 16) }
        if let mask, mask & (1 << (UInt64(SIGINT) - 1)) != 0 { return }
        Thread.sleep(forTimeInterval: 0.005)
      }
    }

    @Test("once: status 130, and the finished layers are shown and saved")
    func once() throws {
      let folder = try TemporaryFolder()
      let run = try Tool.run([
        "probe", Tool.capitals, "--controls", "none", "--threads", "1", "--format", "json", "--set",
        "contrast-consistent-search.epochs=6000", "--scores", folder.file("scores.csv"),
      ]) { process in
        try waitForHandler(of: process)
        Thread.sleep(forTimeInterval: 0.5)
        process.interrupt()
      }
      #expect(run.status == 130 && !run.endedBySignal)
      #expect(run.errors.contains("Ending after the layer in hand"))
      let file = try ResultFile(run.output)
      #expect(file.accuracies.count < 7)
      #expect(file.warnings.contains { $0.contains("interrupted") })
      let scores = try String(contentsOf: URL(filePath: folder.file("scores.csv")), encoding: .utf8)
      let layers = Set(rows(ofCommaSeparated: scores).dropFirst().map { $0[3] })
      #expect(layers == Set(file.accuracies.keys.map(String.init)))
    }

    @Test("twice: it ends at once with 130 and writes nothing")
    func twice() throws {
      let folder = try TemporaryFolder()
      let run = try Tool.run([
        "probe", Tool.capitals, "--controls", "none", "--format", "json", "--output",
        folder.file("result.json"), "--set", "contrast-consistent-search.epochs=1000000000",
      ]) { process in
        try waitForHandler(of: process)
        process.interrupt()
        while process.isRunning {
          Thread.sleep(forTimeInterval: 0.2)
          if process.isRunning { process.interrupt() }
        }
      }
      #expect(run.status == 130 && !run.endedBySignal)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
#endif
