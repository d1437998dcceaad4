import Foundation
import TestSupport

/// What one run of the built tool left behind.
struct ToolRun: Sendable {
  /// The exit status; a signal's number where `endedBySignal`.
  let status: Int32
  /// Whether a signal ended it, as a crash would.
  let endedBySignal: Bool
  /// Standard output.
  let output: String
  /// Standard error.
  let errors: String

  /// The lines of standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// The built `plumbline`, run as a user runs it.
enum Tool {
  /// The folder that holds the package.
  static let packageFolder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The dump that ships with the package.
  static let capitals = packageFolder.appending(path: "probes/capitals").path

  /// The executable, which is built beside the test bundle.
  static let executable: URL = {
    var folders = [CommandLine.arguments.first ?? "", Bundle.main.bundlePath].map {
      URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent()
    }
    folders += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    #if DEBUG
      folders.append(packageFolder.appending(path: ".build/debug"))
    #else
      folders.append(packageFolder.appending(path: ".build/release"))
    #endif
    let candidates = folders.map { $0.appending(path: "plumbline") }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
      ?? candidates[candidates.count - 1]
  }()

  /// Runs the tool to its end.
  ///
  /// - Parameters:
  ///   - arguments: Its arguments.
  ///   - folder: The folder it runs in; the package's if not given.
  ///   - environment: Variables on top of this process's.
  ///   - fileSizeLimit: The size, in blocks of 512 bytes or 1 KiB, beyond which no file can be written, as
  ///     on a full disk; none if not given.
  ///   - output: Where standard output goes; it is collected if not given.
  ///   - body: Called once it runs.
  /// - Returns: What it left behind.
  /// - Throws: What the system reports if it cannot be started.
  static func run(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    fileSizeLimit: Int? = nil, output: FileHandle? = nil,
    while body: (Process) throws -> Void = { _ in }
  ) throws -> ToolRun {
    let files = try TemporaryFolder()
    for name in ["output", "errors"] { try files.write("", to: name) }
    func open(_ name: String) throws -> FileHandle {
      try FileHandle(forWritingTo: URL(filePath: files.file(name)))
    }
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: files.file(name))), as: UTF8.self)
    }
    let process = Process()
    if let fileSizeLimit {
      // The signal at the limit may be ignored by who runs the tests; the tool itself must ignore it.
      #if os(Linux)
        let reset = "env --default-signal=XFSZ"
      #else
        let reset = ""
      #endif
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments =
        ["-c", "ulimit -f \(fileSizeLimit) && exec \(reset) \"$0\" \"$@\"", executable.path]
        + arguments
    } else {
      process.executableURL = executable
      process.arguments = arguments
    }
    process.currentDirectoryURL = folder.map { URL(filePath: $0) } ?? packageFolder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try output ?? open("output")
    process.standardError = try open("errors")
    try process.run()
    try body(process)
    process.waitUntilExit()
    return ToolRun(
      status: process.terminationStatus,
      endedBySignal: process.terminationReason == .uncaughtSignal,
      output: try text("output"), errors: try text("errors"))
  }
}

/// Settings that make a fit take no time where its quality does not matter.
let quickFit = [
  "--controls", "none", "--set", "contrast-consistent-search.tries=2", "--set",
  "contrast-consistent-search.epochs=20",
]
