import LinearAlgebra
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Oracle: the sums written out in float64.
///
/// A float32 sum of positive terms is within 2 · 10⁻⁶ of them: 9.2 · 10⁻⁸ of the polynomial, the rounding of
/// exponents, and that of 256 additions a lane.
///
/// `unsafe` marks `Span.bytes`, whose elements here have no padding.
@Suite struct LogitSumsTests {
  static let forms: [KernelForm] = [.automatic, .narrow, .portable]
  static let counts = [1, 2, 15, 16, 17, 1000, 4095, 4096, 4097, 9001]

  private func drawn(_ count: Int, scale: Float, seed: UInt64) -> [Float] {
    var generator = TestGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -scale...scale, using: &generator) }
  }

  private func sums<Raw: BitwiseCopyable>(
    _ raw: [Raw], _ element: Widening.Element, powers: Bool = true, form: KernelForm = .automatic
  ) throws -> LogitSums {
    try unsafe LogitSums(
      of: raw.span.bytes, element: element, includingPowers: powers, form: form)
  }

  private func check(_ found: LogitSums, _ logits: [Double]) {
    let possible = logits.filter { $0 > -.infinity }.sorted(by: >)
    let largest = possible.first ?? -.infinity
    let exponentials = possible.map { exp($0 - largest) }
    func near(_ value: Double, _ expected: Double, _ size: Double) -> Bool {
      abs(value - expected) <= 2e-6 * size
    }
    #expect(found.largest == largest)
    #expect(found.second == (possible.count > 1 ? possible[1] : -.infinity))
    #expect(found.finiteCount == possible.count)
    let total = exponentials.reduce(0, +)
    #expect(near(found.total, total, total))
    let weighted = zip(exponentials, possible).reduce(0) { $0 + $1.0 * ($1.1 - largest) }
    #expect(near(found.weighted, weighted, -weighted))
    let finite = possible.reduce(0, +)
    #expect(near(found.finiteSum, finite, possible.reduce(0) { $0 + abs($1 - largest) + abs($1) }))
    guard let powers = found.powers else { return }
    for (value, power) in [(powers.squares, 2.0), (powers.cubes, 3), (powers.fourths, 4)] {
      let expected = exponentials.reduce(0) { $0 + pow($1, power) }
      #expect(near(value, expected, expected))
    }
  }

  @Test(arguments: counts, [Float(0.01), 3, 60])
  func sumsAreThoseOfEveryLogit(count: Int, scale: Float) throws {
    let floats = drawn(count, scale: scale, seed: UInt64(count))
    let halves = floats.map { Float16($0) }
    let brains = floats.map { UInt16($0.bitPattern >> 16) }
    let brainValues = brains.map { Double(Float(bitPattern: UInt32($0) << 16)) }
    for form in Self.forms {
      check(try sums(floats, .float32, form: form), floats.map(Double.init))
      check(try sums(halves.map(\.bitPattern), .float16, form: form), halves.map(Double.init))
      check(try sums(brains, .bfloat16, form: form), brainValues)
    }
    let exact = floats.map(Double.init)
    check(try LogitSums(of: exact.span), exact)
  }

  /// Every chunk, and every lane of it, has a larger logit than those before: the sums are rescaled each time.
  @Test(arguments: forms)
  func sumsAreRescaledWhileLogitsRise(form: KernelForm) throws {
    let rising = (0..<20_000).map { Float($0) / 100 }
    check(try sums(rising, .float32, form: form), rising.map(Double.init))
    let falling = Array(rising.reversed())
    check(try sums(falling, .float32, form: form), falling.map(Double.init))
  }

  @Test(arguments: forms)
  func logitsOfMinusInfinityAreLeftOut(form: KernelForm) throws {
    for pattern in [1, 7, 5000, 8192] {
      var logits = drawn(9001, scale: 5, seed: 9)
      for place in logits.indices where place % pattern == 0 || place < pattern / 2 {
        logits[place] = -.infinity
      }
      let found = try sums(logits, .float32, form: form)
      check(found, logits.map(Double.init))
      #expect(!found.total.isNaN && !found.finiteSum.isNaN)
    }
  }

  @Test(arguments: forms, counts)
  func theFirstNaNOrInfinityIsNamed(form: KernelForm, count: Int) throws {
    for value in [Float.nan, .infinity, -.nan] {
      for place in Set([0, count / 2, count - 1]) {
        var logits = drawn(count, scale: 5, seed: 10)
        logits[place] = value
        logits[count - 1] = count - 1 == place ? value : .nan
        #expect(throws: LinearAlgebraError.nonFinite(row: 0, column: place)) {
          try sums(logits, .float32, form: form)
        }
        #expect(throws: LinearAlgebraError.nonFinite(row: 0, column: place)) {
          try LogitSums(of: logits.map(Double.init).span)
        }
      }
    }
  }

  @Test(arguments: forms)
  func twoEqualLargestLogitsAreBothFound(form: KernelForm) throws {
    for (first, second) in [(0, 1), (3, 4099), (17, 33), (8000, 8999), (8996, 9000)] {
      var logits = drawn(9001, scale: 5, seed: 11)
      logits[first] = 9
      logits[second] = 9
      let found = try sums(logits, .float32, powers: false, form: form)
      #expect(found.largest == 9 && found.second == 9 && found.powers == nil)
      logits[second] = 8.5
      #expect(try sums(logits, .float32, form: form).second == 8.5)
    }
  }

  @Test func bytesMayLieAtAnyAddress() throws {
    let logits = drawn(5000, scale: 5, seed: 12)
    let bytes =
      [UInt8(1)]
      + logits.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
      }
    let shifted = try LogitSums(
      of: unsafe bytes.span.bytes.extracting(1..<bytes.count), element: .float32,
      includingPowers: true)
    #expect(try sums(logits, .float32) == shifted)
  }

  @Test func theLogarithmIsThatOfTheSum() throws {
    let logits: [Double] = [1000, 1001, -.infinity]
    let found = try LogitSums(of: logits.span)
    #expect(abs(found.logarithm - (1001 + log(1 + exp(-1)))) < 1e-12)
  }
}
