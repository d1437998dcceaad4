import Evaluation
import Testing

@Suite struct ResultValueTests {
  @Test(arguments: [
    (MeasuredValue.finite(0.25), "0.25"),
    (.infinite("the centroids coincide"), #"{"infinite":"the centroids coincide"}"#),
    (.undefined("one class"), #"{"undefined":"one class"}"#),
  ])
  func measuredValuesKeepTheirReason(value: MeasuredValue, text: String) throws {
    #expect(try json(value) == text)
    #expect(try roundTripped(value) == value)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func aValueThatIsNotFiniteIsNeverWritten(value: Double) {
    #expect(throws: EncodingError.self) { try json(MeasuredValue.finite(value)) }
  }

  @Test func anUndefinedMeasurementCarriesItsFlag() throws {
    let measurement = Measurement(
      metric: "auroc", value: .undefined("all 4 labels are true"), sampleCount: 4, groupCount: 2)
    #expect(measurement.flags.map(\.rawValue) == ["undefined: all 4 labels are true"])
    #expect(try roundTripped(measurement) == measurement)
  }

  @Test(arguments: ["few-groups", "undefined: a reason: with a colon", "fixed-labels: 3 of 9"])
  func flagsAreTheirText(text: String) throws {
    let flag = try #require(Flag(rawValue: text))
    #expect(flag.rawValue == text)
    #expect(try json([flag]) == "[\"\(text)\"]")
    #expect(try roundTripped(flag) == flag)
  }

  @Test(arguments: ["", "Few-Groups", "few groups", "-few", "few-", "3-groups", "few_groups"])
  func flagsAreNamedInKebabCase(text: String) {
    #expect(Flag(rawValue: text) == nil)
  }

  /// Oracle: the image of a set under x ↦ max(x, 1 − x), by a fine grid.
  @Test(arguments: [
    (0.6, 0.9), (0.1, 0.3), (0.45, 0.7), (0.3, 0.55), (0.5, 0.5), (0.0, 1.0), (0.5, 0.75),
    (0.25, 0.5),
  ])
  func foldingAnIntervalIsItsExactImage(lower: Double, upper: Double) {
    let interval = Interval(lower: lower, upper: upper, level: 0.95, method: "test").folded
    var smallest = 1.0
    var largest = 0.0
    for step in 0...1000 {
      let x = lower + (upper - lower) * Double(step) / 1000
      smallest = min(smallest, max(x, 1 - x))
      largest = max(largest, max(x, 1 - x))
    }
    #expect(abs(interval.lower - smallest) < 5e-4)
    #expect(abs(interval.upper - largest) < 1e-15)
    #expect((interval.lower == 0.5) == (lower <= 0.5 && upper >= 0.5))
  }

  @Test func anIntervalOutOfOrderIsNotRead() throws {
    struct Ends: Encodable {
      var lower = 0.4
      var upper = 0.3
      var level = 0.95
      var method = "wilson"
    }
    let text = try json(Ends())
    #expect(throws: DecodingError.self) { try decoded(text, as: Interval.self) }
  }

  @Test func aBackwardIntervalIsABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      _ = Interval(lower: 1, upper: 0, level: 0.95, method: "test")
    }
    await #expect(processExitsWith: .failure) {
      _ = Interval(lower: 0, upper: .nan, level: 0.95, method: "test")
    }
  }

  @Test func citationsReadOnOneLine() {
    let citation = Citation(
      authors: "Burns, Ye, Klein & Steinhardt", year: 2022,
      title: "Discovering latent knowledge", link: "arXiv:2212.03827", locator: "eq. 1")
    #expect(
      citation.description
        == "Burns, Ye, Klein & Steinhardt (2022), \"Discovering latent knowledge\", eq. 1, "
        + "arXiv:2212.03827")
  }

  @Test func preferencesCompareStrictly() {
    #expect(Preference.higher.isBetter(2, than: 1))
    #expect(Preference.lower.isBetter(1, than: 2))
    #expect(!Preference.higher.isBetter(1, than: 1))
    #expect(!Preference.lower.isBetter(1, than: 1))
  }
}
