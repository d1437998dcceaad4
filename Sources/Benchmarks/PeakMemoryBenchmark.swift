import Foundation
import Plumbline

/// The peak memory of probing one layer of a dump that is several times larger than it.
struct PeakMemoryBenchmark: Benchmark {
  static let name = "peak-memory"
  private static let limit = 3 << 29
  private static let dumpByteCount = 11_000_000_000
  private static let layer = "16"

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    guard try workspace.freeByteCount() > Self.dumpByteCount else {
      throw BenchmarkFailure("the disk has less than the 11 GB that the dump needs")
    }
    return try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_large_dump", on: folder)
      let peer = try workspace.runPeer("large_layer", on: folder)
      let ours = try workspace.runTool([
        "probe", folder.path(), "--layers", Self.layer, "--controls", "none", "--format", "json",
      ])
      let report = try peer.report()
      return BenchmarkRow(
        claim: "Peak memory: one layer of two sides of (20000, 33, 4096) float16, 10.8 GB; "
          + "default probe, no controls",
        ours: Quantity.bytes(ours.peakByteCount),
        peer: Quantity.bytes(peer.peakByteCount) + ", NumPy \(report.versions["NumPy"] ?? "") "
          + "memory-mapped, layer as float32 less its mean, no probe",
        ratio: Quantity.ratio(Double(peer.peakByteCount) / Double(ours.peakByteCount)),
        cpuTime: Quantity.seconds(ours.cpuSeconds) + " / " + Quantity.seconds(peer.cpuSeconds),
        peakMemory: Quantity.bytes(ours.peakByteCount) + " / "
          + Quantity.bytes(peer.peakByteCount),
        target: "< 1.5 GiB", isMet: ours.peakByteCount < Self.limit,
        remarks: [
          "`plumbline probe` fits and measures the layer in \(Quantity.seconds(ours.seconds)). "
            + "Mapped pages count; every byte of the dump is written, so that neighbouring layers "
            + "cost memory where they are touched."
        ])
    }
  }
}
