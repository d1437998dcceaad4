import ArrayFiles
import Testing

/// Oracle: the grammar of numbers in RFC 8259.
@Suite struct JSONNumberTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), path: "x.svec")
  }

  @Test(arguments: [
    ("0", 0.0), ("7", 7), ("-7", -7), ("0.5", 0.5), ("-0.5e2", -50), ("1E-05", 1e-5),
    ("1e+16", 1e16),
    ("5e-324", 0x1p-1074), ("0.10000000149011612", 0.10000000149011612),
    ("123456789012345678901", 0x1.ac53a7e04bcdap66),
  ])
  func numbersOfAnyKindAreRead(text: String, value: Double) throws {
    #expect(try parse(text).double == value)
    #expect(try parse(" [\(text) ] ") == .array([parse(text)]))
  }

  @Test func minusNoughtKeepsItsSign() throws {
    for text in ["-0", "-0.0", "-0e0"] { #expect(try parse(text).double?.sign == .minus) }
    #expect(try parse("0") == .integer(0))
  }

  @Test(arguments: [
    "-", "01", "-01", ".5", "1.", "1.e5", "1e", "1e+", "+1", "1e999", "NaN", "Infinity",
    "-Infinity",
    "0x10", "1 2", "--1", "true", "null", "1_000",
  ])
  func whatIsNoNumberIsRefused(text: String) throws {
    #expect(throws: ArrayFileError.self) { try parse(text) }
  }
}
