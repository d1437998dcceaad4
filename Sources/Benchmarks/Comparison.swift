/// Two sides' reports, each the best of its runs.
struct Comparison {
  let ours: ContestantReport
  let peer: ContestantReport
  private let oursPeak: Int
  private let peerPeak: Int

  init(ours: [MeasuredRun], peer: [MeasuredRun]) throws {
    self.ours = try Self.best(ours)
    self.peer = try Self.best(peer)
    oursPeak = MeasuredRun.minimum(ours).peak
    peerPeak = MeasuredRun.minimum(peer).peak
  }

  private static func best(_ runs: [MeasuredRun]) throws -> ContestantReport {
    let reports = try runs.map { try $0.report() }
    guard var best = reports.min(by: { $0.seconds < $1.seconds }) else {
      throw BenchmarkFailure("a side did not run")
    }
    best.cpuSeconds = reports.map(\.cpuSeconds).min() ?? best.cpuSeconds
    return best
  }

  /// How many times longer the peer takes.
  var ratio: Double { peer.seconds / ours.seconds }

  /// The ratio in words, with that of processor times, which other work on the machine moves less.
  var ratioText: String {
    Quantity.ratio(ratio) + " (CPU " + Quantity.ratio(peer.cpuSeconds / ours.cpuSeconds) + ")"
  }

  var cpuTime: String {
    Quantity.seconds(ours.cpuSeconds) + " / " + Quantity.seconds(peer.cpuSeconds)
  }

  var peakMemory: String { Quantity.bytes(oursPeak) + " / " + Quantity.bytes(peerPeak) }

  /// The package that does the peer's work, with its version.
  var peerName: String {
    for name in ["PyTorch", "scikit-learn", "NumPy"] {
      if let version = peer.versions[name] { return "\(name) \(version)" }
    }
    return "Python"
  }

  /// The largest |ours − peer| / |peer| over the results; infinite if their numbers differ.
  var largestRelativeDifference: Double {
    guard ours.values.count == peer.values.count else { return .infinity }
    return zip(ours.values, peer.values).map { own, other in
      own == other ? 0 : abs(own - other) / abs(other)
    }.max() ?? .infinity
  }
}
