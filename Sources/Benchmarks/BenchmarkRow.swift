/// A line of the table.
struct BenchmarkRow {
  /// What is claimed, with the sizes.
  var claim: String
  /// Plumbline's figure.
  var ours: String
  /// The peer's figure, with its version.
  var peer: String
  /// How many times better ours is.
  var ratio: String
  /// Processor time, ours and the peer's.
  var cpuTime: String
  /// Peak resident memory, ours and the peer's.
  var peakMemory: String
  /// What was promised.
  var target: String
  /// Whether it was kept.
  var isMet: Bool
  /// What the figures do not say by themselves.
  var remarks: [String]

  static let header = [
    "claim", "ours", "peer", "ratio", "CPU time (ours / peer)", "peak memory (ours / peer)",
    "target", "met",
  ]

  var cells: [String] {
    [claim, ours, peer, ratio, cpuTime, peakMemory, target, isMet ? "yes" : "**no**"]
  }
}
