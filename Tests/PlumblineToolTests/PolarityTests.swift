import Foundation
import Plumbline
import TestSupport
import Testing

/// The polarity dump that ships with the package, through the tool.
@Suite("Polarity")
struct PolarityTests {
  static let polarity = Tool.capitals.replacing("capitals", with: "polarity")
  private static let quick = [
    "--method", "polarity-aware-ccs", "--layers", "3", "--set", "polarity-aware-ccs.epochs=200",
    "--set", "polarity-aware-ccs.tries=2",
  ]

  private func records(_ arguments: [String]) throws -> [ResultFile.Row] {
    let run = try Tool.run(
      ["probe", Self.polarity] + Self.quick + ["--format", "json"] + arguments)
    #expect(run.status == 0, "\(run.errors)")
    return try ResultFile(run.output).records.filter { $0.control == nil }
  }

  /// The contract: consistency and contradiction stand beside separation, its majority rate and loss.
  @Test("the table never shows consistency without separation accuracy and loss")
  func besideEachOther() throws {
    let run = try Tool.run(["probe", Self.polarity] + Self.quick)
    #expect(run.status == 0 && run.errors.isEmpty)
    let headers = run.lines.filter { $0.contains("CI [95%]") }
    #expect(headers.count == 1)
    for column in ["PC [95%]", "chance", "ideal", "ESA", "loss"] {
      #expect(headers.allSatisfy { $0.contains(column) }, "\(column)")
    }
    #expect(run.output.contains("pairs of opposites, majority rate .500"))
    let legend = run.lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    #expect(legend.contains("test rows centred by training statistics"))
    for line in run.lines { #expect(line.count <= 80, "\(line)") }
  }

  /// The released code's ways: rows cut by RandomState(71), subsets re-centred, all of it flagged.
  @Test("--compatibility polarity-aware cuts rows, names its variant and flags what it does")
  func released() throws {
    let records = try records([
      "--compatibility", "polarity-aware", "--where", "construction=negation",
    ])
    #expect(records.allSatisfy { $0.variant == "released-l2-median" || $0.variant == nil })
    let index = try #require(records.first { $0.metric == "contradiction-index" })
    #expect(index.flags.contains { $0.hasPrefix("leaking-split") })
    #expect(index.flags.contains { $0.hasPrefix("recentred-subsets") })
    // ⌈.2 · 224⌉ rows, and of pairs only those that are wholly among them.
    let accuracy = try #require(records.first { $0.metric == "folded-accuracy" })
    #expect(accuracy.samples == 45)
    #expect(try #require(index.samples) < 45)
  }

  @Test("separation accuracy is the folded accuracy, and its chance the majority rate")
  func separation() throws {
    let records = try records([])
    let accuracy = try #require(records.first { $0.metric == "folded-accuracy" })
    let separation = try #require(
      records.first { $0.metric == "empirical-separation-accuracy" })
    #expect(separation.chance == 0.5)
    #expect(separation.pValueAdjusted == accuracy.pValueAdjusted)
    #expect(abs(try #require(separation.estimate) - (try #require(accuracy.estimate))) < 0.02)
  }

  @Test("without opposites it is refused, with what to write")
  func withoutOpposites() throws {
    let run = try Tool.run([
      "probe", "--positive", Self.polarity + "/positive.npy", "--negative",
      Self.polarity + "/negative.npy", "--axes", "sample,layer,width", "--method",
      "polarity-aware-ccs",
    ])
    #expect(run.status != 0 && run.output.isEmpty && !run.endedBySignal)
    #expect(run.errors.contains("opposites"))
  }

  /// A split decides who is measured, not what is wrong with the data.
  @Test("opposites of one class and other labels are refused at every seed", arguments: 0..<4)
  func wrongLabels(seed: Int) throws {
    for wrong in [[1, 1], [2, 0]] {
      let dump = try SmallDump()
      var labels = (0..<SmallDump.sampleCount).map { $0 % 2 }
      labels.replaceSubrange(0..<2, with: wrong)
      try dump.write(labels, to: "labels")
      try dump.writeOpposites(labels.indices.map { $0 ^ 1 })
      let run = try Tool.run([
        "probe", dump.path, "--method", "polarity-aware-ccs", "--seed", "\(seed)",
      ])
      #expect(run.status == 65 && run.output.isEmpty, "\(run.errors)")
      #expect(run.errors.contains("sample") && run.errors.contains("label"))
    }
  }
}
