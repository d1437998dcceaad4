import LinearAlgebra
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Oracle: the same function in `Double`.
@Suite struct ElementwiseTests {
  /// Every 9973rd float up to a magnitude, by bit pattern, in both signs.
  static func sweep(to magnitude: Float) -> [Float] {
    stride(from: UInt32(0), through: magnitude.bitPattern, by: 9973).flatMap {
      [Float(bitPattern: $0), -Float(bitPattern: $0)]
    }
  }

  /// The distance in units of the last place of the true value, as a float.
  static func distanceInULP(_ value: Float, from truth: Double) -> Double {
    let rounded = Float(truth)
    guard rounded.isFinite else { return value == rounded ? 0 : .infinity }
    let unit = max(Double(rounded.ulp), Double(Float.leastNonzeroMagnitude))
    return abs(Double(value) - truth) / unit
  }

  static func exponential(_ values: [Float], form: KernelForm = .automatic) -> [Float] {
    var results = values
    var span = results.mutableSpan
    Elementwise.exponential(&span, form: form)
    return results
  }

  static func sigmoid(_ values: [Float], form: KernelForm = .automatic) -> [Float] {
    var results = values
    var span = results.mutableSpan
    Elementwise.sigmoid(&span, form: form)
    return results
  }

  @Test(arguments: [KernelForm.automatic, .portable])
  func exponentialIsWithinTwoULP(form: KernelForm) {
    let arguments = Self.sweep(to: 110)
    let distances = zip(arguments, Self.exponential(arguments, form: form)).map {
      Self.distanceInULP($1, from: exp(Double($0)))
    }
    #expect(distances.max() ?? .infinity <= 2)
  }

  @Test(arguments: [KernelForm.automatic, .portable])
  func sigmoidIsWithinFourULP(form: KernelForm) {
    let arguments = Self.sweep(to: 110)
    let distances = zip(arguments, Self.sigmoid(arguments, form: form)).map {
      Self.distanceInULP($1, from: 1 / (1 + exp(-Double($0))))
    }
    #expect(distances.max() ?? .infinity <= 4)
  }

  @Test(arguments: [KernelForm.automatic, .portable])
  func extremesSaturateAndNaNStays(form: KernelForm) {
    let extremes: [Float] = [
      .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0, -0,
    ]
    #expect(Self.sigmoid(extremes, form: form) == [1, 0, 1, 0, 0.5, 0.5])
    #expect(Self.exponential(extremes, form: form) == [.infinity, 0, .infinity, 0, 1, 1])
    #expect(Self.sigmoid([.nan], form: form)[0].isNaN)
    #expect(Self.exponential([.nan], form: form)[0].isNaN)
  }

  @Test func portableAndProcessorFormsAgreeWithinTwoULP() {
    let arguments = Self.sweep(to: 110)
    for (fast, portable) in zip(
      Self.sigmoid(arguments), Self.sigmoid(arguments, form: .portable))
    {
      #expect(abs(Int64(fast.bitPattern) - Int64(portable.bitPattern)) <= 2)
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 100])
  func aSpanOfAnyLengthIsDoneWhole(count: Int) {
    let arguments = (0..<count).map { Float($0) / 8 - 3 }
    let single = arguments.map { Self.sigmoid([$0])[0] }
    #expect(zip(Self.sigmoid(arguments), single).allSatisfy { abs($0 - $1) <= 2 * $1.ulp })
  }

  @Test func sigmoidOfOppositesAddsToOne() {
    let arguments = Self.sweep(to: 20)
    let values = Self.sigmoid(arguments)
    for pair in stride(from: 0, to: values.count, by: 2) {
      #expect(abs(values[pair] + values[pair + 1] - 1) <= 2 * Float.ulpOfOne)
    }
  }
}
