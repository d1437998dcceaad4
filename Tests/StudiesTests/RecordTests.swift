import Evaluation
import Foundation
import Studies
import Testing

@Suite struct RecordTests {
  private static let columns = [
    "study", "analysis", "dump", "trainDump", "method", "variant", "control", "layer", "fold",
    "category",
    "coefficient", "unit", "metric", "estimate", "lower", "upper", "level", "chance", "pValue",
    "pValueAdjusted", "samples", "groups", "seed", "flags",
  ]

  private func place(_ column: String) -> Int { Self.columns.firstIndex(of: column) ?? 0 }

  private func record(_ value: MeasuredValue) -> Record {
    Record(
      Measurement(
        metric: "accuracy", value: value,
        interval: value.finiteValue.map {
          Interval(lower: $0 - 0.1, upper: $0 + 0.1, level: 0.95, method: "test")
        }, sampleCount: 12, groupCount: 6),
      method: "random-direction", layer: 3)
  }

  @Test func theColumnsAreThoseOfTheContract() throws {
    let header = CommaSeparatedValues.text([record(.finite(0.5))]).split(separator: "\n")[0]
    #expect(header.split(separator: ",").map(String.init) == Self.columns)
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(record(.finite(0.5))))
    #expect(Set(try #require(json as? [String: Any]).keys) == Set(Self.columns))
  }

  @Test func anUndefinedNumberIsEmptyAndSaysWhy() throws {
    let line = CommaSeparatedValues.text([record(.undefined("all 12 labels are 1"))])
      .split(separator: "\n")[1]
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    #expect(
      fields[place("estimate")] == "" && fields[place("lower")] == ""
        && fields[place("level")] == "")
    #expect(fields[place("flags")] == "undefined: all 12 labels are 1")
  }

  @Test func numbersReadBackTheSame() throws {
    for value in [0.1, 1.0 / 3, 1e-17, 123456.789] {
      let line = CommaSeparatedValues.text([record(.finite(value))]).split(separator: "\n")[1]
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      #expect(Double(fields[place("estimate")]) == value)
    }
  }

  @Test func onlyFieldsThatNeedQuotesHaveThem() {
    let text = CommaSeparatedValues.text(
      header: ["a", "b"], rows: [["plain", "with, comma"], ["say \"x\"", "two\nlines"]])
    #expect(text == "a,b\nplain,\"with, comma\"\n\"say \"\"x\"\"\",\"two\nlines\"\n")
  }
}

@Suite struct PresentationTests {
  @Test func columnsAreAlignedAndRowsAreMarked() {
    var table = TextTable(columns: [.init("name", .left), .init("value")])
    table.append(["a", "1"])
    table.append(["longer", "12.5"], isMarked: true)
    #expect(
      table.lines() == ["  name    value", "  ─────────────", "  a           1", "* longer   12.5"])
  }

  @Test func aFlexibleColumnLosesItsBeginningAndTheLastGivesWayFirst() {
    var table = TextTable(
      columns: [
        .init("role", .left, isFlexible: true), .init("file", isFlexible: true), .init("n"),
      ])
    table.append(["0123456789abcdef", "0123456789.npy", "12"])
    let wide = "  0123456789abcdef  0123456789.npy  12"
    for width in [nil, 60, 38] { #expect(table.lines(width: width)[2] == wide) }
    #expect(table.lines(width: 37)[2] == "  0123456789abcdef  …23456789.npy  12")
    #expect(table.lines(width: 30)[2] == "  …3456789abcdef  …789.npy  12")
    #expect(table.lines(width: 5)[2] == "  …9abcdef  …789.npy  12")
  }

  @Test func aListBreaksBetweenItsPieces() {
    let lines = Prose.lines(listing: ["one", "two two", "three", "a long piece"], width: 13)
    #expect(lines == ["one · two two", "three", "a long piece"])
  }

  @Test(arguments: [
    (0.8124, "0.812"), (0.8125, "0.813"), (-0.0001, "0.000"), (-1.5, "-1.500"), (12, "12.000"),
  ])
  func fixedDecimalsRound(value: Double, text: String) {
    #expect(NumberText.fixed(value, 3) == text)
  }

  @Test(arguments: [
    (0.0123456, "0.0123"), (1.9e-5, "1.9e-5"), (0, "0"), (123.456, "123"), (0.2, "0.200"),
  ])
  func significantDigitsRound(value: Double, text: String) {
    #expect(NumberText.significant(value) == text)
  }

  @Test func sharesLoseTheirLeadingZero() {
    #expect(NumberText.share(0.5) == ".500")
    #expect(NumberText.share(1) == "1.000")
  }

  @Test func proseBreaksAtSpacesAndNeverMidWord() {
    let lines = Prose.lines("one two three fourteen", width: 9, indentation: " ")
    #expect(lines == ["one two", " three", " fourteen"])
  }

  @Test func everyLineOfATableFitsATerminal() throws {
    let outcome = try PlantedDump().experiment().run()
    for line in ProbeTable(outcome).lines() + (try MisjudgedSamples(outcome).lines()) {
      #expect(line.count <= 80, "\(line)")
      #expect(!line.contains("\u{1B}"))
    }
    #expect(ProbeTable(outcome, style: .color).lines().contains { $0.contains("\u{1B}[1m") })
  }
}
