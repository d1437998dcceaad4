import ArgumentParser
import Plumbline

/// How results look and where they go.
struct OutputOptions: ParsableArguments {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table
    case json
    case csv
  }

  @Option(help: "table for people, json or csv for programs.")
  var format = Format.table

  @Option(help: ArgumentHelp("Write the result to a file, whole or not at all.", valueName: "path"))
  var output: String?

  @Flag(help: "Write nothing but the result and errors.")
  var quiet = false

  @Flag(help: "Show no progress.")
  var noProgress = false

  var showsProgress: Bool { !quiet && !noProgress }

  /// Colour only where a person looks at the result directly.
  var style: TerminalStyle { output == nil ? Console.outputStyle : .plain }

  /// Hands over the result; if its file cannot be written, to standard output, so that it is not lost.
  func deliver(_ text: String) throws {
    guard let output else { return try Console.write(text) }
    do {
      try AtomicFile.write(Array(text.utf8), to: output)
    } catch {
      guard (try? Console.write(text)) != nil else { throw error }
      throw ToolFailure(
        ExitStatus(error.category),
        "\(error.description) The result is on standard output instead.")
    }
  }
}

/// How much of the machine to use.
struct ResourceOptions: ParsableArguments {
  @Option(help: "The number of threads; all processors if not given.")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The most memory that layers measured side by side may take, such as 8GiB or 500MB.",
      valueName: "size"))
  var memory: MemorySize = MemorySize(byteCount: 2 << 30)

  func validate() throws {
    if let threads, !(1...Self.threadLimit ~= threads) {
      throw ValidationError("--threads is \(threads); it must be 1 to \(Self.threadLimit)")
    }
  }

  private static let threadLimit = 1024

  func apply() {
    if let threads { Parallel.threadCount = threads }
  }
}

/// A number of bytes with a unit.
struct MemorySize: ExpressibleByArgument {
  let byteCount: Int

  private static let units: [(suffix: String, factor: Double)] = [
    ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776),
    ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("K", 1024), ("M", 1_048_576),
    ("G", 1_073_741_824), ("B", 1),
  ]

  init(byteCount: Int) { self.byteCount = byteCount }

  init?(argument: String) {
    let lowered = argument.lowercased()
    let unit = Self.units.first { lowered.hasSuffix($0.suffix.lowercased()) }
    let digits = argument.dropLast(unit?.suffix.count ?? 0)
    guard let value = Double(digits.trimmingPrefix { $0 == " " }), value > 0,
      let count = Int(exactly: (value * (unit?.factor ?? 1)).rounded())
    else { return nil }
    byteCount = count
  }

  var defaultValueDescription: String { "\(byteCount >> 30)GiB" }
}
