import ArrayFiles
import Testing

/// Oracle: IEEE 754's rounding to nearest, ties to even.
@Suite struct RoundedContentsTests {
  private func patterns(_ values: [Double]) throws -> [UInt16] {
    let bytes = try ArrayContents(values, as: .float16, shape: [values.count]).bytes
    return stride(from: 0, to: bytes.count, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }

  /// Every finite number that float16 has, as the reader of NumPy's golden files sees it.
  private func halves() throws -> [Double] {
    let patterns = Array(UInt16(0)..<0x7C00)
    let contents = try ArrayContents(float16BitPatterns: patterns, shape: [patterns.count])
    let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (\(patterns.count),), }\n"
    return try ArrayFile.decode(npy(header, payload: contents.bytes), path: "x").doubles()
  }

  @Test func everyFloat16IsItself() throws {
    let halves = try halves()
    #expect(try patterns(halves) == Array(0..<0x7C00))
    #expect(try patterns(halves.map { -$0 }) == Array(0x8000..<0xFC00))
  }

  @Test func betweenTwoTheNearerAndOfEquallyNearTheEvenIsTaken() throws {
    let halves = try halves()
    for (low, high) in zip(halves, halves.dropFirst()).enumerated().filter({ $0.offset % 7 == 0 })
      .map(\.element)
    {
      let middle = (low + high) / 2
      let found = try patterns([middle.nextDown, middle, middle.nextUp])
      let lower = try patterns([low])[0]
      #expect(found == [lower, lower + lower % 2, lower + 1])
    }
    #expect(try patterns([65519.999]) == [0x7BFF])
    #expect(try patterns([0x1p-1074, -0x1p-1074]) == [0, 0x8000])
  }

  @Test func numbersBeyondATypeAreRefused() throws {
    let cases: [(Double, ElementType)] = [
      (65520, .float16), (-1e6, .float16), (3.5e38, .float32), (.nan, .float16), (.nan, .float64),
      (.infinity, .float32), (1, .int32), (1, .bfloat16),
    ]
    for (value, type) in cases {
      #expect(throws: ArrayFileError.self) { try ArrayContents([0, value], as: type, shape: [2]) }
    }
    #expect(
      try ArrayContents([0.1], as: .float32, shape: [1]) == ArrayContents([Float(0.1)], shape: [1]))
    #expect(try ArrayContents([0.1], as: .float64, shape: [1]) == ArrayContents([0.1], shape: [1]))
  }
}
