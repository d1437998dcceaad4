import Foundation
import TestSupport
import Testing

/// `plumbline quality`, as a user runs it.
@Suite("Quality")
struct QualityTests {
  private func records(_ dump: String, _ arguments: [String] = []) throws -> [ResultFile.Row] {
    let run = try Tool.run(["quality", dump, "--format", "json"] + arguments)
    #expect(run.status == 0, "\(run.errors)")
    return try ResultFile(run.output).records
  }

  @Test("the table fits 80 columns, marks the best layer and names the indices that disagree")
  func table() throws {
    let run = try Tool.run([
      "quality", PolarityTests.polarity, "--by", "category", "--geometry", "--pool", "simplex",
    ])
    #expect(run.status == 0 && run.errors.isEmpty)
    for line in run.lines { #expect(line.count <= 80, "\(line)") }
    #expect(run.lines.contains { $0.hasPrefix("* 4 block 4") })
    for words in [
      "separation of harmful | safe", "positive sides", "F_u", "by category", "geometry",
      "layers pooled",
      "The indices disagree about the best layer",
    ] {
      #expect(run.output.contains(words), "\(words)")
    }
    for header in ["F_u ↑", "DB ↓", "XB ↓", "silh. ↑"] {
      #expect(run.output.contains(header), "\(header)")
    }
  }

  @Test("every default index is recorded at every layer, with what its value is made of")
  func recordsOfAllIndices() throws {
    let records = try records(PolarityTests.polarity)
    for method in [
      "debiased-separation", "alignment-quality-index", "davies-bouldin", "calinski-harabasz",
      "xie-beni", "dunn", "silhouette",
    ] {
      let own = records.filter { $0.method == method && $0.metric == "value" }
      #expect(own.map(\.layer) == Array(0...6), "\(method)")
      #expect(own.allSatisfy { $0.estimate != nil && $0.samples == 448 && $0.groups == 224 })
    }
    let quality = records.filter { $0.method == "alignment-quality-index" && $0.layer == 0 }
    #expect(quality.allSatisfy { $0.variant == "paper-linear" })
    let metrics = Set(quality.map(\.metric))
    for metric in [
      "within-scatter", "between-scatter", "trace-ratio", "eta-squared", "identity-residual",
    ] {
      #expect(metrics.contains(metric), "\(metric) among \(metrics.sorted())")
    }
  }

  /// The debiased separation has an interval, chance and p; what has no valid interval has none.
  @Test("an interval stands only where there is a valid one")
  func intervals() throws {
    let records = try records(PolarityTests.polarity, ["--layers", "4"]).filter {
      $0.metric == "value"
    }
    let separation = try #require(records.first { $0.method == "debiased-separation" })
    #expect(separation.lower != nil && separation.pValueAdjusted != nil)
    #expect(separation.chance != nil && separation.level == 0.95)
    for method in ["dunn", "silhouette"] {
      let record = try #require(records.first { $0.method == method })
      #expect(record.lower == nil && record.pValue == nil)
      #expect(record.flags.contains { $0.hasPrefix("no-interval") }, "\(record.flags)")
    }
  }

  @Test("the same seed gives the same bytes, another one only other permutations")
  func seeds() throws {
    let arguments = ["quality", SmallDumps.plain.path, "--format", "csv"]
    let first = try Tool.run(arguments + ["--seed", "3"]).output
    #expect(try Tool.run(arguments + ["--seed", "3", "--threads", "1"]).output == first)
    let other = try records(SmallDumps.plain.path, ["--seed", "4"])
    let own = try records(SmallDumps.plain.path, ["--seed", "3"])
    #expect(own.map(\.estimate) == other.map(\.estimate))
    #expect(own.map(\.chance) != other.map(\.chance))
  }

  private enum SmallDumps {
    // Written once; a dump that no test spoils.
    static let plain: SmallDump = {
      do { return try SmallDump() } catch { preconditionFailure("\(error)") }
    }()
  }

  @Test("--permutations 0 leaves chance and p out")
  func withoutPermutations() throws {
    let records = try records(SmallDumps.plain.path, ["--permutations", "0"])
    #expect(records.allSatisfy { $0.pValue == nil && $0.chance == nil })
  }

  @Test("a peer's conventions are named by the variant")
  func compatibility() throws {
    let records = try records(
      SmallDumps.plain.path,
      ["--method", "davies-bouldin,trace-ratio", "--compatibility", "sklearn"])
    let values = records.filter { $0.metric == "value" && $0.layer == 0 }
    #expect(values.map(\.variant) == ["sklearn", nil])
  }

  @Test(
    "a request that makes no sense ends with 64 and no result",
    arguments: [
      (["--method", "davis-bouldin"], "davies-bouldin"),
      (["--method", "davies-bouldin/skelarn"], "sklearn"),
      (["--method", "davies-bouldin,davies-bouldin"], "twice"),
      (["--set", "davies-bouldin.dispersion=1"], "dispersionPower"),
      (["--set", "alignment-quality-index.weight=2"], "weight"),
      (["--compatibility", "cluster-crit", "--method", "davies-bouldin"], "cluster-crit"),
      (["--by", "category"], "neither categories nor attributes"),
      (["--classes", "form"], "neither categories nor attributes"),
      (["--classes", "sides", "--points", "positive"], "both sides"),
      (["--points", "everything"], "difference"),
      (["--pool", "hinge"], "--margin"), (["--margin", "1"], "--margin"),
      (["--permutations=-1"], "0 or more"), (["--layers", "7"], "0 to 1"),
    ])
  func usage(arguments: [String], word: String) throws {
    let run = try Tool.run(["quality", SmallDumps.plain.path] + arguments)
    #expect(run.status == 64 && run.output.isEmpty)
    #expect(run.errors.contains(word), "\(run.errors)")
  }

  @Test("data that cannot be judged are refused or named, and never look good")
  func badData() throws {
    let unlabelled = try SmallDump()
    try unlabelled.editManifest(#"labels: {file: "labels.npy", axes: ["sample"]},"#, "")
    let run = try Tool.run(["quality", unlabelled.path])
    #expect(run.status == 65 && run.errors.contains("no labels"))

    let fractional = try SmallDump()
    try fractional.write(
      (0..<SmallDump.sampleCount).map { Float($0) / 2 }, shape: [SmallDump.sampleCount],
      to: "labels")
    let fraction = try Tool.run(["quality", fractional.path])
    #expect(fraction.status == 65 && fraction.errors.contains("not a whole number"))

    let short = try SmallDump()
    try short.write([0, 1, 0], to: "labels")
    let mismatch = try Tool.run(["quality", short.path])
    #expect(mismatch.status == 65 && mismatch.errors.contains("labels"))

    let constant = try SmallDump()
    try constant.fillSides { _, _, _ in 1 }
    let values = try records(constant.path).filter { $0.metric == "value" }
    #expect(values.allSatisfy { $0.estimate == nil })
    #expect(
      values.allSatisfy {
        $0.flags.contains {
          $0.hasPrefix("undefined: ") && $0.hasSuffix("all points are the same point")
        }
      }
    )
  }

  @Test("a class of one sample leaves the debiased separation undefined")
  func singleton() throws {
    let dump = try SmallDump()
    try dump.write((0..<SmallDump.sampleCount).map { $0 == 5 ? 1 : 0 }, to: "labels")
    let values = try records(dump.path).filter { $0.metric == "value" && $0.layer == 0 }
    let separation = try #require(values.first { $0.method == "debiased-separation" })
    #expect(separation.estimate == nil)
    #expect(separation.flags.contains { $0.contains("one point") }, "\(separation.flags)")
    #expect(try #require(values.first { $0.method == "davies-bouldin" }).estimate != nil)
  }

  @Test("one feature is enough")
  func oneFeature() throws {
    let dump = try SmallDump(width: 1)
    let values = try records(dump.path, ["--geometry"]).filter { $0.metric == "value" }
    #expect(values.contains { $0.method == "dunn" && $0.layer == 1 && $0.estimate != nil })
  }

  @Test("plumbline methods lists indices and geometry, and describes each")
  func methods() throws {
    let overview = try Tool.run(["methods"])
    for name in ["dunn", "davies-bouldin", "effective-rank", "contrast-consistent-search"] {
      #expect(overview.lines.contains(name))
      let one = try Tool.run(["methods", name])
      #expect(one.status == 0 && one.output.contains("Source:"))
      for line in one.lines { #expect(line.count <= 80, "\(line)") }
    }
    #expect(try Tool.run(["methods", "davies-bouldin"]).output.contains("sklearn"))
  }
}
